"""Pseudo-labels: temperature, thresholds and order by hand, and that nothing is judged by who has seen it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.explore.duplicates import duplicate_pairs
from augmentors.learners.calibration import log_loss_terms
from augmentors.learners.pseudo_labels import (
    TEMPERATURES,
    by_confidence,
    out_of_fold,
    taught,
    temperature,
    tempered,
    threshold,
)
from augmentors.table.pseudo_labelling import TablePseudoLabelling
from augmentors.testing import Toys, numeric_table, toy_table
from augmentors.testing.trial import with_unlabelled

RIGHT = np.array([True, True, False, True, False, False])
SURE = np.array([0.95, 0.9, 0.8, 0.7, 0.6, 0.5])


@pytest.mark.parametrize(
    ("precision", "confidence", "reached", "support"),
    # 1, 1, 2/3, 3/4, 3/5, 1/2 from the surest down; one or two samples are too few to go by.
    [(0.5, 0.5, 0.5, 6), (0.6, 0.6, 0.6, 5), (0.7, 0.7, 0.75, 4), (0.75, 0.7, 0.75, 4)],
)
def test_a_threshold_is_the_lowest_confidence_that_does(
    precision: float, confidence: float, reached: float, support: int
) -> None:
    found = threshold(SURE, RIGHT, precision)
    assert (found.confidence, found.precision, found.support) == (confidence, reached, support)


def test_no_threshold_says_how_far_the_class_gets() -> None:
    found = threshold(SURE, RIGHT, 0.8)
    assert not found.reached
    assert (found.precision, found.support) == (0.75, 4)
    assert np.isnan(threshold(SURE[:2], RIGHT[:2], 0.5).precision)
    assert threshold(np.empty(0), np.empty(0, dtype=bool), 0.5).support == 0


def test_equal_confidences_stand_or_fall_together() -> None:
    # Taking 0.8 takes all three of that confidence: 2 of 4, not the 2 of 3 that a cut among them would give.
    found = threshold(np.array([0.9, 0.8, 0.8, 0.8]), np.array([True, True, False, False]), 0.6)
    assert not found.reached
    assert found.precision == 0.5


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=40), st.sampled_from([0.5, 0.8, 0.95]))
def test_precision_above_a_threshold_is_what_was_asked(samples: list[tuple[int, bool]], precision: float) -> None:
    sure = np.array([one / 20 for one, _ in samples])
    right = np.array([one for _, one in samples], dtype=bool)
    found = threshold(sure, right, precision)
    for low in np.unique(sure):
        good = right[sure >= low].mean() >= precision and (sure >= low).sum() >= 3
        assert not good or (found.reached and found.confidence <= low)
    if found.reached:
        assert right[sure >= found.confidence].mean() == found.precision >= precision


def test_temperature_gives_the_smallest_loss() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (400, 3))
    fair = tempered(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), 1.0)
    codes = np.array([rng.choice(3, p=row) for row in fair])
    too_sure = tempered(fair, 0.4)  # the same, with logarithms times 2.5
    heat = temperature(codes, too_sure)
    losses = {t: log_loss_terms(codes, tempered(too_sure, t)).mean() for t in (0.9 * heat, heat, 1.1 * heat)}
    assert min(losses, key=lambda t: losses[t]) == heat
    assert 2.0 < heat < 3.1
    never_wrong = np.eye(2)[[0, 1, 0, 1]] * 0.8 + 0.1
    assert temperature(np.array([0, 1, 0, 1]), never_wrong) == pytest.approx(TEMPERATURES[0], rel=1e-3)


def test_order_is_by_confidence_then_id() -> None:
    proba = np.array([[0.7, 0.3], [0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.55, 0.45]])
    at, sure = by_confidence(proba, 0, 0.6, np.array(["d", "c", "b", "a", "e"], dtype=object))
    assert at.tolist() == [1, 2, 0]
    assert sure.tolist() == [0.9, 0.7, 0.7]


def test_out_of_fold_probabilities_know_nothing_of_noise() -> None:
    train = numeric_table(rows=300, columns=3)
    noise = np.random.default_rng(1).permutation(train.frame["label"].to_numpy())
    train.frame["label"] = noise
    classes = np.unique(train.labels.astype(str))
    proba = out_of_fold(train, classes, "forest", 0)
    right = (classes[proba.argmax(axis=1)] == train.labels) & (train.labels == "rare")
    # A forest recalls what it has seen (leaves of two): nearly all 'rare' rows would be right.
    assert right.sum() <= 0.2 * (train.labels == "rare").sum()


def test_copies_share_a_fold() -> None:
    base = toy_table({"common": 30, "rare": 20})
    twice = base.take([*base.ids, *base.ids])
    frame = twice.frame.set_axis([f"r{i}" for i in range(len(twice))], axis=0)
    rng = np.random.default_rng(2)
    frame["label"] = np.tile(rng.permutation(base.frame["label"].to_numpy()), 2)
    from dataclasses import replace

    copies = replace(twice, frame=frame)
    assert len(duplicate_pairs(copies)) >= len(base)
    classes = np.unique(copies.labels.astype(str))
    proba = out_of_fold(copies, classes, "forest", 0)
    right = (classes[proba.argmax(axis=1)] == copies.labels) & (copies.labels == "rare")
    assert right.mean() < 0.3  # with its copy in the training folds each would be known


def test_the_same_teacher_whatever_the_order_of_rows() -> None:
    train = Toys.of(TablePseudoLabelling).ordinary()
    assert train.unlabelled is not None
    shuffled = train.take(np.random.default_rng(0).permutation(train.ids))
    one, two = (taught(data, train.unlabelled, "logistic", 0.8, 7) for data in (train, shuffled))
    assert one.thresholds == two.thresholds
    assert np.array_equal(one.proba, two.proba)


def test_a_class_that_nobody_can_judge_has_no_threshold() -> None:
    train = with_unlabelled(toy_table({"common": 30, "rare": 1}), toy_table({"common": 5, "rare": 5}, seed=1))
    assert train.unlabelled is not None
    assert not taught(train, train.unlabelled, "logistic", 0.5, 0).thresholds["rare"].reached
