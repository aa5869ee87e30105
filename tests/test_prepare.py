from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from augmentors import map_points
from augmentors.core.job import NO_JOB
from augmentors.overview import BROWSE, CLASS, PART, POSITION, mixed_order, read_browse, read_browse_column
from augmentors.prepare import prepare_job
from augmentors.recipe import RecipeSplit
from augmentors.run import split_dataset
from augmentors.store import Workspace, read_json


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path))
    return Workspace.create()


def prepare(workspace: Workspace, key: str, **more: Any) -> dict[str, Any]:
    arguments = {"workspace": workspace.token, "source": {"sample": key}, "name": key, **more}
    return prepare_job(arguments, NO_JOB, workspace.upload_dir())


@pytest.mark.parametrize("near", [True, False])
def test_split_is_the_one_the_command_line_makes(workspace: Workspace, near: bool) -> None:
    wanted = {"test_size": 0.3, "seed": 4, "near_duplicates": near}
    dataset_id = prepare(workspace, "page_blocks", split=wanted)["dataset_id"]
    expected = split_dataset(workspace.load_dataset(dataset_id), RecipeSplit(**wanted))
    kept = workspace.load_split(dataset_id)
    assert kept is not None
    assert kept.hash == expected.hash


def test_reading_first_and_fixing_later_is_the_same(workspace: Workspace) -> None:
    first = prepare(workspace, "tiny")
    assert workspace.facts(first["dataset_id"])["split"] is None
    second = prepare(workspace, "tiny", dataset_id=first["dataset_id"], split={"test_size": 0.2})
    assert second == first
    assert workspace.facts(first["dataset_id"])["split"]["train"] == 113


def test_browse_file_holds_every_row_once_sorted_by_class(workspace: Workspace) -> None:
    dataset_id = prepare(workspace, "page_blocks", split={"test_size": 0.2})["dataset_id"]
    path = workspace.cache_path(dataset_id, BROWSE)
    overview = read_json(workspace.cache_path(dataset_id, "overview.json"))
    dataset = workspace.load_dataset(dataset_id)
    labels = read_browse_column(path, CLASS)
    for name, (start, end) in overview["ranges"].items():
        assert set(labels[start:end]) == {name}
        assert end - start == dataset.class_counts[name]
    assert sorted(read_browse_column(path, POSITION)) == list(range(len(dataset)))
    some = read_browse(path, [5000, 3, 600])
    at = some[POSITION].to_numpy()
    assert some.index.tolist() == dataset.ids[at].tolist()
    feature = dataset.schema.features()[0]
    assert some[feature].tolist() == dataset.frame[feature].iloc[at].tolist()
    assert (read_browse_column(path, PART) == "test").sum() == workspace.facts(dataset_id)["split"]["test"]


def test_mixed_order_shows_every_class_first() -> None:
    labels = np.array(["a"] * 5 + ["b"] * 2 + ["c"], dtype=object)
    assert labels[mixed_order(labels)].tolist() == ["a", "b", "c", "a", "b", "a", "a", "a"]


def test_findings_point_at_rows_of_the_browse_file(workspace: Workspace) -> None:
    dataset_id = prepare(workspace, "tiny", split={"test_size": 0.2})["dataset_id"]
    overview = read_json(workspace.cache_path(dataset_id, "overview.json"))
    finding = next(f for f in overview["findings"] if f["code"] == "few_test_samples")
    rows = read_browse(workspace.cache_path(dataset_id, BROWSE), finding["rows"])
    assert set(rows[CLASS]) == {"barbera"}


def test_polygon_membership_is_that_of_a_circle() -> None:
    points = np.random.default_rng(0).integers(-100, 100, (2000, 2)).astype(np.int16)
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    inside = map_points.inside(points, 60 * np.column_stack([np.cos(angles), np.sin(angles)]))
    distance = np.hypot(*points.astype(float).T)
    assert inside[distance < 59.5].all()
    assert not inside[distance > 60.5].any()


def test_coordinates_keep_proportions_and_outliers_stay_on_the_map() -> None:
    points = np.random.default_rng(0).normal(size=(5000, 2)) * [10, 1]
    points[0] = [1e6, 0]
    scaled = map_points.scaled(points.astype(np.float32)).astype(float)
    assert np.abs(scaled).max() <= 32767
    assert 8 < scaled[1:, 0].std() / scaled[1:, 1].std() < 12


def test_centre_first_and_outliers_first_are_opposite() -> None:
    points = np.array([[0, 0], [1, 0], [50, 0], [0, 2]], dtype=np.int16)
    first = map_points.by_distance_to_centre(points, outliers_first=False)
    assert map_points.by_distance_to_centre(points, outliers_first=True)[0] == 2
    assert first[-1] == 2


def test_missing_values_survive_in_the_browse_file(workspace: Workspace) -> None:
    dataset_id = prepare(workspace, "lending", split={"test_size": 0.2})["dataset_id"]
    column = read_browse_column(workspace.cache_path(dataset_id, BROWSE), "emp_length")
    assert int(pd.isna(column).sum()) == 319
