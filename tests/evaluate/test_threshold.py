"""A moved threshold: the best there is on what it is tuned on, and no better than chance on noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from augmentors.evaluate.threshold import macro_f1, moved, tuned_offsets


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(6, 60))
def test_two_classes_find_the_best_threshold_there_is(seed, n):
    rng = np.random.default_rng(seed)
    codes = np.r_[0, 0, 1, (rng.random(n) < 0.3).astype(int)]
    p = np.round(rng.beta(1 + codes, 3), 3)
    proba = np.c_[1 - p, p]
    tuned = macro_f1(codes, moved(proba, tuned_offsets(codes, proba)), 2)
    every = [f1_score(codes, p > t, average="macro") for t in (-1, *(np.unique(p)[:-1] + np.diff(np.unique(p)) / 2), 2)]
    assert tuned == pytest.approx(max(every))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_more_classes_never_lose_where_they_are_tuned(seed, k):
    rng = np.random.default_rng(seed)
    codes = np.r_[np.arange(k), rng.choice(k, 80, p=np.arange(1, k + 1) / np.arange(1, k + 1).sum())]
    proba = rng.dirichlet(np.ones(k), len(codes)) * 0.7 + 0.3 * np.eye(k)[codes]
    offsets = tuned_offsets(codes, proba)
    assert macro_f1(codes, proba.argmax(axis=1), k) <= macro_f1(codes, moved(proba, offsets), k) + 1e-12
    assert offsets[np.bincount(codes).argsort(kind="stable")[-1]] == 0
    plain = moved(proba, np.zeros(k))
    assert macro_f1(codes, plain, k) == pytest.approx(f1_score(codes, plain, average="macro"))


def test_the_gain_is_counted_exactly():
    """What the sweep promises is what the decisions give: three classes, one of them never chosen at first."""
    rng = np.random.default_rng(5)
    codes = np.repeat([0, 1, 2], [60, 25, 8])
    logits = rng.normal(size=(93, 3)) + 1.2 * np.eye(3)[codes] + [2.0, 1.0, -1.0]
    proba = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    plain = macro_f1(codes, proba.argmax(axis=1), 3)
    assert macro_f1(codes, moved(proba, tuned_offsets(codes, proba)), 3) > plain + 0.1


def test_one_class_or_impossible_classes_stay_as_they_are():
    assert tuned_offsets(np.zeros(5, int), np.ones((5, 1))).tolist() == [0]
    proba = np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])
    offsets = tuned_offsets(np.array([0, 1]), proba)
    assert np.isfinite(offsets).all() and moved(proba, offsets).tolist() == [0, 1]
