"""Where blocks run: this process or a pool of processes; results come in order."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, TypeVar

from augmentors.core.errors import CounterweightError, UserError
from augmentors.core.job import NO_JOB, Job

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 3
POLL_S = 0.2

_shared: Any = None


def cpu_count() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_in_order(
    function: Callable[[Any, T], R], shared: Any, tasks: Sequence[T], workers: int, job: Job = NO_JOB
) -> Iterator[R]:
    """Yield ``function(shared, task)`` for each task, in the order of the tasks.

    Parameters
    ----------
    function : callable
        Importable (it travels to worker processes by name).
    shared : object
        Sent to each worker once.
    tasks : sequence
    workers : int
        1 runs in this process.
    job : Job
        Checked between results and while waiting.

    Raises
    ------
    UserError
        When a worker process was ended from outside, usually for memory.
    """
    if workers <= 1 or len(tasks) <= 1:
        for task in tasks:
            job.check()
            yield function(shared, task)
        return
    yield from _run_in_pool(function, shared, tasks, min(workers, len(tasks)), job)


def _run_in_pool(
    function: Callable[[Any, T], R], shared: Any, tasks: Sequence[T], workers: int, job: Job
) -> Iterator[R]:
    from pebble import ProcessExpired, ProcessPool

    # forkserver: no inherited threads or locks of torch and BLAS.
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPool(max_workers=workers, initializer=_receive, initargs=(shared,), context=context)
    waiting: deque[Any] = deque()
    remaining = iter(tasks)
    try:
        while True:
            while len(waiting) < workers * AHEAD and (task := next(remaining, None)) is not None:
                waiting.append(pool.schedule(_call, args=(function, task)))
            if not waiting:
                break
            yield _wait(waiting[0], job)
            waiting.popleft()
        pool.close()
    except ProcessExpired:
        raise UserError(
            "A worker process was ended from outside, most often because memory ran out.",
            "Run again with fewer workers.",
        ) from None
    finally:
        pool.stop()
        pool.join()


def _wait(future: Any, job: Job) -> Any:
    while True:
        job.check()
        try:
            return future.result(timeout=POLL_S)
        except (FutureTimeout, TimeoutError):
            if future.done():
                raise CounterweightError("A worker process timed out.") from None


def _receive(shared: Any) -> None:
    global _shared
    _shared = shared
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _call(function: Callable[[Any, T], R], task: T) -> R:
    return function(_shared, task)
