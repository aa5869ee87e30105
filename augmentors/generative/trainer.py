"""The training loop: a number of steps, and callbacks that watch them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from augmentors.core.errors import CounterweightError
from augmentors.core.job import Job


class Callback:
    """Is told what a training loop does; every hook does nothing here."""

    def begin(self, steps: int) -> None:
        """Before the first of `steps` steps."""

    def step(self, done: int, loss: float) -> None:
        """After each step; `done` counts from 1."""

    def end(self) -> None:
        """After the last step; not called when the loop is broken off."""


def fit_loop(step: Callable[[int], float], steps: int, callbacks: Sequence[Callback] = ()) -> None:
    """Run a number of training steps.

    The number is fixed before the first one and never depends on a clock, so
    that the same recipe gives the same weights on any machine.

    Parameters
    ----------
    step : callable
        Does the step of this number (from 0) and returns its loss.
    steps : int
    callbacks : sequence of Callback
        Asked in this order.

    Raises
    ------
    CounterweightError
        When the loss is no number any more.

    Examples
    --------
    >>> history = History(every=1)
    >>> fit_loop(lambda i: 1 / (i + 1), 2, [history])
    >>> history.losses
    [(1, 1.0), (2, 0.5)]
    """
    for callback in callbacks:
        callback.begin(steps)
    for i in range(steps):
        loss = step(i)
        if not math.isfinite(loss):
            raise CounterweightError(
                f"The training diverged at step {i + 1:,} of {steps:,}: its loss is {loss}.",
                "Lower the learning rate.",
            )
        for callback in callbacks:
            callback.step(i + 1, loss)
    for callback in callbacks:
        callback.end()


class Cancel(Callback):
    """Stops the loop when the user asked for it."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def begin(self, steps: int) -> None:
        self._job.check()

    def step(self, done: int, loss: float) -> None:
        self._job.check()


class Progress(Callback):
    """Tells a job how far the training is."""

    def __init__(self, job: Job, title: str) -> None:
        self._job, self._title, self._steps = job, title, 1

    def begin(self, steps: int) -> None:
        self._steps = steps

    def step(self, done: int, loss: float) -> None:
        if done % 10 == 0 or done == self._steps:
            message = f"{self._title}: step {done:,} of {self._steps:,}, loss {loss:.3f}"
            self._job.progress(done / self._steps, message)


class History(Callback):
    """Keeps the mean loss of every few steps.

    Parameters
    ----------
    every : int

    Attributes
    ----------
    losses : list of (int, float)
        Steps done, mean loss since the entry before.
    """

    def __init__(self, every: int = 50) -> None:
        self.losses: list[tuple[int, float]] = []
        self._every, self._recent = every, list[float]()
        self._done = 0

    def step(self, done: int, loss: float) -> None:
        self._done = done
        self._recent.append(loss)
        if len(self._recent) == self._every:
            self._close()

    def end(self) -> None:
        if self._recent:
            self._close()

    def _close(self) -> None:
        self.losses.append((self._done, sum(self._recent) / len(self._recent)))
        self._recent = []


class Checkpoint(Callback):
    """Keeps the weights that were best on what was not trained on, and puts them back at the end.

    Parameters
    ----------
    measure : callable
        Returns the error; lower is better. The first of equal ones wins.
    take, put : callable
        Take a copy of the weights; put one back.
    every : int
        Steps between two measurements; the last step is measured too.

    Attributes
    ----------
    best : float
    at : int
        Steps done when the best weights were taken.
    """

    def __init__(
        self, measure: Callable[[], float], take: Callable[[], Any], put: Callable[[Any], None], every: int
    ) -> None:
        self._measure, self._take, self._put, self._every = measure, take, put, every
        self.best, self.at = math.inf, 0
        self._kept: Any = None

    def begin(self, steps: int) -> None:
        self._steps = steps

    def step(self, done: int, loss: float) -> None:
        if done % self._every and done != self._steps:
            return
        error = self._measure()
        if error < self.best:
            self.best, self.at, self._kept = error, done, self._take()

    def end(self) -> None:
        if self._kept is not None:
            self._put(self._kept)


def warm_cosine(done: int, steps: int, warm: int = 50) -> float:
    """Return the share of the learning rate at a step: a short rise, then half a cosine down to 0.

    Examples
    --------
    >>> [round(warm_cosine(i, 200), 2) for i in (0, 49, 100, 199)]
    [0.02, 0.86, 0.5, 0.0]
    """
    rise = min(1.0, (done + 1) / min(warm, max(steps // 4, 1)))
    return rise * 0.5 * (1 + math.cos(math.pi * done / steps))
