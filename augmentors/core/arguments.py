"""The arguments of public functions, checked against their annotations: a mistake is one sentence of our own."""

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from augmentors.core.augmenter import explain_invalid
from augmentors.core.errors import UserError

LONGEST_SHOWN = 80


def checked(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that raises UserError for arguments that do not fit, and takes text for a Path.

    Parameters
    ----------
    name : str
        The function's public name, for the sentence.
    function : callable
    """
    signature = inspect.signature(function)
    known = ", ".join(signature.parameters)

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise UserError(f"{name} was called wrongly: {error}.", f"Its parameters are: {known}.") from None
        for parameter, value in bound.arguments.items():
            hint = signature.parameters[parameter].annotation
            if isinstance(value, str) and hint is Path:
                bound.arguments[parameter] = Path(value)
            elif not fits(value, hint):
                shown = repr(value)
                shown = " ".join(shown.split()) if len(shown) <= LONGEST_SHOWN else f"a {type(value).__name__}"
                raise UserError(f"The '{parameter}' parameter of {name} must be {words(hint)}. Got {shown} instead.")
        try:
            return function(*bound.args, **bound.kwargs)
        except ValidationError as error:
            raise UserError(explain_invalid(name, error, list(signature.parameters))) from None

    return call


def fits(value: Any, hint: Any) -> bool:
    """Return whether a value is what an annotation says; True for annotations that are only text."""
    if hint is Any or isinstance(hint, str) or hint is inspect.Parameter.empty:
        return True
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is Literal:
        return isinstance(value, str | int) and value in inner
    if hint is None or hint is type(None):
        return value is None
    if origin is not None and isinstance(origin, type):
        return isinstance(value, origin) and _elements_fit(value, origin, inner)
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    return not isinstance(hint, type) or isinstance(value, hint)


def words(hint: Any) -> str:
    """Return an annotation as people read it.

    Examples
    --------
    >>> words(list[str] | None), words(Literal["stop", "skip"])
    ('list of str or None', "'stop' or 'skip'")
    """
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(words(one) for one in inner)
    if origin is Literal:
        return " or ".join(repr(one) for one in inner)
    if inner:
        return f"{origin.__name__ if origin else hint} of {' to '.join(words(one) for one in inner)}"
    return "None" if hint is type(None) else getattr(hint, "__name__", str(hint))


def _elements_fit(value: Any, origin: type, inner: tuple[Any, ...]) -> bool:
    if issubclass(origin, Mapping) and len(inner) == 2:
        return all(fits(key, inner[0]) and fits(item, inner[1]) for key, item in value.items())
    if issubclass(origin, Sequence) and len(inner) == 1:
        # Text is a sequence of letters, which nobody means.
        return not isinstance(value, str) and all(fits(item, inner[0]) for item in value)
    return True
