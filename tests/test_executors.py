import os
import signal
from collections import deque
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.executors import Executor, cpu_count, read_shared, run_in_order, write_shared
from augmentors.testing import toy_table


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
def test_results_come_when_they_are_ready_and_tasks_may_be_added(workers: int) -> None:
    tasks, found = deque(range(10)), {}
    with Executor(scale, 3, workers) as executor:
        for task, (value, _) in executor.as_ready(tasks):
            found[task] = value
            if task < 10:
                tasks.append(10 + task)
    assert found == {i: 3 * i for i in range(20)} and not tasks


def hold(shared: str, task: int) -> int:
    """Task 0 ends only after all others have: each of them leaves a file."""
    folder = Path(shared)
    (folder / str(task)).touch()
    while task == 0 and len(list(folder.iterdir())) < 8:
        pass
    return task


def test_a_long_task_holds_up_nothing(tmp_path: Path) -> None:
    with Executor(hold, str(tmp_path), 2) as executor:
        order = [task for task, _ in executor.as_ready(deque(range(8)))]
    assert order[-1] == 0 and sorted(order) == list(range(8))


def test_what_is_shared_is_mapped_and_can_be_written_to(tmp_path: Path) -> None:
    table, numbers = toy_table({"a": 5, "b": 3}), np.arange(1000.0)
    file = tmp_path / "shared"
    with file.open("wb") as out:
        write_shared(out, (table, numbers, "words"))
    found, mapped, words = read_shared(file)
    pd.testing.assert_frame_equal(found.frame, table.frame)
    assert (mapped == numbers).all() and words == "words"
    assert not mapped.flags.owndata and mapped.ctypes.data % 64 == 0
    mapped[:] = 0  # a copy of this process alone
    assert (read_shared(file)[1] == numbers).all()


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
    with pytest.raises(Cancelled), Executor(scale, 1, workers) as executor:
        list(executor.as_ready(deque(range(5)), Cancelling()))


def test_there_is_at_least_one_processor() -> None:
    assert cpu_count() >= 1
