"""Unlabelled samples on Start, and the review of what a learner labelled on Run."""

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

Open = Callable[[str], Any]
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
    app.checkbox(key=f"review.tick.{first}.{unsure}").check().run()
    assert app.button(key="review.again").label == "Make it again without the 1 ticked"
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
    assert any("1 rejected so far." in caption.value for caption in app.caption)
    app.button(key="review.back").click().run()
    assert app.button(key="review.again").label == "Make it again" and not app.button(key="review.again").disabled

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
