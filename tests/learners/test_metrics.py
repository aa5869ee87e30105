"""Metrics against numbers worked out by hand, and the fast ones against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.learners.metrics import (
    CLASS_METRICS,
    METRICS,
    confusion,
    pr_curve,
    precision_at,
    scores,
)
from augmentors.learners.resampled import bootstrap_weights, resampled_scores

CLASSES = ["a", "b", "c"]
# True a a a b b c; predicted a a b b a c.
Y = np.array(["a", "a", "a", "b", "b", "c"])
PROBA = np.array([[0.8, 0.1, 0.1], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.3, 0.5, 0.2], [0.5, 0.4, 0.1], [0.1, 0.1, 0.8]])


def test_golden_three_classes():
    result = scores(Y, PROBA, CLASSES)
    # a: 2 of 3 found, 2 of 3 right; b: 1 of 2 found, 1 of 2 right; c: all.
    assert result["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert result["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    # a, ranked .8 .6 .5(b) .3(b) .2(a): 1/3·(1 + 1 + 3/5). b: .7(a) .5 .4 .3: 1/2·(1/2 + 2/3). c: 1.
    ap = {"a": (1 + 1 + 3 / 5) / 3, "b": (1 / 2 + 2 / 3) / 2, "c": 1.0}
    assert {c: result["per_class"][c]["average_precision"] for c in CLASSES} == pytest.approx(ap)
    assert result["average_precision"] == pytest.approx(sum(ap.values()) / 3)
    squares = [0.06, 0.26, 1.14, 0.38, 0.62, 0.06]
    assert result["brier"] == pytest.approx(sum(squares) / 6 / 2)
    assert [result["per_class"][c]["support"] for c in CLASSES] == [3, 2, 1]
    assert confusion(Y, PROBA, CLASSES).tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_brier_of_two_classes_is_the_usual_one():
    from sklearn.metrics import brier_score_loss

    p = np.array([0.1, 0.4, 0.8, 0.9])
    y = np.array(["n", "y", "y", "n"])
    assert scores(y, np.c_[1 - p, p], ["n", "y"])["brier"] == pytest.approx(brier_score_loss(y == "y", p))


def test_class_without_true_samples_is_left_out_of_averages():
    result = scores(Y[:5], PROBA[:5], CLASSES)
    assert result["balanced_accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert np.isnan(result["per_class"]["c"]["recall"]) and result["per_class"]["c"]["support"] == 0


def test_never_predicted_class_has_precision_zero():
    proba = np.tile([0.9, 0.1], (4, 1))
    result = scores(["a", "a", "b", "b"], proba, ["a", "b"])
    assert result["per_class"]["b"]["precision"] == result["per_class"]["b"]["recall"] == 0
    assert result["average_precision"] == pytest.approx(0.5)  # a constant ranks nothing


def test_nothing_to_score_is_nan():
    result = scores([], np.empty((0, 2)), ["a", "b"])
    assert np.isnan(result["macro_f1"]) and result["per_class"]["a"]["support"] == 0
    assert confusion([], np.empty((0, 2)), ["a", "b"]).sum() == 0


def test_unknown_label_is_named():
    with pytest.raises(ValueError, match="'z' is none of the 2 classes"):
        scores(["z"], np.array([[0.5, 0.5]]), ["a", "b"])


def test_pr_curve_is_thin_and_keeps_its_ends():
    rng = np.random.default_rng(0)
    is_class = rng.random(5000) < 0.1
    curve = pr_curve(is_class, is_class * 0.3 + rng.random(5000))
    assert len(curve["recall"]) <= 200
    assert curve["recall"][0] == 0 and curve["recall"][-1] == 1
    assert (np.diff(curve["recall"]) >= 0).all() and curve["threshold"][0] is None


def test_pr_curve_golden():
    curve = pr_curve(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    assert curve["recall"] == [0, 0.5, 0.5, 1]
    assert curve["precision"] == pytest.approx([1, 1, 1 / 2, 2 / 3])
    assert curve["threshold"] == [None, 0.9, 0.8, 0.7]
    grid = np.array([0, 0.5, 0.75, 1])
    at = precision_at(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]), grid)
    assert at == pytest.approx([1, 1, 2 / 3, 2 / 3])


@settings(deadline=None)  # shared machines are slow now and then
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(8, 60))
def test_unit_weights_give_the_plain_scores(seed, k, n):
    rng = np.random.default_rng(seed)
    classes = [f"c{i}" for i in range(k)]
    y = np.array(classes)[rng.integers(0, k, n)]
    # Rounded, so that tied scores occur.
    proba = np.round(rng.dirichlet(np.ones(k), n), 1)
    plain = scores(y, proba, classes)
    fast = resampled_scores(y, proba, classes, np.ones((1, n), np.float32))
    for (metric, label), value in fast.items():
        expected = plain[metric] if label is None else plain["per_class"][label][metric]
        assert value[0] == pytest.approx(expected, abs=1e-6, nan_ok=True), (metric, label)
    assert len(fast) == len(METRICS) + k * len(CLASS_METRICS)


def test_weights_are_repetitions():
    weights = np.array([[1, 2, 0, 3, 1, 1]], np.float32)
    repeated = np.repeat(np.arange(6), weights[0].astype(int))
    fast = resampled_scores(Y, PROBA, CLASSES, weights)
    plain = scores(Y[repeated], PROBA[repeated], CLASSES)
    for metric in METRICS:
        assert fast[metric, None][0] == pytest.approx(plain[metric])


def test_bootstrap_keeps_every_class_at_its_size():
    codes = np.repeat([0, 1, 2], [50, 5, 1])
    weights = bootstrap_weights(codes, 3, np.random.default_rng(0))
    assert weights.shape == (200, 56)
    for code, size in ((0, 50), (1, 5), (2, 1)):
        assert (weights[:, codes == code].sum(axis=1) == size).all()
    assert bootstrap_weights(np.zeros(200_000, int), 50, np.random.default_rng(0)).shape[0] == 30
