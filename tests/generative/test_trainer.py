"""The training loop: fixed steps, callbacks in order, the best weights put back."""

import math

import pytest

from augmentors.core.errors import Cancelled, CounterweightError
from augmentors.core.job import Job
from augmentors.generative.trainer import Callback, Cancel, Checkpoint, History, Progress, fit_loop, warm_cosine


class Told(Callback):
    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def begin(self, steps: int) -> None:
        self.log.append(f"{self.name} begin {steps}")

    def step(self, done: int, loss: float) -> None:
        self.log.append(f"{self.name} {done} {loss:g}")

    def end(self) -> None:
        self.log.append(f"{self.name} end")


def test_callbacks_are_told_in_order() -> None:
    log: list[str] = []
    fit_loop(lambda i: float(i), 2, [Told("a", log), Told("b", log)])
    assert log == ["a begin 2", "b begin 2", "a 1 0", "b 1 0", "a 2 1", "b 2 1", "a end", "b end"]


def test_history_keeps_means_and_the_rest() -> None:
    history = History(every=2)
    fit_loop(lambda i: float(i), 5, [history])
    assert history.losses == [(2, 0.5), (4, 2.5), (5, 4.0)]


def test_the_best_weights_are_put_back() -> None:
    state = {"w": 0}
    errors = {1: 5.0, 2: 1.0, 3: 1.0, 4: 9.0}

    def step(i: int) -> float:
        state["w"] = i + 1
        return 0.0

    best = Checkpoint(lambda: errors[state["w"]], lambda: dict(state), state.update, every=1)
    fit_loop(step, 4, [best])
    assert (state["w"], best.at, best.best) == (2, 2, 1.0)


def test_the_last_step_is_measured_too() -> None:
    measured: list[int] = []
    at = {"step": 0}

    def step(i: int) -> float:
        at["step"] = i + 1
        return 0.0

    def measure() -> float:
        measured.append(at["step"])
        return 0.0

    fit_loop(step, 7, [Checkpoint(measure, dict, lambda kept: None, every=3)])
    assert measured == [3, 6, 7]


def test_a_cancelled_loop_stops_after_the_step_it_is_in() -> None:
    class Stop(Job):
        left = 3

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled("stopped")

    done: list[int] = []
    with pytest.raises(Cancelled):
        fit_loop(lambda i: done.append(i) or 0.0, 100, [Cancel(Stop())])
    assert done == [0, 1, 2]


def test_progress_ends_at_one() -> None:
    told: list[tuple[float, str]] = []

    class Listen(Job):
        def progress(self, fraction: float, message: str = "", **counts: object) -> None:
            told.append((fraction, message))

    fit_loop(lambda i: 0.25, 25, [Progress(Listen(), "Training")])
    assert told == [
        (0.4, "Training: step 10 of 25, loss 0.250"),
        (0.8, "Training: step 20 of 25, loss 0.250"),
        (1.0, "Training: step 25 of 25, loss 0.250"),
    ]


def test_a_loss_that_is_no_number_ends_it_with_advice() -> None:
    with pytest.raises(CounterweightError, match=r"diverged at step 2 of 9.*Lower the learning rate"):
        fit_loop(lambda i: math.nan if i else 1.0, 9)


def test_the_learning_rate_rises_then_falls_to_nothing() -> None:
    shares = [warm_cosine(i, 400) for i in range(400)]
    top = shares.index(max(shares))
    assert shares[:top] == sorted(shares[:top]) and shares[top:] == sorted(shares[top:], reverse=True)
    assert top == 49 and shares[-1] < 1e-4
    assert warm_cosine(0, 1) == 1.0
