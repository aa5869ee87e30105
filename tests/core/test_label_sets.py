import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.label_sets import LabelSets, concurrence, deal_iteratively, imbalance_per_label
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.testing import toy_multilabel

NAMES = ("cat", "dog", "sea")
matrices = st.lists(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=40).map(
    lambda rows: np.array(rows, dtype=bool)
)


@settings(max_examples=100, deadline=None)
@given(matrices)
def test_sets_survive_being_written_and_exported(matrix: np.ndarray) -> None:
    for order, as_truth in (((), False), (("x", "sea", "cat", "y", "dog"), True), ((*NAMES, "x", "y"), False)):
        sets = LabelSets(NAMES, "|", order, as_truth)
        assert (sets.matrix(sets.written(matrix)) == matrix).all()
        n = len(matrix)
        frame = pd.DataFrame({"x": np.arange(n), "label": sets.written(matrix), "y": np.zeros(n)})
        given_form = sets.expanded(frame, "label")
        assert tuple(given_form.columns) == (order or ("x", "label", "y"))
        back = sets.collapsed(given_form, "label")
        assert back[["x", "label", "y"]].equals(frame.astype({"label": back["label"].dtype}))
        assert LabelSets.from_dict(sets.as_dict()) == sets


def test_imbalance_and_concurrence_by_hand() -> None:
    # Counts 6, 3 and 1: ratios 1, 2 and 6, their mean 3.
    matrix = np.array([[1, 0, 0]] * 3 + [[1, 1, 0]] * 2 + [[1, 1, 1]] + [[0, 0, 0]] * 2, dtype=bool)
    assert imbalance_per_label(matrix.sum(axis=0)).tolist() == [1.0, 2.0, 6.0]
    # A sample of the first two labels has 1 - sqrt(2)/1.5, one of all three 1 - 12^(1/3)/3; all eight samples count.
    expected = (2 * (1 - np.sqrt(2) / 1.5) + 1 - 12 ** (1 / 3) / 3) / 8
    assert concurrence(matrix) == pytest.approx(expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.integers(30, 200))
def test_units_stay_together_and_labels_come_close_to_their_share(seed: int, n: int) -> None:
    rng = rng_from("deal", seed)
    matrix = rng.random((n, 4)) < [0.5, 0.3, 0.15, 0.08]
    parts = deal_iteratively(np.arange(n), matrix, [0.8, 0.2], rng)
    assert abs((parts == 1).sum() - 0.2 * n) <= 4
    assert (np.abs(matrix[parts == 1].sum(axis=0) - 0.2 * matrix.sum(axis=0)) <= 2.5).all()
    units = rng.integers(0, n // 3, n)
    grouped = deal_iteratively(units, matrix, [0.5, 0.5], rng)
    assert all(len(np.unique(grouped[units == unit])) == 1 for unit in np.unique(units))


def test_a_split_of_label_sets_has_every_label_on_both_sides() -> None:
    data = toy_multilabel({"common": 200, "some": 60, "rare": 12})
    split = make_split(data, seed=1)
    test = data.take(split.test).class_counts
    assert all(abs(test[name] - 0.2 * count) <= 2 for name, count in data.class_counts.items())
    folds = [data.take(split.train[split.folds == fold]).class_counts.get("rare", 0) for fold in range(5)]
    assert max(folds) - min(folds) <= 2 and min(folds) > 0
