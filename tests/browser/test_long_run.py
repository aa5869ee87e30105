"""A run that takes a while: left, closed, cut off, cancelled and taken up again, with nothing lost."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from augmentors import jobs
from augmentors.jobs import JobState
from augmentors.store import Workspace
from tests.browser.looks import NARROW, assert_no_error, shoot
from tests.browser.small_data import image_file
from tests.browser.steps import command_line, fix_the_split, token_of

WANTED = 3000


def test_a_run_outlives_page_tab_server_and_a_crash(
    open_page: Callable[..., Any], server: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(server.home))
    source = image_file(tmp_path)
    page = open_page()
    page.set_input_files("input[type=file]", str(source))
    fix_the_split(page)
    workspace = Workspace(token_of(page))
    begin_run(page)
    hold(workspace, blocks_from=1)
    page.get_by_text("Just made").wait_for()
    shoot(page, "run-live-1440-light")

    page.get_by_role("link", name="Overview").click()
    page.locator(".st-key-cw-jobs").get_by_text("Making").wait_for()
    page.context.close()
    page = open_page(f"/run?w={workspace.token}", NARROW, "dark")
    cancel_button(page).wait_for()
    shoot(page, "run-live-800-dark")
    page.context.close()

    server.stop()
    assert the_run(workspace).status == "running"
    cut_off(workspace)
    server.start()
    page = open_page(f"/run?w={workspace.token}")
    page.get_by_text("interrupted before it was done").wait_for()
    shoot(page, "run-interrupted-1440-light")
    kept = blocks(workspace)
    assert kept
    page.get_by_role("button", name="Resume").click()
    hold(workspace, blocks_from=len(kept) + 1)
    assert {path: blocks(workspace).get(path) for path in kept} == kept

    cancel_button(page).click()
    page.get_by_text("Blocks that were finished are kept").wait_for()
    assert the_run(workspace).status == "cancelled"
    shoot(page, "run-cancelled-1440-light")
    page.get_by_role("button", name="Resume").click()

    page.locator(".st-key-run-compare button").wait_for(timeout=240_000)
    assert_no_error(page)
    version = workspace.version_path(str((the_run(workspace).result or {})["version_id"]))
    command_line("balance", str(source), "--recipe", str(version / "recipe.yaml"), "--out", str(tmp_path / "again"))
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (version / "manifest.json").read_bytes()


def begin_run(page: Any) -> None:
    page.get_by_role("link", name="Plan").click()
    wanted = page.get_by_label("Samples of coat")
    wanted.fill(str(WANTED))
    wanted.press("Enter")
    page.get_by_role("button", name=f"Run: make {WANTED - 12:,} samples").click()


def cancel_button(page: Any) -> Any:
    return page.locator("[data-testid=stMain]").get_by_role("button", name="Cancel")


def the_run(workspace: Workspace) -> JobState:
    deadline = time.monotonic() + 60
    while True:
        for job in jobs.list_jobs(workspace.jobs_dir):
            if job.kind == "balance":
                return job
        assert time.monotonic() < deadline
        time.sleep(0.01)


def blocks(workspace: Workspace) -> dict[Path, int]:
    folder = workspace.jobs_dir / the_run(workspace).id / "blocks"
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def cut_off(workspace: Workspace) -> None:
    """End the job as a power cut would."""
    os.killpg(process_group(workspace), signal.SIGKILL)


def process_group(workspace: Workspace) -> int:
    return int((workspace.jobs_dir / the_run(workspace).id / "lock").read_text())


def hold(workspace: Workspace, blocks_from: int) -> None:
    """Let the job make so many blocks, then stop its clock: pages are looked at, however fast the machine is."""
    deadline = time.monotonic() + 60
    while len(blocks(workspace)) < blocks_from:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process_group(workspace), signal.SIGSTOP)
    assert the_run(workspace).status == "running"
