from pathlib import Path

import pytest

from augmentors.core.errors import Cancelled
from augmentors.jobs.state import JobState, load_state, write_state
from augmentors.jobs.worker import FolderJob, run


def test_progress_never_goes_back_and_counts_add_up(tmp_path: Path) -> None:
    job = FolderJob(tmp_path, JobState("a", "t", "k", "m:f", {}))
    job.progress(0.5, "half", made=1)
    job.progress(0.2, kept=2)
    assert (job.state.fraction, job.state.message, job.state.counts) == (0.5, "half", {"made": 1, "kept": 2})
    written = load_state(tmp_path)
    assert written is not None and written.fraction == 0.5


def test_a_file_named_cancel_stops_it(tmp_path: Path) -> None:
    job = FolderJob(tmp_path, JobState("a", "t", "k", "m:f", {}))
    job.check()
    (tmp_path / "cancel").touch()
    with pytest.raises(Cancelled):
        job.check()


def test_a_folder_without_a_job_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no job"):
        run(tmp_path)


def test_a_job_cancelled_before_its_process_was_up_does_not_start(tmp_path: Path) -> None:
    write_state(tmp_path, JobState("a", "t", "k", "no_such_module:f", {}))
    (tmp_path / "cancel").touch()
    run(tmp_path)
    state = load_state(tmp_path)
    assert state is not None and state.status == "cancelled"
