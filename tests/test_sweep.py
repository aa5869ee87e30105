"""Old uploads go; what somebody still needs stays."""

import os
import time
from pathlib import Path

import pytest

from augmentors import jobs
from augmentors.store import Workspace
from augmentors.sweep import DRAFT_KEPT_S, DRAFT_NOTE, FIT_KEPT_S, UPLOAD_KEPT_S, start_sweeping, sweep

HOUR = 3600.0


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path))
    return Workspace.create()


def upload(workspace: Workspace, age: float) -> Path:
    """Return the folder of an upload that came `age` seconds ago."""
    folder = workspace.upload_dir()
    (folder / "data.csv").write_text("x,label\n1,a\n", encoding="utf-8")
    os.utime(folder, (time.time() - age, time.time() - age))
    return folder


def source(workspace: Workspace, folder: Path) -> dict[str, str]:
    return {"upload": str((folder / "data.csv").relative_to(workspace.path))}


def test_an_upload_goes_after_a_day(workspace: Workspace) -> None:
    old, fresh = upload(workspace, UPLOAD_KEPT_S + HOUR), upload(workspace, UPLOAD_KEPT_S - HOUR)
    assert sweep() == [old]
    assert not old.exists() and (fresh / "data.csv").exists()
    assert sweep(time.time() + 2 * HOUR) == [fresh]


def test_a_finished_fit_goes_a_week_after_it_was_used(workspace: Workspace) -> None:
    assert sweep() == []
    workspace.fits_dir.mkdir()
    old, used = workspace.fits_dir / "old.npz", workspace.fits_dir / "used.npz"
    for path, age in ((old, FIT_KEPT_S + HOUR), (used, FIT_KEPT_S - HOUR)):
        path.touch()
        os.utime(path, (time.time() - age, time.time() - age))
    assert sweep() == [old] and used.exists()


def test_what_the_start_page_shows_waits_a_week(workspace: Workspace) -> None:
    shown = upload(workspace, UPLOAD_KEPT_S + HOUR)
    workspace.write_note(DRAFT_NOTE, {"source": source(workspace, shown)})
    assert sweep() == [] and shown.exists()
    assert sweep(time.time() + DRAFT_KEPT_S) == [shown]


def test_no_upload_goes_while_a_job_reads_it(workspace: Workspace) -> None:
    read = upload(workspace, 2 * DRAFT_KEPT_S)
    arguments = {"source": source(workspace, read), "seconds": 60}
    job = jobs.submit(workspace.jobs_dir, "time:sleep", arguments, title="Reading", kind="read")
    try:
        assert jobs.read_state(workspace.jobs_dir, job).active
        assert sweep() == [] and read.exists()
    finally:
        jobs.cancel(workspace.jobs_dir, job)
        deadline = time.monotonic() + 20
        while jobs.read_state(workspace.jobs_dir, job).active and time.monotonic() < deadline:
            time.sleep(0.05)
    assert sweep() == [read]


def test_unpacked_images_of_a_cancelled_reading_go(workspace: Workspace) -> None:
    job = jobs.submit(workspace.jobs_dir, "augmentors.prepare:nothing", {}, title="Reading", kind="read")
    jobs.cancel(workspace.jobs_dir, job)
    unpacked = workspace.jobs_dir / job / "files"
    unpacked.mkdir()
    (unpacked / "one.png").write_bytes(b"x")
    assert sweep() == []
    assert sweep(time.time() + UPLOAD_KEPT_S + HOUR) == [unpacked]
    assert jobs.read_state(workspace.jobs_dir, job).id == job


def test_datasets_and_foreign_folders_are_never_touched(workspace: Workspace, tmp_path: Path) -> None:
    kept = [workspace.path / "datasets" / "d" / "frame.parquet", tmp_path / "workspaces" / "x" / "uploads" / "y" / "z"]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
    assert sweep(time.time() + 100 * DRAFT_KEPT_S) == []
    assert all(path.exists() for path in kept)


def test_sweeping_begins_at_the_start(workspace: Workspace) -> None:
    old = upload(workspace, UPLOAD_KEPT_S + HOUR)
    assert start_sweeping().daemon
    deadline = time.monotonic() + 20
    while old.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not old.exists()
