"""Where blocks run: this process or a pool of processes; results come in order."""

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any, Generic, Self, TypeVar

from augmentors.core.errors import CounterweightError, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.interrupt import adopt_orphans, sigint_kept_from_children

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 3
PR_SET_PDEATHSIG = 1
POLL_S = 0.2

_shared: Any = None


def cpu_count() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Executor(Generic[T, R]):
    """Runs ``function(shared, task)`` here or in processes that live until it is closed.

    Parameters
    ----------
    function : callable
        Importable (it travels to worker processes by name).
    shared : object
        Sent to each worker once.
    workers : int
        1 runs in this process.
    """

    def __init__(self, function: Callable[[Any, T], R], shared: Any, workers: int) -> None:
        self._function, self._shared, self._workers = function, shared, workers
        self._pool: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def run(self, tasks: Sequence[T], job: Job = NO_JOB) -> Iterator[R]:
        """Yield the results in the order of the tasks; the job is checked between them and while waiting.

        Raises
        ------
        UserError
            When a worker process was ended from outside, usually for memory.
        """
        if self._workers <= 1 or (len(tasks) <= 1 and self._pool is None):
            for task in tasks:
                job.check()
                yield self._function(self._shared, task)
            return
        yield from self._run_in_pool(tasks, job)

    def _run_in_pool(self, tasks: Sequence[T], job: Job) -> Iterator[R]:
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        pool = self._started()
        waiting: deque[Any] = deque()
        remaining = iter(tasks)
        try:
            while True:
                while len(waiting) < self._workers * AHEAD and (task := next(remaining, None)) is not None:
                    waiting.append(pool.schedule(_call, args=(self._function, task)))
                if not waiting:
                    return
                yield _wait(waiting[0], job)
                waiting.popleft()
        except ProcessExpired:
            raise UserError(
                "A worker process was ended from outside, most often because memory ran out.",
                "Run again with fewer workers.",
            ) from None
        except BrokenProcessPool:
            raise UserError(
                "Worker processes could not be started from this script.",
                "Guard its start by 'if __name__ == \"__main__\":' or use workers=1.",
            ) from None

    def _started(self) -> Any:
        if self._pool is None:
            from pebble import CONSTS, ProcessPool

            CONSTS.term_timeout = 0.5  # a block in C code does not hear SIGTERM; SIGKILL follows
            # forkserver: no inherited threads or locks of torch and BLAS.
            context = multiprocessing.get_context("forkserver")
            pool = ProcessPool(
                max_workers=self._workers, initializer=_receive, initargs=(self._shared,), context=context
            )
            self._pool = pool
            adopt_orphans()
            with sigint_kept_from_children():
                assert pool.active  # asking starts the processes
        return self._pool


def run_in_order(
    function: Callable[[Any, T], R], shared: Any, tasks: Sequence[T], workers: int, job: Job = NO_JOB
) -> Iterator[R]:
    """Yield ``function(shared, task)`` for each task, in order; see `Executor`."""
    with Executor(function, shared, min(workers, max(len(tasks), 1))) as executor:
        yield from executor.run(tasks, job)


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
    _end_with_parent()
    _shared = shared
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def _end_with_parent() -> None:
    """Ask Linux to end this worker when the process that started it ends, however that happens."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == 1:  # it was gone before the request was made
            os._exit(1)


def _call(function: Callable[[Any, T], R], task: T) -> R:
    return function(_shared, task)
