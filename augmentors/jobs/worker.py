"""The process of one job: `python -m augmentors.jobs.worker FOLDER`."""

import importlib
import resource
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

from augmentors.core.errors import Cancelled, CounterweightError
from augmentors.core.job import Job
from augmentors.jobs.state import JobState, hold_lock, load_state, write_state

WRITE_EVERY_S = 0.2
ETA_AFTER_S = 2.0


class FolderJob(Job):
    """A job that reports into its folder and stops when a file ``cancel`` appears there."""

    def __init__(self, folder: Path, state: JobState) -> None:
        self._folder, self.state = folder, state
        self._written = 0.0
        self._began = time.monotonic()
        self._first = 0.0

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        """Write the state at most five times a second."""
        done = max(self.state.fraction, min(max(fraction, 0.0), 1.0))
        elapsed = time.monotonic() - self._began
        moved = done - self._first
        eta = elapsed * (1 - done) / moved if elapsed > ETA_AFTER_S and moved > 0.01 else None
        self.state = replace(
            self.state,
            fraction=done,
            message=message or self.state.message,
            counts=self.state.counts | counts,
            eta_s=eta,
        )
        if time.monotonic() - self._written > WRITE_EVERY_S:
            self._written = time.monotonic()
            write_state(self._folder, self.state)

    def check(self) -> None:
        """Raise `Cancelled` once the file ``cancel`` is there."""
        if (self._folder / "cancel").exists():
            raise Cancelled("Cancelled.")


def run(folder: Path) -> None:
    """Run the job of a folder to its end and write how it went."""
    state = load_state(folder)
    if state is None:
        raise SystemExit(f"{folder} holds no job")
    lock = hold_lock(folder)
    if (folder / "cancel").exists():  # cancelled while this process was starting
        write_state(folder, replace(state, status="cancelled", message="Cancelled.", finished=time.time()))
        lock.close()
        return
    limit_memory(state.memory_mb)
    state = replace(state, status="running", started=time.time(), fraction=0.0)
    write_state(folder, state)
    job = FolderJob(folder, state)
    try:
        module, _, name = state.function.partition(":")
        result = getattr(importlib.import_module(module), name)(state.arguments, job, folder)
        end = replace(job.state, status="done", fraction=1.0, result=result, message="Done.")
    except Cancelled:
        end = replace(job.state, status="cancelled", message="Cancelled.")
    except CounterweightError as error:
        end = replace(job.state, status="failed", error=str(error), message="Stopped.")
    except MemoryError:
        advice = "It needed more memory than it may use; try fewer samples or a smaller dataset."
        end = replace(job.state, status="failed", error=advice, message="Stopped.")
    except Exception as error:
        traceback.print_exc()  # into log.txt, for developers; people see one sentence
        sentence = f"Something went wrong that should not: {type(error).__name__}. Details are in the job's log."
        end = replace(job.state, status="failed", error=sentence, message="Stopped.")
    write_state(folder, replace(end, eta_s=None, finished=time.time()))
    lock.close()


def limit_memory(megabytes: int | None) -> None:
    """Bound the data this process may allocate, so that it fails before the machine does."""
    if megabytes is None:
        pages = int(Path("/proc/meminfo").read_text().split()[1]) if Path("/proc/meminfo").exists() else 0
        megabytes = int(pages / 1024 * 0.8)
    if megabytes:
        size = megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
