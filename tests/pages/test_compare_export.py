import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from augmentors import jobs
from augmentors.background import balance_job, compare_job
from augmentors.core.job import NO_JOB
from augmentors.recipe import to_yaml
from augmentors.run import make_recipe
from augmentors.store import Workspace
from pages.ui import compare_charts, compare_verdict, export_panel

Open = Callable[[str], Any]


def html_of(app: Any) -> str:
    return "".join(element.proto.body for element in app.get("html"))


def wait(workspace: Workspace, kind: str) -> jobs.JobState:
    deadline = time.monotonic() + 90
    while True:
        newest = next(job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == kind)
        if not newest.active:
            return newest
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def version(loaded: Callable[..., str], workspace: Workspace, tmp_path: Path) -> dict[str, str]:
    """A version of the tiny sample."""
    dataset_id = loaded("tiny")
    recipe = to_yaml(make_recipe("smote"))
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe}
    result = balance_job(arguments, NO_JOB, tmp_path / "job")
    return {"workspace": workspace.token, "dataset_id": dataset_id, "version_id": result["version_id"]}


@pytest.mark.parametrize("step", ["compare", "export"])
def test_before_a_run_points_to_the_plan(step: str, open_step: Open, loaded: Callable[..., str]) -> None:
    loaded("tiny")
    assert "Nothing has been made yet" in html_of(open_step(step))


def test_compare_runs_in_the_background(open_step: Open, version: dict[str, str], workspace: Workspace) -> None:
    app = open_step("compare")
    assert not app.error
    assert "Not yet judged" in app.info[0].value
    app.number_input(key=f"compare.repeats.{version['dataset_id']}").set_value(1).run()
    app.button(key="compare.go").click().run()
    assert not app.exception
    (job,) = [job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == "compare"]
    assert job.arguments["repeats"] == 1
    jobs.cancel(workspace.jobs_dir, job.id)
    app = open_step("compare")
    assert "Cancelled" in app.info[0].value


def test_compare_shows_banner_differences_classes_and_print(
    open_step: Open, version: dict[str, str], tmp_path: Path
) -> None:
    compare_job(
        version | {"learners": ["logistic"], "repeats": 1, "arms": ["threshold", "class_weight"]}, NO_JOB, tmp_path
    )
    app = open_step("compare")
    assert not app.error
    markup = html_of(app)
    assert 'class="cw-verdict"' in markup and any(label in markup for label in compare_verdict.COLOURS)
    assert "Next: " in markup and "macro average precision" in app.text[0].value
    assert "test samples" in markup and "true ↓ predicted →" in markup
    assert "looked at once here, by comparisons and confirmed thresholds" in markup
    assert [tab.label for tab in app.tabs][:4] == [
        *("What changed", "Class by class"),
        *("Probabilities", "Threshold and costs"),
    ]
    assert "new samples per fit" in markup and "carried out anew" in "".join(c.value for c in app.caption)
    assert len(app.get("plotly_chart")) == 6
    app.segmented_control(key=f"compare.{version['version_id']}.metric").set_value("brier").run()
    assert not app.exception
    app.button(key="compare.export").click().run()
    assert not app.exception
    assert app.title[0].value == "Export"


def test_a_loss_for_nets_brings_its_model_and_both_reach_the_command(
    open_step: Open, version: dict[str, str], workspace: Workspace
) -> None:
    app = open_step("compare")
    page = html_of(app)
    assert "Lin et al. 2017, ICCV" in page and "Trained with Small neural net." in page
    losses = f"compare.arms.losses.{version['dataset_id']}"
    app.button_group(key=losses).set_value(["focal"]).run()
    assert not app.exception
    assert "because what is chosen here needs it: Small neural net" in "".join(c.value for c in app.caption)
    command = "".join(code.value for code in app.code)
    assert "--arms focal" in command and "--learner mlp" in command


def test_what_the_rules_say_of_each_arm() -> None:
    arms = [{"name": "plain", "title": "Plain"}, {"name": "focal", "title": "Focal loss"}]
    verdict = {"learner": "l", "arms": [], "other_learners": [{"learner": "net", "arms": [{"arm": "focal"}]}]}
    verdict["other_learners"][0]["arms"][0]["label"] = "Harms"
    told = compare_verdict.judged({"arms": arms, "verdict": verdict}, "net")
    assert "adjust for the number of arms. Harms: Focal loss." in told and "does not decide" in told
    assert compare_verdict.judged({"arms": arms, "verdict": {"learner": "l"}}, "l") == ""


def test_lower_is_better_turns_the_sign() -> None:
    change = {"metric": "brier", "class": None, "arm": "augmented", "learner": "l", "mean": -0.02}
    comparison = {
        "metrics": [{"key": "brier", "title": "Brier", "lower_is_better": True}],
        "arms": [{"name": n, "title": n, "learner": "l"} for n in ("plain", "augmented")],
        "differences": [change | {"low": -0.03, "high": 0.01}],
        "fold_differences": [change | {"low": None, "high": None}],
    }
    folds, trace = compare_verdict.forest(comparison, "l", "brier").data
    assert trace.x[0] == folds.x[0] == pytest.approx(2.0)
    assert trace.error_x.array[0] == pytest.approx(1.0)
    assert trace.error_x.arrayminus[0] == pytest.approx(3.0)
    assert folds.error_x.array[0] == 0


def test_a_banner_of_every_label_is_safe_and_complete() -> None:
    for label, colour in compare_verdict.COLOURS.items():
        sentences = {"result": "A <b>class</b>", "threshold": "", "next": "Next: rest."}
        markup = compare_verdict.banner({"label": label, "sentence": "", "sentences": sentences})
        assert label in markup and colour in markup and "A &lt;b&gt;class" in markup and markup.count("<li>") == 1
    old = compare_verdict.banner({"label": "not yet judged", "sentence": "Bare."})
    assert "Not yet judged" in old and "Bare." in old


def test_export_lists_packs_downloads_and_verifies(
    open_step: Open, version: dict[str, str], workspace: Workspace
) -> None:
    app = open_step("export")
    assert not app.error
    markup = html_of(app)
    for name in ("train/", "test/", "provenance.parquet", "recipe.yaml", "report.html", "manifest.json"):
        assert name in markup
    app.button(key="export.pack").click().run()
    assert not app.exception
    assert wait(workspace, "zip").status == "done"
    app = open_step("export")
    labels = [button.proto.label for button in app.get("download_button")]
    assert any(label.startswith("Download (") for label in labels)
    app.button(key="export.verify").click().run()
    assert "Verified" in app.success[0].value
    changed = workspace.version_path(version["version_id"]) / "train" / "train.csv"
    changed.write_text(changed.read_text() + "\n")
    app.button(key="export.verify").click().run()
    assert "was changed after the export" in app.error[0].value.replace("\\", "")


def test_export_writes_to_a_folder_and_refuses_other_content(
    open_step: Open,
    version: dict[str, str],
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(export_panel, "same_machine", lambda: True)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.tex").write_text("precious")
    app = open_step("export")
    app.text_input(key=f"export.folder.{version['dataset_id']}").set_value(str(mine)).run()
    app.button(key="export.write").click().run()
    assert "not an earlier export" in app.error[0].value
    app.text_input(key=f"export.folder.{version['dataset_id']}").set_value(str(tmp_path / "out")).run()
    app.button(key="export.write").click().run()
    assert wait(workspace, "copy").status == "done"
    assert (tmp_path / "out" / "manifest.json").exists()
    assert [p.name for p in mine.iterdir()] == ["thesis.tex"]


def test_no_folder_is_offered_to_a_visitor_from_elsewhere(open_step: Open, version: dict[str, str]) -> None:
    assert not export_panel.same_machine()
    assert not [field for field in open_step("export").text_input if field.key.startswith("export.folder")]


def test_the_browsers_recipe_gives_the_same_version_headless(
    open_step: Open, loaded: Callable[..., str], workspace: Workspace, tmp_path: Path
) -> None:
    from augmentors.cli import main
    from augmentors.ingest import sample

    dataset_id = loaded("tiny")
    app = open_step("plan")
    recipe = next(code.value for code in app.code if "counterweight: 1" in code.value)
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "recipe": recipe}
    result = balance_job(arguments, NO_JOB, tmp_path / "job")
    (tmp_path / "recipe.yaml").write_text(recipe)
    out = tmp_path / "out"
    main(["balance", str(sample("tiny").path), "--recipe", str(tmp_path / "recipe.yaml"), "--out", str(out)])
    browser = workspace.version_path(result["version_id"]) / "manifest.json"
    assert browser.read_bytes() == (out / "manifest.json").read_bytes()


def test_a_map_of_many_classes_holds_every_count_once() -> None:
    classes = [f"c{i}" for i in range(compare_charts.TABLE_CLASSES + 1)]
    n = len(classes)
    matrix = [[9.4 if i == j else 0.6 if j == 0 else 0.2 for j in range(n)] for i in range(n)]
    figure = compare_charts.confusion_map({"confusion": matrix}, classes)
    shades, filled, others = figure.data
    assert sum(shades.z[1]) == pytest.approx(1.0) and not others.textfont.color
    assert list(filled.text) == ["9"] * n and list(filled.x) == list(filled.y) == classes
    assert list(others.text) == ["1"] * (n - 1) and set(others.x) == {"c0"}
