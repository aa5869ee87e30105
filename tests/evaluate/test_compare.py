"""The comparison: what is trained on what, what is measured, and that it says no when nothing helps."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.learners.base import Learner
from augmentors.learners.metrics import CLASS_METRICS, METRICS
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.testing import toy_images, toy_table, toy_text


def overlapping(n: int = 400, seed: int = 0, gap: float = 1.5, rare: float = 0.15) -> Dataset:
    """Return two overlapping clouds, one rare."""
    rng = rng_from("overlapping", seed)
    label = rng.random(n) < rare
    frame = pd.DataFrame(rng.normal(size=(n, 4)) + gap * label[:, None] * [1, 1, 0, 0], columns=list("abcd"))
    frame["label"] = pd.Series(np.where(label, "rare", "common"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(n)], dtype="str")
    return Dataset("table", frame, Schema("label", dict.fromkeys("abcd", "number")), f"overlapping {n} {seed}")


def oversampled(data, split, n=60, seed=0, label="rare") -> Samples:
    rng = np.random.default_rng(seed)
    return RandomOversampling().fit(data.take(split.train), rng).augment(label, n, rng)


class Watch(Job):
    def __init__(self, stop_after: int | None = None) -> None:
        self.fractions: list[float] = []
        self.checks, self.stop_after = 0, stop_after

    def progress(self, fraction, message="", **counts):
        self.fractions.append(fraction)

    def check(self):
        self.checks += 1
        if self.stop_after is not None and self.checks > self.stop_after:
            raise Cancelled("stopped")


@pytest.fixture(scope="module")
def small():
    data = overlapping()
    split = make_split(data)
    return data, split, AugmentedArm("more", oversampled(data, split), "More of it")


@pytest.fixture(scope="module")
def comparison(small):
    data, split, arm = small
    return compare(data, split, [arm], learners=["logistic"])


def test_every_arm_on_every_fold(comparison):
    fits = [(f.arm, f.repeat, f.fold) for f in comparison.fits]
    expected = {(a, r, f) for a in ("plain", "class_weight", "more") for r in range(2) for f in range(5)}
    assert len(fits) == 30 and set(fits) == expected


def test_trained_on_the_remaining_folds_and_safe_children_only(small, monkeypatch):
    data, split, arm = small
    seen = []
    learnt = Learner.fit

    def watched(self, train, extra=None, job=None):
        seen.append((self.seed, self.class_weight, train.ids, extra))
        return learnt(self, train, extra)

    monkeypatch.setattr(Learner, "fit", watched)
    compare(data, split, [arm], learners=["logistic"], repeats=1)
    test = set(split.test)
    for number in range(5):
        plain, weighted, grown = seen[3 * number : 3 * number + 3]
        assert plain[0] == weighted[0] == grown[0]  # one seed for all arms
        assert (plain[1], weighted[1], grown[1]) == (False, True, False)
        expected = split.train[split.folds != number]
        assert all(np.array_equal(fit[2], expected) for fit in (plain, weighted, grown))
        assert plain[3] is None and weighted[3] is None
        parents = set(grown[3].parents.ravel())
        assert parents <= set(expected) and not parents & test
        safe = np.isin(arm.samples.parents[:, 0], expected)
        assert grown[3].frame.index.tolist() == arm.samples.frame.index[safe].tolist()


def test_json_is_strict_and_complete(comparison):
    result = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert result["verdict"]["label"] == "not yet judged" and result["verdict"]["sentence"]
    assert [(a["name"], a["learner"]) for a in result["arms"]] == [
        ("plain", "logistic"),
        ("class_weight", "logistic"),
        ("more", "logistic"),
    ]
    for arm in result["arms"]:
        assert set(arm["metrics"]) == set(arm["fold_metrics"]) == set(METRICS)
        for value in arm["metrics"].values():
            assert 0 <= value["low"] <= value["mean"] <= value["high"] <= 1
        assert set(arm["per_class"]) == {"common", "rare"}
        assert set(arm["per_class"]["rare"]) == {"support", *CLASS_METRICS}
        support = [result["support"][label] for label in result["classes"]]
        assert np.sum(arm["confusion"], axis=1) == pytest.approx(support, abs=0.01)
        curve = arm["pr_curves"]["rare"]
        assert len(curve["recall"]) == len(curve["precision"]) <= 200
    macro = [(d["arm"], d["metric"]) for d in result["differences"] if d["class"] is None]
    assert macro == [(arm, m) for arm in ("class_weight", "more") for m in METRICS]
    assert {d["class"] for d in result["differences"]} == {None, "common", "rare"}
    assert all(d["low"] <= d["mean"] <= d["high"] for d in result["differences"])
    more = result["arms"][2]
    assert more["title"] == "More of it" and more["synthetic"]["given"] == 60 > more["synthetic"]["used"] > 30


def test_differences_are_the_paired_means(comparison):
    ours, theirs = comparison.of("more", "logistic"), comparison.of("plain", "logistic")
    gaps = [a.test["macro_f1"] - b.test["macro_f1"] for a, b in zip(ours, theirs, strict=True)]
    assert comparison.difference("more", "logistic", "macro_f1").mean == pytest.approx(np.mean(gaps))
    recall = [
        a.test["per_class"]["rare"]["recall"] - b.test["per_class"]["rare"]["recall"]
        for a, b in zip(ours, theirs, strict=True)
    ]
    found = comparison.difference("more", "logistic", "recall", "rare")
    assert found.mean == pytest.approx(np.mean(recall)) and found.low < found.mean < found.high


def test_same_seed_same_result_and_another_seed_another(small, comparison):
    data, split, arm = small
    again = compare(data, split, [arm], learners=["logistic"])
    assert json.dumps(again.to_json()) == json.dumps(comparison.to_json())
    other = compare(data, split, [arm], learners=["logistic"], seed=1)
    assert json.dumps(other.to_json()) != json.dumps(comparison.to_json())


def test_progress_rises_to_one_and_cancel_stops(small):
    data, split, arm = small
    job = Watch()
    compare(data, split, [arm], learners=["logistic", "boosting"], repeats=1, job=job)
    assert job.fractions == sorted(job.fractions) and job.fractions[-1] == 1 and len(job.fractions) > 30
    with pytest.raises(Cancelled):
        compare(data, split, [arm], learners=["logistic"], job=Watch(stop_after=4))


def test_test_samples_are_never_trained_on(small):
    data, split, arm = small
    bad = replace(arm.samples, parents=np.full((60, 1), split.test[0], dtype=object))
    with pytest.raises(UserError, match=f"parent '{split.test[0]}', which is not in the training part"):
        compare(data, split, [AugmentedArm("bad", bad)], learners=["logistic"])
    both = replace(split, train=np.append(split.train, split.test[:1]), folds=np.append(split.folds, 0))
    with pytest.raises(AssertionError, match="both sides"):
        compare(data, both, learners=["logistic"])
    frame = arm.samples.frame.set_axis([split.test[0], *arm.samples.frame.index[1:]])
    with pytest.raises(AssertionError, match="about to be trained on"):
        compare(data, split, [AugmentedArm("bad", replace(arm.samples, frame=frame))], learners=["logistic"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learners": ["svm"]}, "no learner 'svm' for table data"),
        ({"learners": []}, "no learner"),
        ({"learners": ["tfidf_logistic"]}, "for table data"),
        ({"repeats": 0}, "between 1 and 20; got 0"),
    ],
)
def test_wrong_arguments(small, arguments, message):
    data, split, _ = small
    with pytest.raises(UserError, match=message):
        compare(data, split, **arguments)


def test_names_of_arms_are_unique(small):
    data, split, arm = small
    with pytest.raises(ValueError, match="two arms are named 'plain'"):
        compare(data, split, [AugmentedArm("plain", arm.samples)])


def test_one_class_or_one_fold_is_refused():
    data = overlapping(60, rare=0.0)
    with pytest.raises(UserError, match="has 1 class"):
        compare(data, make_split(data))
    data = overlapping(60)
    split = make_split(data)
    with pytest.raises(UserError, match="only one fold"):
        compare(data, replace(split, folds=np.zeros_like(split.folds)))


def test_samples_without_parents_are_left_out_and_said(small):
    data, split, arm = small
    orphans = replace(arm.samples, parents=np.full((60, 1), "", dtype=object))
    result = compare(data, split, [AugmentedArm("generated", orphans)], learners=["logistic"], repeats=1)
    assert all(fit.used == 0 for fit in result.fits)
    assert any("60 new samples have no parents" in note for note in result.notes)


def test_class_with_one_sample_and_class_only_in_test():
    data = toy_table({"common": 40, "some": 20, "once": 1, "pair": 2})
    split = make_split(data)
    result = compare(data, split, learners=["logistic"], repeats=1).to_json()
    json.dumps(result, allow_nan=False)
    assert result["support"]["once"] in (0, 1)
    assert any("'pair'" in note for note in result["notes"])
    lonely = next(c for c, n in result["support"].items() if n == 0)
    assert result["arms"][0]["per_class"][lonely]["recall"] is None


def test_without_augmented_arms(small):
    data, split, _ = small
    result = compare(data, split, learners=["logistic"], repeats=1).to_json()
    assert {arm["name"] for arm in result["arms"]} == {"plain", "class_weight"}


@pytest.mark.parametrize("kind", ["text", "image"])
def test_other_kinds_with_features_computed_once(kind, tmp_path, monkeypatch):
    from augmentors.learners import cnn, features

    monkeypatch.setattr(cnn, "_MIN_STEPS", 4)
    counts = {"common": 24, "rare": 12}
    data = toy_text(counts) if kind == "text" else toy_images(tmp_path, counts)
    split = make_split(data, n_folds=2)
    computed = []
    for name in ("minilm", "efficientnet"):
        stand_in = lambda items: computed.extend(items) or np.ones((len(items), 2), np.float32)  # noqa: E731
        monkeypatch.setitem(features.FEATURES, name, stand_in)
    job = Watch()
    arm = AugmentedArm("copies", copies(data, split))
    result = compare(data, split, [arm], repeats=1, job=job).to_json()
    assert len(result["learners"]) == 3 and len(result["arms"]) == 9
    assert len(computed) == len(data) + len(arm.samples)
    assert job.fractions == sorted(job.fractions)


def copies(data, split) -> Samples:
    train = data.take(split.train)
    own = train.positions("rare")
    frame = train.frame.iloc[own].set_axis([f"new{i}" for i in range(len(own))])
    images = [np.full((8, 8), i, np.uint8) for i in range(len(own))] if data.kind == "image" else None
    parents = train.ids[own].reshape(-1, 1)
    return Samples(frame, parents, np.ones(parents.shape), pd.DataFrame({"entry": "e"}, frame.index), images)


@pytest.mark.slow
def test_two_draws_of_one_recipe_seldom_differ():
    """Null: copies drawn with two seeds; the interval of their difference should hold 0."""
    covered = []
    for seed in range(40):
        data = overlapping(400, seed)
        split = make_split(data, seed=seed)
        arms = [AugmentedArm(str(i), oversampled(data, split, seed=i)) for i in range(2)]
        result = compare(data, split, arms, learners=["logistic"], seed=seed)
        ours, theirs = (result.of(str(i), "logistic") for i in range(2))
        result.fits[:] = [replace(f, arm="plain") for f in theirs] + [replace(f, arm="new") for f in ours]
        for metric in METRICS:
            interval = result.difference("new", "logistic", metric)
            covered.append(interval.low <= 0 <= interval.high)
    assert np.mean(covered) >= 0.93


@pytest.mark.slow
def test_a_real_gain_is_seen():
    """Shift: without the new samples the rare class is all but unknown."""
    seen = []
    for seed in range(10):
        data = overlapping(3000, seed, gap=1.2, rare=0.05)
        split = make_split(data, seed=seed)
        arm = AugmentedArm("more", oversampled(data, split, n=1500, seed=seed))
        result = compare(data, split, [arm], learners=["logistic"], seed=seed)
        seen.append(result.difference("more", "logistic", "balanced_accuracy").low > 0)
    assert np.mean(seen) >= 0.9


def test_cancel_ends_the_other_processes(tmp_path):
    """A net in training is not waited for: with 100 steps or more per fit, the processes are simply ended."""
    import multiprocessing

    data = toy_images(tmp_path, {"common": 24, "rare": 12})
    split = make_split(data, n_folds=2)
    with pytest.raises(Cancelled):
        compare(data, split, learners=["small_cnn"], job=Watch(stop_after=6), workers=2)
    assert multiprocessing.active_children() == []
