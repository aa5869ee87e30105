"""Errors a user can cause, each one sentence: what, where, expected, got, what to do."""


class CounterweightError(Exception):
    """Base of every error raised on purpose by the engine."""


class UserError(CounterweightError):
    """The user's mistake: exit code 2 on the command line, a red box in the browser.

    Parameters
    ----------
    message : str
        One sentence that names the thing, what was expected and what came.
    hint : str, optional
        What to do about it, as a sentence of its own.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}".strip())


class InvalidParams(UserError):
    """A parameter is unknown or outside its declared range."""


class NotApplicable(UserError):
    """This augmenter cannot work on this data, with a reason a user understands."""


class NotFitted(CounterweightError):
    """`augment` was called before `fit`."""


class Cancelled(CounterweightError):
    """The user stopped the work; nothing half-made is left behind."""
