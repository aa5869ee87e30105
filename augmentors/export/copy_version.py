"""Copies a version into a folder of the user's choice: whole or not at all, never over something else."""

import secrets
import shutil
from pathlib import Path
from typing import Any

from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.export.manifest import MANIFEST
from augmentors.export.version import refuse_other_content
from augmentors.store import Workspace, disk_errors


def copy_version(version: Path, out: Path, job: Job = NO_JOB) -> int:
    """Copy a version's folder and return the number of files.

    Raises
    ------
    UserError
        When `out` is not an absolute path in an existing folder, holds
        something that is not an earlier export, or cannot be written.
    """
    check_place(out)
    files = sorted(path for path in version.rglob("*") if path.is_file())
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        with disk_errors("The folder"):
            for i, path in enumerate(files):
                job.check()
                place = draft / path.relative_to(version)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
                job.progress((i + 1) / len(files), f"Copying {i + 1:,} of {len(files):,} files")
            _put(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return len(files)


def check_place(out: Path) -> None:
    """Raise UserError unless a version may be written to this folder."""
    if not out.is_absolute():
        raise UserError(f"'{out}' is not a full path.", "Begin at the root, such as /home/me/balanced.")
    if not out.parent.is_dir():
        raise UserError(f"There is no folder '{out.parent}' on this machine.", "Make it first, or choose another.")
    refuse_other_content(out)


def copy_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Copy a version of a workspace, as a job.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``version_id``, ``out`` (a full path on this machine).
    """
    version = Workspace.open(arguments["workspace"]).version_path(arguments["version_id"])
    if not (version / MANIFEST).exists():
        raise UserError("This workspace has no such version.", "Run the plan again.")
    files = copy_version(version, Path(arguments["out"]), job)
    return {"out": arguments["out"], "files": files}


def _put(draft: Path, out: Path) -> None:
    """Rename into place; an earlier export gives way only now."""
    if out.exists():
        old = out.with_name(f".{out.name}.old.{secrets.token_hex(4)}")
        out.rename(old)
        draft.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.rename(out)
