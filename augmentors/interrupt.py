"""SIGINT and SIGTERM: one line, a fixed exit code, no process and no half-written folder left, within two seconds.

Needs nothing but the standard library, so that the handlers stand before anything heavy is imported.
"""

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

# How long the main thread may take to unwind by itself; code that does not return to Python never would.
GRACE_S = 1.2
PR_SET_CHILD_SUBREAPER = 36
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """A signal asked this process to end; no library mistakes it for an error, or for its own KeyboardInterrupt."""


_received: list[int] = []
_disposable: set[Path] = set()
_installed: list[bool] = []
_said = threading.Lock()


def install() -> None:
    """Take over both signals for this process; call it on the main thread, first of all."""
    _installed.append(True)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading,), daemon=True).start()
    for number in SIGNALS:
        signal.signal(number, _on_signal)


def retire() -> None:
    """Ignore both signals from now on: the work is done."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def heard() -> Iterator[None]:
    """End the process with one line when work inside broke off after a signal, whatever error that surfaced as."""
    try:
        yield
    except BaseException:
        if not _received:
            raise
        _say()
        sys.exit(_exit_code())


@contextlib.contextmanager
def disposable(folder: Path) -> Iterator[Path]:
    """Remove a folder at the end of the block, and also when the process has to end in the middle of it."""
    _disposable.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _disposable.discard(folder)


@contextlib.contextmanager
def sigint_kept_from_children() -> Iterator[None]:
    """Processes and threads started inside never see Ctrl-C of the terminal; this process ends them itself."""
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # starting later, it would lift the mask behind it
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def adopt_orphans() -> None:
    """Ask Linux that processes whose parent ends fall to this one, so that it finds them; for a command only."""
    if sys.platform == "linux" and _installed:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def descendants(pid: int) -> list[int]:
    """Return the living processes below one, parents first ([] where the system has no /proc)."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(stat.parent.name)] = int(parent)
    found, todo = [], [pid]
    while todo:
        above = todo.pop()
        below = [child for child, parent in parents.items() if parent == above]
        found += below
        todo += below
    return found


def _on_signal(number: int, frame: FrameType | None) -> None:
    if _received:  # a second signal must not break into the tidying up
        return
    _received.append(number)
    sys.unraisablehook = lambda unraisable: None  # raised within a __del__ it would be printed and lost
    # Workers first: nobody waits for what they do, and half-started ones must not complain.
    _end_children()
    raise Interrupted


def _watch(reading: int) -> None:
    """Wait for the first signal, then see to it that the process ends."""
    number = os.read(reading, 1)[0]
    while number not in SIGNALS:
        number = os.read(reading, 1)[0]
    time.sleep(GRACE_S)
    if not _received:
        _received.append(number)
    for folder in list(_disposable):
        shutil.rmtree(folder, ignore_errors=True)
    _end_children()
    _say()
    os._exit(_exit_code())


def _end_children() -> None:
    """End all processes below this one but multiprocessing's tracker, which tidies up and ends by itself."""
    for _ in range(5):  # one may just have been forked
        children = [child for child in descendants(os.getpid()) if not _is_tracker(child)]
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
        if not children:
            return


def _is_tracker(pid: int) -> bool:
    try:
        return b"resource_tracker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _say() -> None:
    if _said.acquire(blocking=False):
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        with contextlib.suppress(OSError):
            os.write(2, b"Cancelled.\n")


def _exit_code() -> int:
    return 128 + _received[0]
