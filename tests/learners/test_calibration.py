"""Calibration and costs against scikit-learn and numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.learners.calibration import brier_parts, expected_calibration_error, reliability_bins
from augmentors.learners.metrics import scores


def drawn(seed: int, k: int, n: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    rng = np.random.default_rng(seed)
    codes = np.r_[np.arange(k), rng.integers(0, k, n)]
    return codes, rng.dirichlet(np.ones(k), len(codes)), [f"c{i}" for i in range(k)]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(8, 60))
def test_metrics_are_scikit_learns(seed, k, n):
    from sklearn.metrics import balanced_accuracy_score, log_loss, matthews_corrcoef, recall_score, roc_auc_score

    codes, proba, classes = drawn(seed, k, n)
    found = scores(np.array(classes)[codes], proba, classes)
    decided = proba.argmax(axis=1)
    assert found["log_loss"] == pytest.approx(log_loss(codes, proba))
    assert found["mcc"] == pytest.approx(matthews_corrcoef(codes, decided))
    assert found["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(codes, decided))
    auc = np.mean([roc_auc_score(codes == i, proba[:, i]) for i in range(k)])
    assert found["roc_auc"] == pytest.approx(auc)
    if k > 2:
        assert auc == pytest.approx(roc_auc_score(codes, proba, multi_class="ovr", average="macro"))
    recall = recall_score(codes, decided, average=None)
    assert found["g_mean"] == pytest.approx(np.prod(recall) ** (1 / k))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(8, 60))
def test_parts_of_the_brier_score_sum_to_it(seed, k, n):
    codes, proba, classes = drawn(seed, k, n)
    found = scores(np.array(classes)[codes], proba, classes)
    parts = found["brier_parts"]
    total = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["within_bins"]
    assert total == pytest.approx(found["brier"])


def test_parts_of_the_brier_score_by_hand():
    # Ten samples at .2, of which 4 are of the class; ten at .8, of which 6 are: shares .5.
    codes = np.r_[np.ones(4), np.zeros(6), np.ones(6), np.zeros(4)].astype(int)
    p = np.repeat([0.2, 0.8], 10)
    parts = brier_parts(codes, np.c_[1 - p, p])
    # Both classes count, halved again: each part is that of one class.
    assert parts["reliability"] == pytest.approx(0.04)
    assert parts["resolution"] == pytest.approx(0.01)
    assert parts["uncertainty"] == pytest.approx(0.25)
    assert parts["within_bins"] == pytest.approx(0, abs=1e-12)


def test_calibration_error_by_hand():
    # Confidence .9 is right in 1 of 2, confidence .6 in 2 of 2: (2·.4 + 2·.4) / 4.
    proba = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.4, 0.6]])
    assert expected_calibration_error(np.array([0, 1, 1, 1]), proba) == pytest.approx(0.4)


def test_curve_is_scikit_learns():
    from sklearn.calibration import calibration_curve

    codes, proba, _ = drawn(3, 3, 400)
    count, predicted, happened = reliability_bins(codes, proba)[1].T
    kept = count > 0
    truth, mean = calibration_curve(codes == 1, proba[:, 1], n_bins=10)
    assert predicted[kept] / count[kept] == pytest.approx(mean)
    assert happened[kept] / count[kept] == pytest.approx(truth)
    assert count.sum() == len(codes)


def test_moved_decisions_change_what_counts_them_alone():
    codes, proba, classes = drawn(1, 3, 60)
    y = np.array(classes)[codes]
    before, after = scores(y, proba, classes), scores(y, proba, classes, decided=codes)
    assert after["macro_f1"] == after["g_mean"] == after["mcc"] == 1
    for name in ("average_precision", "roc_auc", "brier", "log_loss", "ece"):
        assert after[name] == before[name]


def test_cost_by_hand():
    proba = np.array([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]])
    costs = np.array([[0.0, 1.0], [10.0, 0.0]])
    # Right, a missed "b" (10), a false alarm (1).
    assert scores(["a", "b", "a"], proba, ["a", "b"], costs=costs)["cost"] == pytest.approx(11 / 3)
