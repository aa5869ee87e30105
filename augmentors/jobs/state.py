"""What a job's folder says about it."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from augmentors.store import read_json, write_json

Status = Literal["queued", "running", "done", "failed", "cancelled", "interrupted"]
ACTIVE: tuple[Status, ...] = ("queued", "running")
START_GRACE_S = 60.0


@dataclass(frozen=True)
class JobState:
    """State of a job as shown to people.

    Parameters
    ----------
    id, title, kind : str
        `kind` groups jobs by what they do: ``prepare``, ``balance`` …
    status : {"queued", "running", "done", "failed", "cancelled", "interrupted"}
    fraction : float
        Done share in [0, 1].
    message : str
        What is being done, or how it ended.
    counts : dict
        Live counts reported by the work.
    eta_s : float or None
        Seconds left, once they can be told.
    started, finished : float or None
        Seconds since the epoch.
    error : str or None
        One sentence for people when it failed.
    result : dict or None
    function : str
    arguments : dict
    """

    id: str
    title: str
    kind: str
    function: str
    arguments: dict[str, Any]
    status: Status = "queued"
    fraction: float = 0.0
    message: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    eta_s: float | None = None
    submitted: float = 0.0
    started: float | None = None
    finished: float | None = None
    error: str | None = None
    result: dict[str, Any] | None = None
    memory_mb: int | None = None

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.status in ACTIVE


def state_path(folder: Path) -> Path:
    """Return the state file of a job's folder."""
    return folder / "state.json"


def write_state(folder: Path, state: JobState) -> None:
    """Write the state atomically."""
    write_json(state_path(folder), asdict(state))


def load_state(folder: Path) -> JobState | None:
    """Return the state as written, or None."""
    try:
        facts = read_json(state_path(folder))
    except json.JSONDecodeError:
        return None
    return JobState(**facts) if facts else None


def hold_lock(folder: Path) -> IO[str]:
    """Take the lock that says this job's process lives; freed by the system when it dies."""
    handle = (folder / "lock").open("w")
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def is_alive(folder: Path) -> bool:
    """Whether the job's process holds its lock."""
    path = folder / "lock"
    if not path.exists():
        return False
    with path.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def settled(folder: Path, state: JobState) -> JobState:
    """Return the state, or ``interrupted`` when its process is gone without a word."""
    if not state.active or is_alive(folder):
        return state
    if state.status == "queued" and time.time() - state.submitted < START_GRACE_S:
        return state
    fresh = load_state(folder) or state
    if not fresh.active:
        return fresh
    return replace(fresh, status="interrupted", message="Interrupted: its process ended before it was done.")
