"""Uploads do not stay for ever: what has been read is kept as a dataset, the file itself goes after a day.

Nor do the finished fits of comparisons: what no comparison has used for a week is trained again when it is needed;
encoders learnt without labels stay a month after they were last used.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from augmentors import jobs
from augmentors.selfsup.kept import left_over
from augmentors.store import TOKEN, Workspace, home

DRAFT_NOTE = "start"
UPLOAD_KEPT_S = 24 * 3600.0
# A file that is being set up on the Start page waits longer for its user to come back.
DRAFT_KEPT_S = 7 * 24 * 3600.0
FIT_KEPT_S = 7 * 24 * 3600.0
ENCODER_KEPT_S = 30 * 24 * 3600.0
EVERY_S = 3600.0


def sweep(now: float | None = None) -> list[Path]:
    """Remove old uploads and what broken-off readings left; return what was removed.

    An upload goes a day after it came, one that the Start page still shows
    after a week, and none while a job reads it; a finished fit goes a week
    after it was last used. Datasets, splits and versions are never touched.

    Parameters
    ----------
    now : float, optional
        Seconds since 1970; the present when left out.
    """
    now = time.time() if now is None else now
    removed = []
    for folder in sorted((home() / "workspaces").glob("*")):
        if not TOKEN.fullmatch(folder.name):
            continue
        for old in _left_over(Workspace(folder.name), now):
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink(missing_ok=True)
            if not old.exists():
                removed.append(old)
    return removed


def start_sweeping() -> threading.Thread:
    """Sweep now and every hour, beside whatever else this process does."""
    thread = threading.Thread(target=_for_ever, name="sweep", daemon=True)
    thread.start()
    return thread


def _for_ever() -> None:
    while True:
        sweep()
        time.sleep(EVERY_S)


def _left_over(workspace: Workspace, now: float) -> Iterator[Path]:
    states = jobs.list_jobs(workspace.jobs_dir)
    read_now = {_upload(workspace, job.arguments.get("source")) for job in states if job.active}
    shown = _upload(workspace, (workspace.read_note(DRAFT_NOTE) or {}).get("source"))
    for folder in sorted((workspace.path / "uploads").glob("*")):
        kept = DRAFT_KEPT_S if folder == shown else UPLOAD_KEPT_S
        if folder not in read_now and now - folder.stat().st_mtime > kept:
            yield folder
    for job in states:
        # Images that were unpacked and then moved into a dataset, or never were.
        unpacked = workspace.jobs_dir / job.id / "files"
        if not job.active and unpacked.exists() and now - unpacked.stat().st_mtime > UPLOAD_KEPT_S:
            yield unpacked
    yield from left_over(workspace.encoders_dir, now, UPLOAD_KEPT_S, ENCODER_KEPT_S)
    for fit in sorted(workspace.fits_dir.glob("*")):
        with suppress(FileNotFoundError):  # a draft that has got its name
            if now - fit.stat().st_mtime > FIT_KEPT_S:
                yield fit


def _upload(workspace: Workspace, source: dict[str, str] | None) -> Path | None:
    """Return the folder of the upload that a draft or a job names."""
    return (workspace.path / source["upload"]).parent if source and "upload" in source else None
