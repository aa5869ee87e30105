"""A file on its way in: what was uploaded, what the user said about it, and the jobs that read it.

Kept as a small note in the workspace, so that a reload or a restart of the
server finds it again.
"""

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from augmentors import jobs, prepare
from augmentors.ingest import Proposal, Sample, propose
from augmentors.jobs import JobState
from augmentors.store import Workspace, disk_errors
from augmentors.sweep import DRAFT_NOTE

NOTE = DRAFT_NOTE


@dataclass(frozen=True)
class Draft:
    """A file that was chosen and whose split is not fixed yet.

    Parameters
    ----------
    id : str
    name : str
        File name, as shown.
    source : dict
        ``{"sample": key}`` or ``{"upload": path inside the workspace}``.
    choices : dict
        What the user said, as of `ingest.load`; what is absent is guessed.
    read_with : dict or None
        The choices the reading job was started with.
    read_job, fix_job : str or None
    """

    id: str
    name: str
    source: dict[str, str]
    choices: dict[str, Any] = field(default_factory=dict)
    read_with: dict[str, Any] | None = None
    read_job: str | None = None
    fix_job: str | None = None

    @property
    def is_read_as_chosen(self) -> bool:
        """Whether the reading job used what is chosen now."""
        return self.read_job is not None and self.read_with == self.choices


def current(workspace: Workspace) -> Draft | None:
    """Return the draft of a workspace."""
    kept = workspace.read_note(NOTE)
    return Draft(**kept) if kept else None


def keep(workspace: Workspace, draft: Draft) -> Draft:
    """Write a draft down and return it."""
    workspace.write_note(NOTE, asdict(draft))
    return draft


def close(workspace: Workspace) -> None:
    """Forget the draft; whatever was read stays in the workspace."""
    workspace.write_note(NOTE, {})


def from_sample(workspace: Workspace, sample: Sample) -> Draft:
    """Begin with a built-in sample and start reading it."""
    choices = {key: value for key, value in (("label", sample.label), ("text", sample.text)) if value}
    return read(workspace, Draft(secrets.token_hex(4), sample.path.name, {"sample": sample.key}, choices))


def from_upload(workspace: Workspace, upload: Any) -> Draft:
    """Move an upload to disk, free the memory it took and start reading it."""
    name, source = to_disk(workspace, upload)
    return read(workspace, Draft(secrets.token_hex(4), name, source))


def to_disk(workspace: Workspace, upload: Any) -> tuple[str, dict[str, str]]:
    """Move an upload to disk and free the memory it took; return its name and where it lies."""
    name = Path(upload.name.replace("\\", "/")).name[-200:].lstrip(".") or "data"
    folder = workspace.upload_dir()
    with disk_errors("The upload"), (folder / name).open("wb") as file:
        upload.seek(0)
        shutil.copyfileobj(upload, file, 1 << 20)
    _free(upload)
    return name, {"upload": str((folder / name).relative_to(workspace.path))}


def read(workspace: Workspace, draft: Draft) -> Draft:
    """Start the job that reads the file with the choices made so far."""
    job_id = jobs.submit(
        workspace.jobs_dir,
        "augmentors.prepare:prepare_job",
        _arguments(workspace, draft),
        title=f"Reading {draft.name}",
        kind="read",
    )
    return keep(workspace, replace(draft, read_job=job_id, read_with=draft.choices, fix_job=None))


def reopen(workspace: Workspace, dataset_id: str) -> Draft | None:
    """Go on with a dataset that was read but whose split was never fixed; None when its file is gone."""
    for job in jobs.list_jobs(workspace.jobs_dir):
        if job.kind == "read" and job.status == "done" and (job.result or {}).get("dataset_id") == dataset_id:
            given = job.arguments
            draft = Draft(
                secrets.token_hex(4), given["name"], given["source"], given["choices"], given["choices"], job.id
            )
            return keep(workspace, draft)
    return None


def worth_opening(known: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the ids of datasets to come back to: of one file, those with a split, else only the newest reading.

    Parameters
    ----------
    known : mapping of str to mapping
        Facts by id, newest first.
    """
    fixed = {(facts["fingerprint"], facts["name"]) for facts in known.values() if facts["split"]}
    shown = []
    for dataset_id, facts in known.items():
        file = (facts["fingerprint"], facts["name"])
        if facts["split"] or file not in fixed:
            shown.append(dataset_id)
            fixed.add(file)
    return shown


def fix(workspace: Workspace, draft: Draft, split: dict[str, Any], dataset_id: str | None) -> Draft:
    """Start the job that fixes the split, reading the file again when the choices have changed."""
    arguments = _arguments(workspace, draft) | {"split": split, "dataset_id": dataset_id}
    job_id = jobs.submit(
        workspace.jobs_dir,
        "augmentors.prepare:prepare_job",
        arguments,
        title="Fixing the split",
        kind="prepare",
    )
    return keep(workspace, replace(draft, fix_job=job_id))


def job_state(workspace: Workspace, job_id: str | None) -> JobState | None:
    """Return the state of one of the draft's jobs."""
    return None if job_id is None else jobs.read_state(workspace.jobs_dir, job_id)


def first_look(workspace: Workspace, draft: Draft) -> Proposal:
    """Return how the file would be read with the choices made so far."""
    path = prepare.source_path(workspace, draft.source)
    return _first_look(str(path), path.stat().st_mtime_ns, json.dumps(draft.choices, sort_keys=True))


@st.cache_data(max_entries=16, show_spinner="Looking at the file …")
def _first_look(path: str, time: int, choices: str) -> Proposal:
    return propose(path, **json.loads(choices))


def _arguments(workspace: Workspace, draft: Draft) -> dict[str, Any]:
    return {
        "workspace": workspace.token,
        "source": draft.source,
        "name": draft.name,
        "choices": draft.choices,
    }


def _free(upload: Any) -> None:
    """Drop an uploaded file from Streamlit's memory; its bytes are on disk now."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    # Only the manager that keeps files in memory can forget them; others need not.
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context else None
    if context is not None and remove is not None:
        remove(session_id=context.session_id, file_id=upload.file_id)
    upload.close()
