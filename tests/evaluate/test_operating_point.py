"""Thresholds and costs: counted like scikit-learn counts, chosen like a search over every threshold chooses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score

from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.operating_point import (
    best_f1,
    cheapest_classes,
    expected_threshold,
    least_cost,
    operating_point,
    swept,
    thresholds,
)


def drawn(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    own = np.r_[True, False, rng.random(n) < 0.3]
    return own, np.round(rng.beta(1 + 2 * own, 3), 2)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_counts_are_scikit_learns(seed: int, threshold: float) -> None:
    own, score = drawn(seed)
    (passes, alarms), (misses, hits) = confusion_matrix(own, score >= threshold, labels=[False, True])
    found = operating_point(own, score, threshold)
    assert (found.passes, found.false_alarms, found.misses, found.hits) == (passes, alarms, misses, hits)
    assert swept(own, score, np.array([threshold])) == [found]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.1, 20))
def test_no_threshold_is_better_than_the_best(seed: int, miss: float) -> None:
    own, score = drawn(seed)
    points = swept(own, score, thresholds(score))
    every = [*np.unique(score), 2.0]
    assert best_f1(points).f1 == pytest.approx(max(f1_score(own, score >= t) for t in every))
    costs = [operating_point(own, score, t).cost(miss, 1.0) for t in every]
    assert least_cost(points, miss, 1.0).cost(miss, 1.0) == pytest.approx(min(costs))


def test_believable_probabilities_need_no_search() -> None:
    """With probabilities that are true, the threshold of least expected cost is c / (c + m)."""
    rng = np.random.default_rng(1)
    score = rng.random(200_000)
    own = rng.random(200_000) < score
    assert least_cost(swept(own, score, thresholds(score)), 4.0, 1.0).threshold == pytest.approx(0.2, abs=0.03)
    assert expected_threshold(4.0, 1.0) == 0.2


def test_several_models_are_averaged_in_what_they_decide() -> None:
    found = operating_point(np.array([True, False]), np.array([[0.9, 0.9], [0.9, 0.1]]), 0.5)
    assert (found.hits, found.false_alarms, found.passes) == (1.0, 0.5, 0.5)


def test_a_cost_matrix_decides_for_the_least_expected_cost() -> None:
    proba = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    free = 1 - np.eye(3)
    assert cheapest_classes(proba, free).tolist() == proba.argmax(axis=1).tolist()
    costly = free.copy()
    costly[1, 0] = 5  # taking the second class for the first costs 5: 0.3 * 5 + 0.1 > 0.6 + 0.1
    assert cheapest_classes(proba, costly).tolist() == [1, 2]


def test_kept_scores_come_back_as_they_were() -> None:
    rng = np.random.default_rng(0)
    runs = [("plain", "l"), ("new", "l")]
    held_out = {run: rng.random((6, 2)).astype(np.float32) for run in runs}
    test = {run: rng.random((3, 4, 2)).astype(np.float32) for run in runs}
    kept = DecisionScores(("a", "ß"), np.array([0, 1, 0, 1, 0, 1]), np.array([0, 1, 1, 0]), held_out, test)
    again = DecisionScores.from_bytes(kept.to_bytes())
    assert again.classes == kept.classes and list(again.held_out) == runs
    for run in runs:
        assert np.array_equal(again.held_out[run], held_out[run]) and np.array_equal(again.test[run], test[run])
    assert np.array_equal(again.truth, kept.truth) and np.array_equal(again.test_truth, kept.test_truth)
