from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors import jobs, map_points
from augmentors.core.job import NO_JOB
from augmentors.store import Workspace
from pages.ui import map_data, point_map
from pages.ui.frame import Data
from pages.ui.point_map import Region


@pytest.fixture
def laid_out(loaded: Callable[..., str], workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Data:
    """The tiny sample with both layouts (UMAP, slow to compile, is stood in for)."""
    dataset_id = loaded("tiny")
    monkeypatch.setattr(map_points, "umap_2d", lambda vectors, labels, job: map_points.pca_2d(vectors)[:, ::-1])
    map_points.map_job({"workspace": workspace.token, "dataset_id": dataset_id}, NO_JOB, tmp_path)
    return Data(workspace, dataset_id, workspace.facts(dataset_id))


def bodies(app: Any) -> str:
    return "\n".join(str(html.proto.body) for html in app.get("html"))


def test_the_map_of_a_selection_is_read_from_what_the_browser_sent() -> None:
    assert point_map.map_of({"region": {"map": "d-PCA", "polygon": []}}) == "d-PCA"
    for sent in (None, {}, {"region": None}, {"region": {"map": 3}}, {"region": "d-PCA"}, "region"):
        assert point_map.map_of(sent) is None


def test_first_visit_starts_the_layout_and_shows_its_progress(
    open_step: Callable[[str], Any], loaded: Callable[..., str], workspace: Workspace
) -> None:
    loaded("tiny")
    app = open_step("map")
    (job,) = jobs.list_jobs(workspace.jobs_dir)
    assert job.kind == "map"
    assert any(button.key == f"cancel-page-{job.id}" for button in app.button)
    jobs.cancel(workspace.jobs_dir, job.id)
    app.run()
    assert app.button(key="map-again")


def test_nothing_selected_says_how_to_select(open_step: Callable[[str], Any], laid_out: Data) -> None:
    app = open_step("map")
    assert any("Nothing selected" in markdown.value for markdown in app.markdown)
    assert app.selectbox(key=f"map-colour-{laid_out.id}").options[:2] == ["class", "train / test"]
    for by in ("train / test", "alcohol"):
        app.selectbox(key=f"map-colour-{laid_out.id}").select(by).run()
        assert not app.exception
        assert not app.error
    app.button(key="map-on").click().run()
    assert app.title[0].value == "Augment"


def test_region_selects_on_the_server_and_leaves_hidden_classes_out(laid_out: Data) -> None:
    everything = np.array([[-32767, -32767], [32767, -32767], [32767, 32767], [-32767, 32767]], dtype=float)
    colours = map_data.colouring(laid_out, map_data.BY_CLASS)
    assert len(map_data.selected(laid_out, "PCA", Region(everything, frozenset()), colours)) == 140
    assert colours.groups[0].label == "barbera"  # the rarest first
    assert len(map_data.selected(laid_out, "PCA", Region(everything, frozenset({0})), colours)) == 130
    assert len(map_data.selected(laid_out, "PCA", None, colours)) == 0


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        {"map": "other", "polygon": [[0, 0], [1, 0], [1, 1]]},
        {"map": "m"},
        {"map": "m", "polygon": [[0, 0], [1, 1]]},
        {"map": "m", "polygon": [["a", "b"]] * 3},
        {"map": "m", "polygon": [[0, 0], [1, 0], [float("inf"), 1]]},
    ],
)
def test_what_is_no_region_is_dropped(value: object) -> None:
    assert point_map.as_region(value, "m", "class") is None


def test_hidden_groups_belong_to_one_colouring() -> None:
    value = {"map": "m", "polygon": [[0, 0], [9, 0], [9, 9]], "hidden": [1], "palette": "class"}
    region, other = point_map.as_region(value, "m", "class"), point_map.as_region(value, "m", "split")
    assert region is not None and region.hidden == {1}
    assert other is not None and not other.hidden


def test_missing_values_and_many_values_have_groups_of_their_own(workspace: Workspace) -> None:
    import pandas as pd

    shaded = map_data._shaded(pd.Series([*range(100), None], dtype="float64"))
    assert [group.count for group in shaded.groups][-1] == 1
    assert sum(group.count for group in shaded.groups) == 101
