"""Resumed, or with one arm more, a contest trains only what is new, and the result is the same to the last digit."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.samples import Samples
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare, fitting, schedule
from augmentors.evaluate.fit_keys import dataset_content, models_content
from augmentors.evaluate.kept_fits import KeptFits, packed, unpacked
from augmentors.evaluate.scoring import FitScores, Probabilities
from augmentors.evaluate.tuning import Tuned
from augmentors.learners import features
from augmentors.learners.base import Learner
from augmentors.recipe import Recipe
from augmentors.testing import numeric_table, toy_text

LEARNERS = ["logistic", "forest"]
FOLDS = 3


@pytest.fixture(scope="module")
def data() -> Dataset:
    return numeric_table(240, 3, 0.25)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the fits of each learner."""
    counts: Counter[str] = Counter()
    real = Learner.fit

    def counted(self: Learner, *arguments: Any) -> Learner:
        counts[self.card.key] += 1
        return real(self, *arguments)

    monkeypatch.setattr(Learner, "fit", counted)
    return counts


@pytest.fixture
def contest(data: Dataset, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def run(*arms: AugmentedArm, keep_in: Path | None = tmp_path / "fits", **settings: Any) -> dict[str, Any]:
        settings = {"learners": LEARNERS, "repeats": 1, "free": ["class_weight"]} | settings
        dataset = settings.pop("dataset", data)
        split = settings.pop("split", None) or make_split(dataset, n_folds=FOLDS)
        result = compare(dataset, split, arms, keep_in=keep_in, **settings)
        return json.loads(json.dumps(result.to_json()))

    return run


def smote_arm(name: str, k: int = 3) -> AugmentedArm:
    entry = PlanEntry(target="rare", count=40, mix=(MixPart(augmenter="smote", params={"k_neighbors": k}),))
    return AugmentedArm(name, recipe=Recipe(plan=Plan(entries=(entry,))))


def copies(data: Dataset, times: float = 1.0) -> Samples:
    split = make_split(data, n_folds=FOLDS)
    train = data.take(split.train)
    own = train.positions("rare")[:12]
    frame = train.frame.iloc[own].set_axis([f"new{i}" for i in range(len(own))])
    if times != 1.0:
        frame = frame.assign(x0=frame["x0"] * times)
    parents = train.ids[own].reshape(-1, 1)
    return Samples(frame, parents, np.ones(parents.shape), pd.DataFrame({"entry": "e"}, frame.index))


def test_nothing_is_trained_twice(contest: Callable[..., dict[str, Any]], trained: Counter[str]) -> None:
    afresh = contest(smote_arm("new"), keep_in=None)
    first = contest(smote_arm("new"))
    assert trained == {name: 2 * 3 * FOLDS for name in LEARNERS}
    trained.clear()
    assert first == afresh == contest(smote_arm("new")) and not trained


def test_one_arm_more_trains_that_arm_alone(
    contest: Callable[..., dict[str, Any]], data: Dataset, trained: Counter[str]
) -> None:
    contest()
    trained.clear()
    contest(free=["class_weight", "random_over"])
    assert trained == dict.fromkeys(LEARNERS, FOLDS)
    trained.clear()
    contest(free=["class_weight", "random_over", "threshold"])
    assert not trained  # the plain model's thresholds alone are moved
    contest(AugmentedArm("taken", copies(data)), smote_arm("made"))
    assert trained == dict.fromkeys(LEARNERS, 2 * FOLDS)
    trained.clear()
    renamed = contest(AugmentedArm("another name", copies(data)), smote_arm("made"))
    assert not trained and {arm["name"] for arm in renamed["arms"]} >= {"another name", "made"}


@pytest.mark.parametrize(
    "change",
    ["parameter", "samples", "seed", "folds", "costs", "values", "learner", "code", "a broken file"],
)
def test_what_changes_a_fit_trains_it_again(
    contest: Callable[..., dict[str, Any]],
    data: Dataset,
    trained: Counter[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    arms, settings = [smote_arm("made"), AugmentedArm("taken", copies(data))], {"learners": ["logistic"]}
    contest(*arms, **settings)
    everything = {"logistic": 4 * FOLDS}
    assert trained == everything
    trained.clear()
    one_arm = {"logistic": FOLDS}
    expected = {"parameter": one_arm, "samples": one_arm, "learner": {"forest": 4 * FOLDS}}
    if change == "parameter":
        arms[0] = smote_arm("made", k=4)
    elif change == "samples":
        arms[1] = AugmentedArm("taken", copies(data, times=1.01))
    elif change == "seed":
        settings["seed"] = 1
    elif change == "folds":
        settings["split"] = make_split(data, n_folds=FOLDS, seed=5)
        arms[1] = smote_arm("other")
    elif change == "costs":
        settings["costs"] = pd.DataFrame([[0, 1], [3, 0]], ["common", "rare"], ["common", "rare"])
    elif change == "values":  # under the same fingerprint: read with another decimal sign
        settings["dataset"] = replace(data, frame=data.frame.assign(x1=data.frame["x1"] / 10))
    elif change == "learner":
        settings["learners"] = LEARNERS
    elif change == "code":
        monkeypatch.setattr("augmentors.evaluate.fit_keys.code_version", lambda: "another version")
    else:
        for path in (tmp_path / "fits").iterdir():
            path.write_bytes(path.read_bytes()[:100])
    contest(*arms, **settings)
    assert trained == expected.get(change, everything)


class StopAfter(Job):
    def __init__(self, fits: int) -> None:
        self.left = fits

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        self.left -= "is done" in message

    def check(self) -> None:
        if self.left <= 0:
            raise Cancelled("stopped")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stopped_contest_goes_on_where_it_was(
    contest: Callable[..., dict[str, Any]], trained: Counter[str], tmp_path: Path, workers: int
) -> None:
    with pytest.raises(Cancelled):
        contest(job=StopAfter(5), workers=workers)
    found = [unpacked(path.read_bytes()) for path in (tmp_path / "fits").iterdir()]
    fits = [one for one in found if isinstance(one, FitScores)]
    assert 5 <= len(fits) < 2 * 2 * FOLDS
    trained.clear()
    resumed = contest()
    assert trained.total() == 2 * 2 * FOLDS - len(fits)
    assert resumed == contest(keep_in=None)


def test_what_failed_is_tried_again(
    contest: Callable[..., dict[str, Any]], trained: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "resampled", lambda *_: 1 / 0)
        failed = contest(free=["random_under"])
    assert {arm["name"] for arm in failed["arms"]} == {"plain"}
    trained.clear()
    found = contest(free=["random_under"])
    assert trained == dict.fromkeys(LEARNERS, FOLDS)
    assert {arm["name"] for arm in found["arms"]} == {"plain", "random_under"}


def test_features_are_computed_once_and_only_for_what_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Counter[str]
) -> None:
    data = toy_text({"common": 24, "rare": 12})
    split = make_split(data, n_folds=2)
    computed: list[str] = []
    stand_in = lambda texts: computed.extend(texts) or np.ones((len(texts), 2), np.float32)  # noqa: E731
    monkeypatch.setitem(features.FEATURES, "minilm", stand_in)
    settings: dict[str, Any] = {"learners": ["minilm_logistic"], "repeats": 1, "keep_in": tmp_path}
    compare(data, split, free=["none"], **settings)
    assert len(computed) == len(data)
    compare(data, split, free=["class_weight"], **settings)
    assert len(computed) == len(data)  # read from the folder
    for path in tmp_path.iterdir():
        if isinstance(KeptFits(tmp_path).read(path.stem), np.ndarray):
            path.unlink()
    trained.clear()
    compare(data, split, free=["class_weight"], **settings)
    assert not trained and len(computed) == len(data)  # where nothing is trained, none are needed


def test_a_result_comes_back_equal(tmp_path: Path) -> None:
    test = {"macro_f1": 0.1 + 0.2, "brier": float("nan"), "per_class": {"a": {"support": 3}}, "n": np.float32(0.1)}
    resampled = {("macro_f1", None): np.arange(3.0), ("recall", "a"): np.array([np.nan, 1.0])}
    probabilities = Probabilities(np.eye(2, dtype=np.float32), None)
    fit = FitScores(
        "plain", "x", 0, 1, 5, 0, (("a", "why"),), test, test, resampled, np.eye(2, dtype=int), {"a": np.ones(2)},
        np.zeros((1, 2, 3)), probabilities,
    )  # fmt: skip
    kept = KeptFits(tmp_path)
    kept.write("key", fit)
    assert kept.has("key") and not kept.has("other") and kept.read("other") is None
    back = kept.read("key")
    assert packed(back) == packed(fit)
    assert back.refused == (("a", "why"),) and list(back.resampled) == list(resampled)
    assert type(back.test["n"]) is np.float32 and back.test["macro_f1"] == 0.1 + 0.2
    assert back.probabilities.held_out.dtype == np.float32 and back.probabilities.test is None
    tuned = [Tuned(0.5, None), Tuned(0.25, {"held_out": test})]
    assert packed(unpacked(packed(tuned))) == packed(tuned)


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="finished fit could not be written"):
        KeptFits(tmp_path / "file" / "fits").write("key", np.ones(2))


def test_long_fits_come_first_with_several_processes(
    contest: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = []
    real = schedule.Executor.as_ready

    def seen(self: Any, tasks: Any, job: Any) -> Any:
        orders.append([len(task.cards) if len(task.cards) > 1 else task.cards[0] for task in tasks])
        return real(self, tasks, job)

    monkeypatch.setattr(schedule.Executor, "as_ready", seen)
    alone, together = (contest(smote_arm("made"), workers=n, keep_in=None) for n in (1, 2))
    assert alone == together
    in_order, by_effort = (order for order in orders if order)
    assert by_effort == sorted(by_effort, reverse=True) != in_order


def test_values_of_unlabelled_samples_are_part_of_the_key(data: Dataset) -> None:
    ids = [f"unlabelled:{i}" for i in range(len(data))]
    pool = replace(data, frame=data.frame.set_axis(ids))
    other = replace(pool, frame=pool.frame.assign(x0=pool.frame["x0"] * 2))
    contents = {dataset_content(replace(data, unlabelled=beside)) for beside in (None, pool, other)}
    assert len(contents) == 3


def test_another_model_under_the_same_name_is_another_fit(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"one")
    params = {"engine": "model", "there": str(folder)}
    part = MixPart(augmenter="back_translation", params=params)
    recipe = Recipe(plan=Plan(entries=(PlanEntry(target="rare", count=5, mix=(part, part)),)))
    (first,) = models_content(recipe)
    assert models_content(recipe) == [first]
    (folder / "model.safetensors").write_bytes(b"another")
    assert models_content(recipe) != [first]
    (folder / "model.safetensors").write_bytes(b"one")
    assert models_content(recipe) == [first]
    shutil.rmtree(folder)
    assert models_content(recipe) == []
