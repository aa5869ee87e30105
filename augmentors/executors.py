"""Where blocks run: this process or a pool of processes; results come in order."""

import mmap
import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any, Generic, Self, TypeVar

from augmentors.core.errors import CounterweightError, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.interrupt import adopt_orphans, sigint_kept_from_children

T = TypeVar("T")
R = TypeVar("R")
AHEAD = 3
PR_SET_PDEATHSIG = 1
POLL_S = 0.2
# Where arrays begin in the file that workers map.
ALIGNED = 64

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
        Written to a file once; its arrays are pages of that file, which all workers map.
    workers : int
        1 runs in this process.
    """

    def __init__(self, function: Callable[[Any, T], R], shared: Any, workers: int) -> None:
        self._function, self._shared, self._workers = function, shared, workers
        self._pool: Any = None
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None
        if self._file is not None:
            self._file.close()
            self._file = None

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

    def as_ready(self, tasks: deque[T], job: Job = NO_JOB) -> Iterator[tuple[T, R]]:
        """Yield each task with its result, those first that are done first.

        Parameters
        ----------
        tasks : deque
            Taken from its left end until it is empty; the caller may add more while results come.
        job : Job
            Checked between tasks and while waiting.

        Raises
        ------
        UserError
            As `run` does.
        """
        if self._workers <= 1:
            while tasks:
                job.check()
                task = tasks.popleft()
                yield task, self._function(self._shared, task)
            return
        pool = self._started()
        waiting: dict[Any, T] = {}
        with _ended_from_outside():
            while tasks or waiting:
                # One more than there are workers, so that none has to wait for this process.
                while tasks and len(waiting) <= self._workers:
                    task = tasks.popleft()
                    waiting[pool.schedule(_call, args=(self._function, task))] = task
                done, _ = wait(waiting, POLL_S, FIRST_COMPLETED)
                job.check()
                for future in done:
                    yield waiting.pop(future), _wait(future, job)

    def _run_in_pool(self, tasks: Sequence[T], job: Job) -> Iterator[R]:
        pool = self._started()
        waiting: deque[Any] = deque()
        remaining = iter(tasks)
        with _ended_from_outside():
            while True:
                while len(waiting) < self._workers * AHEAD and (task := next(remaining, None)) is not None:
                    waiting.append(pool.schedule(_call, args=(self._function, task)))
                if not waiting:
                    return
                yield _wait(waiting[0], job)
                waiting.popleft()

    def _started(self) -> Any:
        if self._pool is None:
            from pebble import CONSTS, ProcessPool

            CONSTS.term_timeout = 0.5  # a block in C code does not hear SIGTERM; SIGKILL follows
            # forkserver: no inherited threads or locks of torch and BLAS.
            context = multiprocessing.get_context("forkserver")
            self._file, path = _nameless_file()
            write_shared(self._file, self._shared)
            pool = ProcessPool(max_workers=self._workers, initializer=_receive, initargs=(path,), context=context)
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


@contextmanager
def _ended_from_outside() -> Iterator[None]:
    """Turn the end of a worker process into a sentence."""
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    try:
        yield
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


def _nameless_file() -> tuple[IO[bytes], Path]:
    """Return a file that is gone with this process, however that ends, and where other processes find it."""
    if sys.platform != "linux":
        named = NamedTemporaryFile(prefix="counterweight-")  # noqa: SIM115 - closed with the executor
        return named, Path(named.name)
    file = TemporaryFile()  # noqa: SIM115 - as above
    return file, Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")


def write_shared(out: IO[bytes], value: object) -> None:
    """Write an object for other processes, its arrays apart from the rest."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    raw: list[Any] = [buffer.raw() for buffer in buffers]
    for part in (pickle.dumps((len(body), [part.nbytes for part in raw])), body, *raw):
        out.write(part)
        out.write(b"\0" * (-out.tell() % ALIGNED))
    out.flush()


def read_shared(file: Path) -> Any:
    """Return what `write_shared` wrote; arrays are pages of the file, copied only when they are written to."""
    with file.open("rb") as handle:
        size, sizes = pickle.load(handle)
        begin = handle.tell()
        pages = memoryview(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_COPY))
    parts = []
    for length in (size, *sizes):
        begin += -begin % ALIGNED
        parts.append(pages[begin : begin + length])
        begin += length
    return pickle.loads(parts[0], buffers=parts[1:])


def _receive(file: Path) -> None:
    global _shared
    _end_with_parent()
    _shared = read_shared(file)
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
