import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from augmentors.core.errors import UserError
from augmentors.jobs import JobState, cancel, list_jobs, read_state, resume, submit


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setattr(sys, "path", [*sys.path, str(Path(__file__).parents[2])])


def until(jobs_dir: Path, job_id: str, done: Callable[[JobState], bool], seconds: float = 20) -> JobState:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = read_state(jobs_dir, job_id)
        if done(state):
            return state
        time.sleep(0.05)
    raise AssertionError(f"still {read_state(jobs_dir, job_id)}")


def start(jobs_dir: Path, name: str, **options: object) -> str:
    arguments = {k: v for k, v in options.items() if k != "memory_mb"}
    memory = options.get("memory_mb")
    assert memory is None or isinstance(memory, int)
    return submit(jobs_dir, f"background_work:{name}", arguments, title=name, kind="test", memory_mb=memory)


def test_a_job_ends_with_its_result(tmp_path: Path) -> None:
    job = start(tmp_path, "count", n=5)
    state = until(tmp_path, job, lambda s: not s.active)
    assert (state.status, state.fraction, state.result, state.counts) == ("done", 1.0, {"files": 5}, {"made": 4})
    assert [s.id for s in list_jobs(tmp_path)] == [job]


def test_progress_and_eta_are_shown_while_it_runs(tmp_path: Path) -> None:
    job = start(tmp_path, "count", n=100, pause=0.05)
    state = until(tmp_path, job, lambda s: s.eta_s is not None)
    assert state.status == "running"
    assert 0 < state.fraction < 1
    assert 0 < (state.eta_s or 0) < 30
    cancel(tmp_path, job)


def ended(pid: int) -> bool:
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("name", ["count", "deaf"])
def test_cancel_does_not_wait_for_the_work_and_ends_the_process(tmp_path: Path, name: str) -> None:
    job = start(tmp_path, name, n=1000, pause=0.05)
    until(tmp_path, job, lambda s: s.status == "running")
    pid = int((tmp_path / job / "lock").read_text())
    state = cancel(tmp_path, job)
    assert state.status == "cancelled"
    assert state.fraction < 1
    deadline = time.monotonic() + 30
    while not ended(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
        list_jobs(tmp_path)


def test_a_killed_job_reads_as_interrupted_and_resumes_with_what_it_had(tmp_path: Path) -> None:
    job = start(tmp_path, "count", n=40, pause=0.05)
    until(tmp_path, job, lambda s: s.fraction > 0.1)
    os.killpg(int((tmp_path / job / "lock").read_text()), signal.SIGKILL)
    state = until(tmp_path, job, lambda s: s.status == "interrupted")
    assert "Interrupted" in state.message
    done = len(list((tmp_path / job).glob("*.done")))
    assert done > 0
    assert resume(tmp_path, job).active
    assert until(tmp_path, job, lambda s: not s.active).result == {"files": 40}


def test_a_users_mistake_is_a_sentence(tmp_path: Path) -> None:
    state = until(tmp_path, start(tmp_path, "refuse"), lambda s: not s.active)
    assert (state.status, state.error) == ("failed", "The label column 'x' is missing. Choose another.")


def test_a_crash_is_a_sentence_and_details_are_in_the_log(tmp_path: Path) -> None:
    job = start(tmp_path, "crash")
    state = until(tmp_path, job, lambda s: not s.active)
    assert state.status == "failed"
    assert "ZeroDivisionError" in (state.error or "") and "secret" not in (state.error or "")
    assert "secret detail" in (tmp_path / job / "log.txt").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce RLIMIT_DATA")
def test_the_memory_limit_ends_the_job_not_the_machine(tmp_path: Path) -> None:
    state = until(tmp_path, start(tmp_path, "eat", memory_mb=500), lambda s: not s.active)
    assert state.status == "failed"
    assert "more memory" in (state.error or "")


def test_an_unknown_job_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no job 'x'"):
        read_state(tmp_path, "x")
