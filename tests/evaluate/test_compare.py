"""The comparison: what is trained on what, what is measured, and that it says no when nothing helps."""

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm
from augmentors.evaluate import compare as compare_all
from augmentors.evaluate.comparison import bounds
from augmentors.evaluate.free_arms import free_arms, resampled
from augmentors.evaluate.verdict import ORDER
from augmentors.learners.base import Learner
from augmentors.learners.metrics import CLASS_METRICS, METRICS
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.testing import toy_images, toy_table, toy_text

# Most of what is tested here is the same with one free arm, and quicker.
compare = partial(compare_all, free=["class_weight"])


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
        assert (plain[1], weighted[1], grown[1]) == (None, "balanced", None)
        expected = split.train[split.folds != number]
        assert all(np.array_equal(fit[2], expected) for fit in (plain, weighted, grown))
        assert plain[3] is None and weighted[3] is None
        parents = set(grown[3].parents.ravel())
        assert parents <= set(expected) and not parents & test
        safe = np.isin(arm.samples.parents[:, 0], expected)
        assert grown[3].frame.index.tolist() == arm.samples.frame.index[safe].tolist()


def test_json_is_strict_and_complete(comparison):
    result = json.loads(json.dumps(comparison.to_json(), allow_nan=False))
    assert result["verdict"]["label"] in ORDER and result["verdict"]["sentence"]
    assert [(a["name"], a["learner"]) for a in result["arms"]] == [
        ("plain", "logistic"),
        ("class_weight", "logistic"),
        ("more", "logistic"),
    ]
    for arm in result["arms"]:
        assert set(arm["metrics"]) == set(METRICS)
        assert set(arm["fold_metrics"]) == {*METRICS, "tuned_macro_f1"}
        for name, value in arm["metrics"].items():
            low, high = bounds(name)
            assert low <= value["low"] <= value["mean"] <= value["high"] <= high
        parts = arm["brier_parts"]
        total = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within_bins"]
        assert total == pytest.approx(arm["metrics"]["brier"]["mean"], abs=1e-5)
        assert sum(arm["calibration"]["rare"]["samples"]) == pytest.approx(sum(result["support"].values()), abs=1)
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
    from augmentors.learners import features
    from augmentors.learners.cnn import SmallCnn

    monkeypatch.setattr(SmallCnn, "min_steps", 4)
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


def test_every_free_arm_runs_and_a_moved_threshold_moves_decisions_alone(small):
    data, split, arm = small
    found = compare_all(data, split, [arm], learners=["logistic"], repeats=1)
    assert [a.name for a, _ in found.runs()] == ["plain", *(one.key for one in free_arms("table")), "more"]
    plain, moved = found.of("plain", "logistic"), found.of("threshold", "logistic")
    for before, after in zip(plain, moved, strict=True):
        for metric in ("average_precision", "roc_auc", "brier", "log_loss", "ece"):
            assert after.test[metric] == before.test[metric]
            assert after.held_out[metric] == before.held_out[metric]
        assert after.held_out["macro_f1"] == before.held_out["tuned_macro_f1"]
        assert after.probabilities is None
    assert any(a.test["macro_f1"] != b.test["macro_f1"] for a, b in zip(plain, moved, strict=True))
    under, over = (found.of(name, "logistic")[0].n_fit for name in ("random_under", "random_over"))
    assert under < plain[0].n_fit < over
    with pytest.raises(UserError, match="no arm 'smote' for table data"):
        compare_all(data, split, free=["smote"])


def test_resampling_reaches_the_smallest_and_the_largest_class():
    train = toy_table({"common": 30, "some": 12, "rare": 5})
    under, over = (resampled(train, how, np.random.default_rng(0)) for how in ("under", "over"))
    assert set(under.class_counts.values()) == {5} and set(over.class_counts.values()) == {30}
    assert len(set(under.ids)) == len(under) and set(over.ids) == set(train.ids)


def test_tuned_thresholds_gain_nothing_on_noise():
    """Labels that nothing predicts: out of fold, tuning must look no better than on fresh data."""
    gaps = []
    for seed in range(6):
        data = overlapping(400, seed, gap=0.0, rare=0.3)
        found = compare_all(data, make_split(data, seed=seed), learners=["forest"], repeats=1, free=["threshold"])
        fits = found.of("threshold", "forest")
        gaps.append(np.mean([fit.held_out["macro_f1"] - fit.test["macro_f1"] for fit in fits]))
    assert abs(np.mean(gaps)) < 3 * np.std(gaps, ddof=1) / np.sqrt(len(gaps)) + 0.01


def test_what_fails_in_one_arm_is_told_and_the_rest_goes_on(small, monkeypatch):
    from augmentors.learners import table

    data, split, arm = small

    def refuse(model, ensemble, seed):
        if ensemble is not None:
            raise ValueError("this bag is  empty")
        return model

    monkeypatch.setattr(table, "in_ensemble", refuse)
    found = compare_all(data, split, [arm], learners=["logistic", "boosting"], repeats=1)
    result = found.to_json()
    assert [(f["arm"], f["learner"], f["fits"], f["reason"]) for f in result["failed"]] == [
        ("balanced_bagging", key, 5, "ValueError: this bag is empty") for key in ("logistic", "boosting")
    ]
    assert "balanced_bagging" not in {a["name"] for a in result["arms"]} and result["verdict"]["label"] in ORDER


def test_a_learner_whose_plain_model_fails_is_left_out(small, monkeypatch):
    from augmentors.learners import table

    data, split, arm = small
    learn = table.Boosting._fit

    def refuse_plain(self, train, extra, codes, job):
        if self.class_weight is None and extra is None:
            raise ValueError("too few rows")
        learn(self, train, extra, codes, job)

    monkeypatch.setattr(table.Boosting, "_fit", refuse_plain)
    result = compare(data, split, [arm], learners=["logistic", "boosting"], repeats=1).to_json()
    assert [one["key"] for one in result["learners"]] == ["logistic"]
    assert {a["learner"] for a in result["arms"]} == {"logistic"} and result["failed"][0]["learner"] == "boosting"
    with pytest.raises(UserError, match=r"No model could be trained.*ValueError: too few rows"):
        compare(data, split, [arm], learners=["boosting"], repeats=1)


def test_costs_are_measured_and_a_wrong_matrix_is_named(small):
    data, split, _ = small
    costs = pd.DataFrame([[0, 1], [20, 0]], ["common", "rare"], ["common", "rare"])
    found = compare(data, split, learners=["logistic"], repeats=1, costs=costs).to_json()
    plain = found["arms"][0]
    (right, false_alarm), (missed, hit) = plain["confusion"]
    whole = right + false_alarm + missed + hit
    assert plain["metrics"]["cost"]["mean"] == pytest.approx((false_alarm + 20 * missed) / whole, abs=1e-3)
    for bad, message in (
        (costs.iloc[:1], "must have 2 rows and 2 columns, one per class; got 1 rows and 2 columns"),
        (costs.rename(index={"rare": "odd"}), "no row for class 'rare'"),
        (
            costs.astype(object).replace(20, "much"),
            "when 'rare' is true must be a number; got 'much'",
        ),
    ):
        with pytest.raises(UserError, match=message):
            compare(data, split, costs=bad)


def test_cancel_ends_the_other_processes(tmp_path):
    """A net in training is not waited for: with 100 steps or more per fit, the processes are simply ended."""
    import multiprocessing

    data = toy_images(tmp_path, {"common": 24, "rare": 12})
    split = make_split(data, n_folds=2)
    with pytest.raises(Cancelled):
        compare(data, split, learners=["small_cnn"], job=Watch(stop_after=6), workers=2)
    assert multiprocessing.active_children() == []
