"""Unlabelled samples on Start, and the review of what a learner labelled on Run."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from augmentors import jobs
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB
from augmentors.core.plan import MixPart
from augmentors.export.confidence import pseudo_labelled
from augmentors.ingest import sample
from augmentors.plan_draft import PlanDraft
from augmentors.prepare import unlabelled_job
from augmentors.recipe import from_yaml
from augmentors.store import Workspace
from pages.ui import frame, snippets

Open = Callable[[str], Any]
ROOT = Path(__file__).resolve().parents[2]
PRECISION = {"precision": 0.6}


def wait(workspace: Workspace, job_id: str, seconds: float = 120) -> jobs.JobState:
    deadline = time.monotonic() + seconds
    while (state := jobs.read_state(workspace.jobs_dir, job_id)).active:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return state


def runs(workspace: Workspace) -> list[jobs.JobState]:
    return [job for job in jobs.list_jobs(workspace.jobs_dir) if job.kind == "balance"]


def wines_without_labels(path: Path) -> None:
    """Write wines like those of the sample, but for a third of a column's spread."""
    wines = pd.read_csv(sample("tiny").path)
    rng = np.random.default_rng(0)
    more = pd.concat([wines] * 3, ignore_index=True)
    numbers = more.select_dtypes("number").columns
    more[numbers] += rng.normal(size=(len(more), len(numbers))) * (wines[numbers].std() / 3).to_numpy()
    more[numbers].to_csv(path, index=False)


@pytest.fixture
def beside(workspace: Workspace, loaded: Callable[..., str]) -> str:
    """The small sample with unlabelled wines beside it; gives the dataset's id."""
    dataset_id = loaded("tiny")
    folder = workspace.upload_dir()
    wines_without_labels(folder / "more.csv")
    source = {"upload": str((folder / "more.csv").relative_to(workspace.path))}
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "source": source, "name": "more.csv"}
    assert unlabelled_job(arguments, NO_JOB, folder)["rows"] == 420
    return dataset_id


def test_start_says_what_there_is_and_takes_it_away(open_step: Open, workspace: Workspace, beside: str) -> None:
    app = open_step("start")
    assert any(expander.label == "Unlabelled samples: 420 beside the labelled ones" for expander in app.expander)
    assert any("420 of 420 samples are used." in element.value for element in app.markdown)
    assert workspace.load_dataset(beside).unlabelled is not None
    app.button(key="unlabelled.remove").click().run()
    assert not app.exception
    assert workspace.load_dataset(beside).unlabelled is None
    assert any(expander.label == "Unlabelled samples" for expander in app.expander)


def test_other_columns_are_a_red_box(open_step: Open, workspace: Workspace, loaded: Callable[..., str]) -> None:
    dataset_id = loaded("tiny")
    folder = workspace.upload_dir()
    (folder / "other.csv").write_text("a,b\n1,2\n3,4\n")
    source = {"upload": str((folder / "other.csv").relative_to(workspace.path))}
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id, "source": source, "name": "other.csv"}
    with pytest.raises(UserError, match="has other columns than the labelled data"):
        unlabelled_job(arguments, NO_JOB, folder)
    job_id = jobs.submit(
        workspace.jobs_dir, "augmentors.prepare:unlabelled_job", arguments, title="Reading other.csv", kind="unlabelled"
    )
    assert wait(workspace, job_id).status == "failed"
    app = open_step("start")
    said = " ".join(box.value.replace("\\", "") for box in app.error)
    assert "has other columns than the labelled data: it lacks 'alcohol'" in said


def test_what_is_rejected_in_review_does_not_count_and_the_recipe_says_so(
    open_step: Open, workspace: Workspace, beside: str
) -> None:
    part = MixPart(augmenter="pseudo_labelling", params=PRECISION)
    draft = PlanDraft(mix={"barbera": (part,)})
    workspace.write_note(f"plan-{beside}", {"draft": draft.model_dump(mode="json"), "entries": {}})
    app = open_step("plan")
    app.button(key="plan.run").click().run()
    assert not app.exception
    (job,) = runs(workspace)
    done = wait(workspace, job.id)
    assert done.status == "done" and done.result is not None, done.error
    first = str(done.result["version_id"])
    found = pseudo_labelled(workspace.version_path(first))
    assert len(found) >= 5 and found["confidence"].is_monotonic_increasing
    unsure = found["unlabelled"].iloc[0]

    app = open_step("run")
    assert app.button(key="review.again").disabled
    assert app.button(key="review.again").label == "Nothing is ticked yet"
    app.checkbox(key=f"review.tick.{first}.{unsure}").check().run()
    assert app.button(key="review.again").label == "Make a new version without the 1 ticked"
    app.button(key="review.again").click().run()
    assert not app.exception
    newest = max(runs(workspace), key=lambda one: one.submitted)
    again = wait(workspace, newest.id)
    assert again.status == "done" and again.result is not None, again.error
    second = str(again.result["version_id"])
    assert second != first
    assert unsure not in set(pseudo_labelled(workspace.version_path(second))["unlabelled"])
    recipe = from_yaml((workspace.version_path(second) / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe.data is not None and recipe.data.unlabelled is not None
    assert recipe.data.unlabelled.rejected == (unsure,)

    app = open_step("run")
    assert any("1 rejected so far: they are not taken over any more." in caption.value for caption in app.caption)
    app.button(key="review.back").click().run()
    assert app.button(key="review.again").label == "Make a new version with them"
    assert not app.button(key="review.again").disabled

    app = open_step("compare")
    assert app.button_group(key=f"compare.arms.semi_supervised.{beside}").options
    workspace.drop_unlabelled(beside)
    app = open_step("compare")
    with pytest.raises(KeyError):
        app.button_group(key=f"compare.arms.semi_supervised.{beside}")


def test_a_plan_without_pseudo_labels_names_no_unlabelled_data(open_step: Open, beside: str) -> None:
    app = open_step("plan")
    recipe = from_yaml(next(code.value for code in app.code if "counterweight: 1" in code.value))
    assert recipe.data is not None and recipe.data.unlabelled is None


def planned(workspace: Workspace, dataset_id: str, mix: dict[str, tuple[MixPart, ...]], open_step: Open) -> str:
    """Run a plan from the Plan screen; give the version's id."""
    draft = PlanDraft(mix=mix)
    workspace.write_note(f"plan-{dataset_id}", {"draft": draft.model_dump(mode="json"), "entries": {}})
    open_step("plan").button(key="plan.run").click().run()
    done = wait(workspace, max(runs(workspace), key=lambda one: one.submitted).id)
    assert done.status == "done" and done.result is not None, done.error
    return str(done.result["version_id"])


def shown_code(app: Any) -> dict[str, str]:
    """Return recipe, Python and commands of the screen's last code panel by language."""
    return {code.language: code.value for code in app.code}


def carried_out(code: str, language: str, folder: Path) -> str:
    """Run shown code in a folder, as somebody who copies it would; give what it printed."""
    (folder / "bin").mkdir(exist_ok=True)
    python = folder / "bin" / "python"
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
    script = folder / "shown.py"
    script.write_text(f"if __name__ == '__main__':\n{textwrap.indent(code, '    ')}\n")
    command = [str(python), str(script)] if language == "python" else ["bash", "-ec", code]
    paths = {"PATH": f"{python.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | paths, check=False)
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    return done.stdout


def work_folder(folder: Path) -> Path:
    """Return a folder with the two files that the dataset in work was read from."""
    shutil.copy(sample("tiny").path, folder / sample("tiny").path.name)
    wines_without_labels(folder / "more.csv")
    return folder


@pytest.mark.parametrize("key", ["pseudo_labelling", "smote"])
def test_the_code_shown_beside_a_version_makes_it_again(
    key: str, open_step: Open, workspace: Workspace, beside: str, tmp_path: Path
) -> None:
    part = MixPart(augmenter=key, params=PRECISION if key == "pseudo_labelling" else {})
    made = planned(workspace, beside, {"barbera": (part,)}, open_step)
    wanted = (workspace.version_path(made) / "manifest.json").read_text(encoding="utf-8")
    folder = work_folder(tmp_path)
    shown = shown_code(open_step("export"))
    (folder / "recipe.yaml").write_text(shown["yaml"], encoding="utf-8")
    for language in ("python", "bash"):
        carried_out(shown[language], language, folder)
        assert (folder / "balanced" / "manifest.json").read_text(encoding="utf-8") == wanted
        shutil.rmtree(folder / "balanced")
    # The Plan's own panel, of the draft that was run, says the same.
    (folder / "recipe.yaml").write_text(shown_code(open_step("plan"))["yaml"], encoding="utf-8")
    carried_out(shown["bash"], "bash", folder)
    assert (folder / "balanced" / "manifest.json").read_text(encoding="utf-8") == wanted


def test_the_code_shown_after_a_review_leaves_out_what_was_rejected(
    open_step: Open, workspace: Workspace, beside: str, tmp_path: Path
) -> None:
    mix = {"barbera": (MixPart(augmenter="pseudo_labelling", params=PRECISION),)}
    first = planned(workspace, beside, mix, open_step)
    gone = pseudo_labelled(workspace.version_path(first))["unlabelled"].iloc[0]
    workspace.write_note(f"review-{beside}", {"rejected": [gone]})
    second = planned(workspace, beside, mix, open_step)
    folder = work_folder(tmp_path)
    shown = shown_code(open_step("export"))
    (folder / "recipe.yaml").write_text(shown["yaml"], encoding="utf-8")
    carried_out(shown["python"], "python", folder)
    wanted = (workspace.version_path(second) / "manifest.json").read_text(encoding="utf-8")
    assert (folder / "balanced" / "manifest.json").read_text(encoding="utf-8") == wanted
    assert gone not in set(pseudo_labelled(folder / "balanced")["unlabelled"])


def test_the_code_shown_on_start_augment_and_compare_knows_the_unlabelled_samples(
    open_step: Open, workspace: Workspace, beside: str, tmp_path: Path
) -> None:
    part = MixPart(augmenter="pseudo_labelling", params=PRECISION)
    made = planned(workspace, beside, {"barbera": (part,)}, open_step)
    folder = work_folder(tmp_path)
    start = shown_code(open_step("start"))
    assert "420 unlabelled samples lie beside them." in carried_out(start["bash"], "bash", folder)
    counted = start["python"] + "\nprint(len(dataset.unlabelled))"
    assert carried_out(counted, "python", folder).strip() == "420"

    data = frame.Data(workspace, beside, workspace.facts(beside))
    python = snippets.augment_python(data, part, "barbera", 3)
    assert "unlabelled:" in carried_out(python + "\nprint(samples.parents)", "python", folder)
    carried_out(snippets.augment_shell(data, part), "bash", folder)

    shutil.rmtree(folder / "balanced")
    shutil.copytree(workspace.version_path(made), folder / "balanced")
    shutil.copy(folder / "balanced" / "recipe.yaml", folder / "recipe.yaml")
    settings = (["logistic"], 1, ["crest"])
    told = carried_out(snippets.compare_python(data, *settings), "python", folder)
    carried_out(snippets.compare_shell(data, *settings), "bash", folder)
    found = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert {arm["name"] for arm in found["arms"]} >= {"plain", "crest"} and not found.get("failures")
    assert found["verdict"]["label"] in told
