"""Start, watch, stop and resume jobs."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from augmentors.core.errors import UserError
from augmentors.jobs.state import JobState, is_alive, load_state, settled, write_state
from augmentors.store import disk_errors

POLITE_S = 1.0

_started: list[subprocess.Popen[bytes]] = []


def submit(
    jobs_dir: Path,
    function: str,
    arguments: dict[str, Any],
    *,
    title: str,
    kind: str,
    memory_mb: int | None = None,
) -> str:
    """Start a job in a process of its own and return its id.

    Parameters
    ----------
    jobs_dir : Path
    function : str
        ``module:name`` of a callable of the engine, called as
        ``f(arguments, job, folder) -> dict``.
    arguments : dict
        JSON-able.
    title, kind : str
        Shown to people; groups jobs.
    memory_mb : int, optional
        Limit on the process's data; by default four fifths of the machine's memory.
    """
    job_id = f"{kind}-{secrets.token_hex(5)}"
    folder = jobs_dir / job_id
    with disk_errors("The job"):
        folder.mkdir(parents=True)
        state = JobState(job_id, title, kind, function, arguments, submitted=time.time(), memory_mb=memory_mb)
        write_state(folder, state)
    _start(folder)
    return job_id


def read_state(jobs_dir: Path, job_id: str) -> JobState:
    """Return the state of a job.

    Raises
    ------
    UserError
        When there is no such job.
    """
    folder = jobs_dir / job_id
    state = load_state(folder)
    if state is None:
        raise UserError(f"There is no job '{job_id}' in this workspace.")
    return settled(folder, state)


def list_jobs(jobs_dir: Path) -> list[JobState]:
    """Return all jobs, newest first."""
    states = [(folder, load_state(folder)) for folder in jobs_dir.iterdir()] if jobs_dir.exists() else []
    known = [settled(folder, state) for folder, state in states if state is not None]
    return sorted(known, key=lambda state: -state.submitted)


def cancel(jobs_dir: Path, job_id: str) -> JobState:
    """Stop a job: ask, then end its process group after a second; finished blocks stay."""
    folder = jobs_dir / job_id
    state = read_state(jobs_dir, job_id)
    if not state.active:
        return state
    (folder / "cancel").touch()
    deadline = time.monotonic() + POLITE_S
    while time.monotonic() < deadline and is_alive(folder):
        time.sleep(0.05)
    if is_alive(folder):
        _kill_group(folder)
    state = load_state(folder) or state
    if state.active:
        state = replace(state, status="cancelled", message="Cancelled.", eta_s=None, finished=time.time())
        write_state(folder, state)
    return state


def resume(jobs_dir: Path, job_id: str) -> JobState:
    """Start a stopped job again in the same folder; the work reuses what it finds there."""
    folder = jobs_dir / job_id
    state = read_state(jobs_dir, job_id)
    if state.active:
        return state
    (folder / "cancel").unlink(missing_ok=True)
    state = replace(
        state,
        status="queued",
        message="",
        error=None,
        result=None,
        finished=None,
        eta_s=None,
        submitted=time.time(),
    )
    write_state(folder, state)
    _start(folder)
    return state


def _start(folder: Path) -> None:
    """Run the worker in its own session, so it outlives this server and dies as a group."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    # Kept and polled, so that ended jobs are reaped; their state is on disk, not in this handle.
    _started[:] = [process for process in _started if process.poll() is None]
    with (folder / "log.txt").open("ab") as log:
        _started.append(
            subprocess.Popen(
                [sys.executable, "-m", "augmentors.jobs.worker", str(folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment,
            )
        )


def _kill_group(folder: Path) -> None:
    try:
        pid = int((folder / "lock").read_text())
    except (OSError, ValueError):
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + 0.5
    while time.monotonic() < deadline and is_alive(folder):
        time.sleep(0.02)
