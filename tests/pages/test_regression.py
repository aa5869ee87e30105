"""Every page over a dataset whose label is a number."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augmentors.background import balance_job, compare_job
from augmentors.core.job import NO_JOB
from augmentors.ingest import load
from augmentors.prepare import prepare_job
from augmentors.recipe import to_yaml
from augmentors.run import make_recipe, split_dataset
from augmentors.store import Workspace
from pages.ui import drafts
from pages.ui.drafts import Draft

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def upload(workspace: Workspace) -> dict[str, str]:
    """The first 500 loans, as an upload."""
    lines = (SAMPLES / "lending.csv").read_text(encoding="utf-8").splitlines()[:501]
    folder = workspace.upload_dir()
    (folder / "loans.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"upload": str((folder / "loans.csv").relative_to(workspace.path))}


@pytest.fixture
def version(workspace: Workspace, upload: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A version of them with SMOGN, the income being predicted."""
    arguments = {
        "workspace": workspace.token,
        "source": upload,
        "name": "loans.csv",
        "choices": {"label": "annual_income", "task": "regression"},
        "split": {"test_size": 0.2},
    }
    dataset_id = prepare_job(arguments, NO_JOB, workspace.upload_dir())["dataset_id"]
    workspace.write_note("open", {"dataset": dataset_id})
    recipe = to_yaml(make_recipe("smogn"))
    run = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe}
    result = balance_job(run, NO_JOB, tmp_path / "job")
    return {"workspace": workspace.token, "dataset_id": dataset_id, "version_id": result["version_id"]}


def test_start_shows_the_task_and_takes_cut_points(
    workspace: Workspace, upload: dict[str, str], open_step: Open
) -> None:
    drafts.keep(workspace, Draft("d1", "loans.csv", upload, {"label": "annual_income"}))
    app = open_step("start")
    assert app.segmented_control(key="d1-task-annual_income").value == "regression"
    app.text_input(key="d1-ranges").set_value("200000, 100000").run()
    assert "ascending" in app.error[0].value
    app.text_input(key="d1-ranges").set_value("50000, 100000").run()
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["ranges"] == [50000.0, 100000.0]
    app.segmented_control(key="d1-task-annual_income").set_value("classification").run()
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices["task"] == "classification" and "ranges" not in draft.choices
    assert not app.exception


def test_another_label_is_guessed_anew(workspace: Workspace, upload: dict[str, str], open_step: Open) -> None:
    drafts.keep(workspace, Draft("d1", "loans.csv", upload, {"label": "outcome"}))
    app = open_step("start")
    assert app.segmented_control(key="d1-task-outcome").value == "classification"
    app.selectbox(key="d1-label").select("annual_income").run()
    assert app.segmented_control(key="d1-task-annual_income").value == "regression"
    draft = drafts.current(workspace)
    assert draft is not None and draft.choices == {"label": "annual_income"}


@pytest.mark.parametrize("step", ["start", "overview", "map", "augment", "plan", "run", "compare", "export"])
def test_every_page_opens(step: str, version: dict[str, str], open_step: Open, workspace: Workspace) -> None:
    app = open_step(step)
    assert not app.error, app.error[0].value
    facts = workspace.facts(version["dataset_id"])
    assert facts["ranges"]["rule"] == "box plot" and "(rare)" in " ".join(facts["classes"])
    assert "ranges of annual_income" in html_of(app)


def test_the_app_and_the_command_line_find_the_same_ranges(
    version: dict[str, str], upload: dict[str, str], workspace: Workspace
) -> None:
    from augmentors.explore.rare_ranges import with_ranges

    loaded = load(workspace.path / upload["upload"], label="annual_income", task="regression")
    split = split_dataset(loaded.dataset)
    kept = workspace.load_dataset(version["dataset_id"])
    assert kept.schema.ranges == with_ranges(loaded.dataset, split).schema.ranges
    assert kept.class_counts == with_ranges(loaded.dataset, split).class_counts


def test_compare_shows_errors_by_range(version: dict[str, str], open_step: Open, tmp_path: Path) -> None:
    app = open_step("compare")
    compare_job(version | {"learners": ["boosting"], "repeats": 1, "arms": ["relevance_weight"]}, NO_JOB, tmp_path)
    app = open_step("compare")
    assert not app.error
    markup = html_of(app)
    assert 'class="cw-verdict"' in markup and "Next: " in markup
    assert "(rare)" in markup and "each range counts the same" in app.text[0].value
    app.segmented_control(key=f"compare.{version['version_id']}.metric").set_value("sera").run()
    assert not app.exception
    report = (Path(workspace_of(version).version_path(version["version_id"])) / "report.html").read_text("utf-8")
    assert "Mean absolute error per range" in report and "Recall" not in report


def workspace_of(version: dict[str, str]) -> Workspace:
    return Workspace.open(version["workspace"])
