"""A selection that is being drawn when UMAP arrives is kept."""

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from augmentors import jobs, map_points
from augmentors.store import Workspace
from tests.browser.steps import fix_the_split, token_of
from tests.browser.test_journey_start import open_sample

OUTLINE = ((0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.03))


def test_a_lasso_is_kept_when_umap_arrives(open_page: Any, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(server.home))
    page = open_page()
    open_sample(page, 0)
    fix_the_split(page)
    workspace = Workspace(token_of(page))
    (dataset_id,) = workspace.dataset_ids()
    page.get_by_role("link", name="Map").click()
    job = held_with_pca(workspace, workspace.cache_path(dataset_id, map_points.PCA))
    try:
        page.get_by_text("is on its way").wait_for()
        draw_around_all(page)
        # UMAP's own file is on its way; PCA's stands for it, so that it comes in the middle of the lasso.
        umap = workspace.cache_path(dataset_id, map_points.UMAP)
        assert not umap.exists()
        shutil.copy(workspace.cache_path(dataset_id, map_points.PCA), umap)
        page.mouse.up()
        page.get_by_role("heading", name="selected").wait_for()
    finally:
        jobs.cancel(workspace.jobs_dir, job)


def held_with_pca(workspace: Workspace, pca: Path) -> str:
    """Stop the clock of the layout as soon as PCA is there; return the job."""
    deadline = time.monotonic() + 120
    while not pca.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    job = next(job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == "map")
    os.killpg(int((workspace.jobs_dir / job.id / "lock").read_text()), signal.SIGSTOP)
    return job.id


def draw_around_all(page: Any) -> None:
    """Draw a lasso around the whole map and keep the button down."""
    page.locator(".pm canvas").wait_for()
    page.wait_for_timeout(500)  # the page around it finds its place
    box = page.locator(".pm canvas").bounding_box()
    corners = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in OUTLINE]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=6)
