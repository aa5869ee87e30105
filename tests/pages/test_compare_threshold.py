"""Threshold and costs on Compare: live numbers out of fold, the test part only on request and counted."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augmentors.background import DECISIONS, balance_job, compare_job
from augmentors.core.job import NO_JOB
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.operating_point import operating_point
from augmentors.model_job import model_job
from augmentors.recipe import to_yaml
from augmentors.run import make_recipe
from augmentors.store import Workspace

Open = Callable[[str], Any]


@pytest.fixture
def compared(loaded: Callable[..., str], workspace: Workspace, tmp_path: Path) -> dict[str, str]:
    """Tiny, balanced and compared with one quick learner."""
    found = {"workspace": workspace.token, "dataset_id": loaded("tiny")}
    made = balance_job(found | {"recipe": to_yaml(make_recipe("smote"))}, NO_JOB, tmp_path / "job")
    found |= {"version_id": made["version_id"]}
    compare_job(found | {"learners": ["logistic"], "repeats": 1, "arms": ["threshold"]}, NO_JOB, tmp_path)
    return found


def html_of(app: Any) -> str:
    return "".join(one.proto.body for one in app.get("html"))


def captions(app: Any) -> str:
    return " ".join(one.value for one in app.caption)


def test_the_slider_counts_out_of_fold_and_the_test_part_waits(
    open_step: Open, compared: dict[str, str], workspace: Workspace
) -> None:
    scores = DecisionScores.from_bytes((workspace.version_dir(compared["version_id"]) / DECISIONS).read_bytes())
    key = f"compare.{compared['version_id']}.threshold"
    app = open_step("compare")
    assert not app.exception and not app.error
    label = app.selectbox(key=f"{key}.class").value
    at = scores.classes.index(label)
    name = f"{key}.plain.{label}.threshold"
    app.slider(key=name).set_value(0.2).run()
    expected = operating_point(scores.truth == at, scores.held_out["plain", "logistic"][:, at].astype(float), 0.2)
    row = f"is &#x27;{label}&#x27;"
    assert row in html_of(app)
    assert f"{expected.recall:.3f}" in html_of(app) and f"{expected.f1:.3f}" in html_of(app)
    assert "looked at once here" in captions(app)
    app.button(key=f"{key}.confirm").click().run()
    assert any("On the test part at 0.200" in one.value for one in app.markdown)
    assert "looked at 2 times here" in captions(app)
    app.slider(key=name).set_value(0.3).run()
    assert "looked at 2 times here" in captions(app)
    app.button(key=f"{name}.0").click().run()
    assert not app.exception
    assert 0 <= app.slider(key=name).value <= 1


def test_a_cost_matrix_is_read_and_a_wrong_one_is_a_sentence(open_step: Open, compared: dict[str, str]) -> None:
    key = f"compare.{compared['version_id']}.threshold.costs"
    app = open_step("compare")
    assert "least expected cost" in html_of(app)
    app.file_uploader(key=f"{key}.file").upload("costs.csv", b",a\na,0\n", "text/csv").run()
    assert not app.exception
    assert (
        "The cost matrix must have 3 rows and 3 columns, one per class; got 1 rows and 1 columns." in app.error[0].value
    )


def test_results_without_scores_show_no_slider(open_step: Open, compared: dict[str, str], workspace: Workspace) -> None:
    (workspace.version_dir(compared["version_id"]) / DECISIONS).unlink()
    app = open_step("compare")
    assert not app.exception and not app.slider
    assert "does not hold the scores" in captions(app)


def test_the_advised_model_is_packed_from_export(
    open_step: Open, compared: dict[str, str], workspace: Workspace, tmp_path: Path
) -> None:
    made = model_job(compared, NO_JOB, tmp_path / "job")
    names = set(zipfile.ZipFile(made["file"]).namelist())
    assert {"model.skops", "model.json", "load_model.py", "manifest.json", "example.csv", "expected.csv"} <= names
    app = open_step("export")
    assert not app.exception and not app.error
    assert "The model" in [one.value for one in app.subheader]
    assert app.button(key="export.model").label == "Train it again"
