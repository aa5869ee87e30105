"""Numbers and label sets: resumed, or with one arm more, a contest trains only what is new, with equal results."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled
from augmentors.core.job import Job
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, target_fits
from augmentors.evaluate.kept_fits import packed, unpacked
from augmentors.evaluate.target_compare import compare_targets
from augmentors.evaluate.target_scores import TargetFit
from augmentors.learners.labellers import Labeller
from augmentors.learners.regressors import Regressor
from augmentors.recipe import Recipe
from augmentors.testing import toy_multilabel, toy_regression

FOLDS = 3
COUNTS = {"a": 90, "b": 60, "c": 30}
DATA = {"regression": toy_regression(COUNTS), "multilabel": toy_multilabel(COUNTS)}
LEARNERS = {"regression": ["ridge", "forest"], "multilabel": ["logistic", "forest"]}
FREE = {"regression": "relevance_weight", "multilabel": "class_weight"}
TASKS = tuple(DATA)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the fits of each learner."""
    counts: Counter[str] = Counter()

    def count(cls: Any) -> None:
        real = cls.fit

        def counted(self: Any, *arguments: Any) -> Any:
            counts[self.card.key] += 1
            return real(self, *arguments)

        monkeypatch.setattr(cls, "fit", counted)

    count(Regressor)
    count(Labeller)
    return counts


def arm(data: Dataset, name: str = "new", k: int = 3) -> AugmentedArm:
    key = {"regression": "smogn", "multilabel": "mlsmote"}[data.schema.task]
    entry = PlanEntry(
        target=list(data.class_counts)[-1], count=20, mix=(MixPart(augmenter=key, params={"k_neighbors": k}),)
    )
    return AugmentedArm(name, recipe=Recipe(plan=Plan(entries=(entry,))))


def contest(task: str, *arms: AugmentedArm, keep_in: Path | None = None, **settings: Any) -> dict[str, Any]:
    data = DATA[task]
    settings = {"free": ["none"], "repeats": 1, "learners": LEARNERS[task]} | settings
    found = compare_targets(data, make_split(data, n_folds=FOLDS), arms, keep_in=keep_in, **settings)
    return json.loads(json.dumps(found.to_json()))


@pytest.mark.parametrize("task", TASKS)
def test_one_arm_more_trains_that_arm_alone(task: str, trained: Counter[str], tmp_path: Path) -> None:
    new, each = arm(DATA[task]), dict.fromkeys(LEARNERS[task], FOLDS)
    contest(task, keep_in=tmp_path)
    assert trained == each
    trained.clear()
    contest(task, keep_in=tmp_path, free=[FREE[task]])
    assert trained == each
    trained.clear()
    both = contest(task, new, keep_in=tmp_path, free=[FREE[task]])
    assert trained == each
    trained.clear()
    renamed = contest(task, arm(DATA[task], "another name"), keep_in=tmp_path, free=[FREE[task]])
    assert not trained and "another name" in {one["name"] for one in renamed["arms"]}
    assert both == contest(task, new, keep_in=tmp_path, free=[FREE[task]]) and not trained
    assert both == contest(task, new, free=[FREE[task]])


@pytest.mark.parametrize("change", ["parameter", "seed", "learner", "ranges", "code", "a broken file"])
def test_what_changes_a_fit_trains_it_again(
    change: str, trained: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, settings, k = "regression", {"learners": ["ridge"]}, 3
    contest(task, arm(DATA[task]), keep_in=tmp_path, **settings)
    expected = {"ridge": 2 * FOLDS}
    trained.clear()
    if change == "parameter":
        k, expected = 4, {"ridge": FOLDS}
    elif change == "seed":
        settings["seed"] = 1
    elif change == "learner":
        settings["learners"], expected = ["ridge", "forest"], {"forest": 2 * FOLDS}
    elif change == "ranges":
        monkeypatch.setitem(DATA, task, other_ranges(DATA[task]))
    elif change == "code":
        monkeypatch.setattr("augmentors.evaluate.fit_keys.code_version", lambda: "another version")
    else:
        for path in tmp_path.iterdir():
            path.write_bytes(path.read_bytes()[:100])
    contest(task, arm(DATA[task], k=k), keep_in=tmp_path, **settings)
    assert trained == expected


def other_ranges(data: Dataset) -> Dataset:
    """Return the same rows with another cut between the rare range and the rest."""

    ranges = data.schema.ranges
    assert ranges is not None
    return replace(data, schema=replace(data.schema, ranges=replace(ranges, cuts=(*ranges.cuts[:-1], 21.0))))


class StopAfter(Job):
    def __init__(self, tasks: int) -> None:
        self.left = tasks

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        self.left -= message.startswith("Fit ")

    def check(self) -> None:
        if self.left <= 0:
            raise Cancelled("stopped")


def test_a_stopped_contest_goes_on_where_it_was(trained: Counter[str], tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        contest("multilabel", keep_in=tmp_path, job=StopAfter(2))
    assert trained == dict.fromkeys(LEARNERS["multilabel"], 2)
    trained.clear()
    resumed = contest("multilabel", keep_in=tmp_path)
    assert trained == dict.fromkeys(LEARNERS["multilabel"], FOLDS - 2)
    assert resumed == contest("multilabel")


def test_what_failed_is_tried_again(trained: Counter[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(target_fits, "relevance_weights", lambda *_: 1 / 0)
        failed = contest("regression", keep_in=tmp_path, free=["relevance_weight"])
    assert {one["name"] for one in failed["arms"]} == {"plain"}
    trained.clear()
    found = contest("regression", keep_in=tmp_path, free=["relevance_weight"])
    assert trained == dict.fromkeys(LEARNERS["regression"], FOLDS)
    assert {one["name"] for one in found["arms"]} == {"plain", "relevance_weight"}


def test_a_fit_comes_back_equal() -> None:
    fit = TargetFit(
        "plain", "ridge", 0, 1, 5, 2, (("high", "why"),), {"mae": 0.1 + 0.2, "rare_mae": float("nan")}, {"mae": 1.0},
        {"mae": {"low": 1.5}}, {"low": 0.5}, {"mae": np.array([1.0, np.nan])},
    )  # fmt: skip
    back = unpacked(packed(fit))
    assert packed(back) == packed(fit) and back.refused == fit.refused and back.test["mae"] == 0.1 + 0.2
