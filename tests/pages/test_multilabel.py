"""Every page over a dataset whose samples carry several labels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from augmentors.background import balance_job, compare_job
from augmentors.core.job import NO_JOB
from augmentors.prepare import prepare_job
from augmentors.recipe import from_yaml, to_yaml
from augmentors.run import make_recipe
from augmentors.store import Workspace
from pages.ui import drafts, map_data, plan_run
from pages.ui.drafts import Draft
from pages.ui.frame import Data

LENDING = Path(__file__).parents[2] / "assets" / "samples" / "lending.csv"
Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def upload(workspace: Workspace) -> dict[str, str]:
    """The first 500 loans with three labels made of their own columns."""
    table = pd.read_csv(LENDING).head(500)
    table = table.assign(
        high_rate=(table["interest_rate"] > 18).astype(int),
        inquiry=(table["inq_last_6mths"] > 1).astype(int),
        late=(table["delinq_2yrs"] > 0).astype(int),
    )
    folder = workspace.upload_dir()
    table.drop(columns=["interest_rate", "inq_last_6mths", "delinq_2yrs", "sub_grade", "outcome"]).to_csv(
        folder / "loans.csv", index=False
    )
    return {"upload": str((folder / "loans.csv").relative_to(workspace.path))}


@pytest.fixture
def version(workspace: Workspace, upload: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A version of them with MLSMOTE."""
    arguments = {
        "workspace": workspace.token,
        "source": upload,
        "name": "loans.csv",
        "choices": {"label": "high_rate,inquiry,late", "task": "multilabel"},
        "split": {"test_size": 0.2},
    }
    dataset_id = prepare_job(arguments, NO_JOB, workspace.upload_dir())["dataset_id"]
    workspace.write_note("open", {"dataset": dataset_id})
    recipe = to_yaml(make_recipe("mlsmote", target="majority"))
    run = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe}
    result = balance_job(run, NO_JOB, tmp_path / "job")
    return {"workspace": workspace.token, "dataset_id": dataset_id, "version_id": result["version_id"]}


def test_start_takes_several_columns_as_labels(workspace: Workspace, upload: dict[str, str], open_step: Open) -> None:
    drafts.keep(workspace, Draft("d1", "loans.csv", upload, {"label": "late"}))
    app = open_step("start")
    app.segmented_control(key="d1-task-late").set_value("multilabel").run()
    assert not app.exception
    app.multiselect(key="d1-labels").set_value(["high_rate", "late"]).run()
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices == {"label": "high_rate,late", "task": "multilabel"}
    app.segmented_control(key="d1-task-high_rate,late").set_value("classification").run()
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["label"] == "high_rate" and draft.choices["task"] == "classification"
    assert not app.exception


@pytest.mark.parametrize("step", ["start", "overview", "map", "augment", "plan", "run", "compare", "export"])
def test_every_page_opens(step: str, version: dict[str, str], open_step: Open, workspace: Workspace) -> None:
    app = open_step(step)
    assert not app.error, app.error[0].value
    assert set(workspace.facts(version["dataset_id"])["classes"]) == {"high_rate", "inquiry", "late"}
    assert "3 labels, several per sample" in html_of(app)
    if step == "overview":
        assert any("SCUMBLE" in caption.value for caption in app.caption)


def test_the_map_has_one_point_per_sample(
    version: dict[str, str], workspace: Workspace, tmp_path: Path, open_step: Open
) -> None:
    import numpy as np

    from augmentors import map_points
    from augmentors.overview import browse_order

    arguments = {"workspace": version["workspace"], "dataset_id": version["dataset_id"]}
    map_points.map_job(arguments, NO_JOB, tmp_path / "map")
    drawn = np.load(workspace.cache_path(version["dataset_id"], map_points.DRAWN))
    order, listed = browse_order(workspace.load_dataset(version["dataset_id"]))
    assert len(drawn) == 500 == len(set(order[drawn])) and len(order) > 500 and "(no label)" in listed
    data = Data(workspace, version["dataset_id"], workspace.facts(version["dataset_id"]))
    assert len(map_data.once(data, np.arange(len(order)))) == 500
    app = open_step("map")  # sets of labels are drawn, too
    assert not app.error and not app.exception


def test_what_is_counted_are_samples_and_not_their_labels(
    version: dict[str, str], open_step: Open, workspace: Workspace
) -> None:
    split = workspace.facts(version["dataset_id"])["split"]
    folder = workspace.version_path(version["version_id"])
    new = len(pd.read_parquet(folder / "provenance.parquet"))
    assert len(pd.read_parquet(folder / "train" / "train.parquet")) == split["train"] + new
    markup = html_of(open_step("export"))
    assert f"balanced: {split['train']:,} original and {new:,} new rows" in markup
    assert f"at its natural balance: {split['test']:,} rows" in markup
    recipe = from_yaml((folder / "recipe.yaml").read_text("utf-8"))
    data = Data(workspace, version["dataset_id"], workspace.facts(version["dataset_id"]))
    made = plan_run.bill_for(data, recipe.plan.entries, 0)
    assert made.total == split["train"] + made.new


def test_meaning_says_why_it_is_not_asked(version: dict[str, str], workspace: Workspace) -> None:
    from augmentors.agreement import HeldOutJudge
    from augmentors.core.errors import NotApplicable

    with pytest.raises(NotApplicable, match="cannot judge samples of several labels"):
        HeldOutJudge(workspace.load_dataset(version["dataset_id"]))


def test_compare_shows_labels(version: dict[str, str], open_step: Open, workspace: Workspace, tmp_path: Path) -> None:
    compare_job(version | {"learners": ["boosting"], "repeats": 1}, NO_JOB, tmp_path / "compare")
    app = open_step("compare")
    assert not app.error
    markup = html_of(app)
    assert 'class="cw-verdict"' in markup and "Next: " in markup
    assert "average precision in which each label counts the same" in app.text[0].value.replace("\n", " ")
    app.segmented_control(key=f"compare.{version['version_id']}.metric").set_value("hamming").run()
    assert not app.exception
    report = (workspace.version_path(version["version_id"]) / "report.html").read_text("utf-8")
    assert "Average precision per label" in report and "Recall per class" not in report
