import os
import signal

import pytest

from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.executors import cpu_count, run_in_order


def scale(shared: int, task: int) -> tuple[int, int]:
    return shared * task, os.getpid()


def die(shared: None, task: int) -> int:
    if task == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def fail(shared: None, task: int) -> int:
    raise UserError("This block cannot be made.")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    results = list(run_in_order(scale, 3, range(20), workers))
    assert [value for value, _ in results] == [3 * i for i in range(20)]
    others = {pid for _, pid in results} - {os.getpid()}
    assert bool(others) == (workers == 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_of_the_work_come_through(workers: int) -> None:
    with pytest.raises(UserError, match="cannot be made"):
        list(run_in_order(fail, None, [1, 2], workers))


def test_a_worker_ended_from_outside_is_a_sentence() -> None:
    with pytest.raises(UserError, match="worker process was ended from outside"):
        list(run_in_order(die, None, [0, 1, 2], 2))


class Cancelling(Job):
    def check(self) -> None:
        raise Cancelled("Cancelled.")


@pytest.mark.parametrize("workers", [1, 2])
def test_cancel_is_heard_between_results(workers: int) -> None:
    with pytest.raises(Cancelled):
        list(run_in_order(scale, 1, range(5), workers, Cancelling()))


def test_there_is_at_least_one_processor() -> None:
    assert cpu_count() >= 1
