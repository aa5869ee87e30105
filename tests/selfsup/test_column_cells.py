"""Cells of a table, their corruption and the loss over corrupted cells: numbers worked out by hand, and properties."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.selfsup.cell_corruption import Corruption, corrupted_cells, draw_corruption
from augmentors.selfsup.column_cells import Cells, ColumnCells, Scale
from augmentors.selfsup.column_net import ColumnNet, masked_loss
from augmentors.testing import toy_table
from augmentors.testing.toys import odd_table


def table(types: dict, **columns) -> Dataset:
    frame = pd.DataFrame(columns, index=[f"r{i}" for i in range(len(next(iter(columns.values()))))])
    return Dataset("table", frame, Schema("label", types), "f")


def test_numbers_are_bent_and_scaled() -> None:
    # Median 2, half interquartile range 1: 0, 1, 2, 3, 4 lie at asinh(-2), asinh(-1), 0 …; their mean is 0.
    bent = np.arcsinh([-2.0, -1.0, 0.0, 1.0, 2.0])
    cells = ColumnCells.learn(table({"x": "number"}, x=[0.0, 1.0, 2.0, 3.0, 4.0])).cells(
        pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0, np.nan, np.inf]})
    )
    assert cells.numbers[:5, 0] == pytest.approx(bent / bent.std(), abs=1e-6)
    assert cells.numbers[5:, 0].tolist() == [0, 0]
    assert cells.known[:, 0].tolist() == [True] * 5 + [False, False]


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0, 3.0], [0.0] * 9 + [5.0], [1e300, -1e300], [1e-300, 2e-300]])
def test_odd_scales_are_finite(values: list) -> None:
    scaled = Scale.of(np.clip(np.array(values, float), -1e30, 1e30))(np.array([0.0, 3.0, 1e30]))
    assert np.isfinite(scaled).all()


def test_categories_by_frequency_with_gaps_and_the_unseen() -> None:
    rows = table({"c": "category", "b": "boolean"}, c=["v", "u", "u", None], b=[True, True, False, None])
    learnt = ColumnCells.learn(rows)
    assert learnt.values == {"c": ["u", "(missing)", "v"], "b": ["True", "(missing)", "False"]}
    cells = learnt.cells(pd.DataFrame({"c": ["u", None, "new"], "b": [False, True, None]}))
    assert cells.codes.tolist() == [[0, 2], [1, 0], [3, 1]]
    assert learnt.levels == [4, 4]


def test_dates_are_days() -> None:
    days = pd.to_datetime(["1970-01-02", "1970-01-03", None, "1970-01-06"])
    for column in (days, days.tz_localize("UTC")):
        learnt = ColumnCells.learn(table({"d": "date"}, d=column))
        assert learnt.numbers["d"].middle == 2.0
        assert learnt.cells(pd.DataFrame({"d": column})).known[:, 0].tolist() == [True, True, False, True]


@pytest.mark.parametrize("data", [toy_table(missing=True), odd_table()], ids=["missing", "odd"])
def test_plain_data_and_back(data: Dataset) -> None:
    learnt = ColumnCells.learn(data)
    again = ColumnCells.from_dict(learnt.as_dict())
    assert again == learnt
    cells = learnt.cells(data.frame)
    assert np.isfinite(cells.numbers).all()
    assert not cells.numbers[~cells.known].any()
    assert all((column <= count).all() for column, count in zip(cells.codes.T, learnt.levels, strict=True))


@given(st.integers(0, 2**32), st.integers(1, 40), st.floats(0.01, 0.99), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_cell_is_kept_masked_or_drawn_from_its_column(seed: int, n: int, share: float, swapped: float) -> None:
    rng = np.random.default_rng(seed)
    rows = 50
    whole = Cells(
        rng.normal(size=(rows, 3)).astype(np.float32), rng.random((rows, 3)) < 0.8, rng.integers(0, 4, (rows, 2))
    )
    batch, how = whole.take(rng.integers(rows, size=n)), draw_corruption(n, 5, rows, share, swapped, rng)
    shown = corrupted_cells(batch, whole, how, [4, 4])
    assert how.corrupted.any(axis=1).all(), "every row has something to predict"
    assert not (how.hidden & ~how.corrupted).any()
    kept, drawn = ~how.corrupted, how.corrupted & ~how.hidden
    assert np.array_equal(shown.numbers[kept[:, :3]], batch.numbers[kept[:, :3]])
    assert np.array_equal(shown.known[kept[:, :3]], batch.known[kept[:, :3]])
    assert np.array_equal(shown.codes[kept[:, 3:]], batch.codes[kept[:, 3:]])
    assert not shown.numbers[how.hidden[:, :3]].any()
    assert not shown.known[how.hidden[:, :3]].any()
    assert (shown.codes[how.hidden[:, 3:]] == 4).all()
    for column in range(3):
        assert np.isin(shown.numbers[drawn[:, column], column], whole.numbers[:, column]).all()


def test_shares_are_those_asked_for() -> None:
    how = draw_corruption(20_000, 10, 100, 0.3, 0.25, np.random.default_rng(0))
    # One in 0.7^10 = 2.8 % of rows would have none and gets one: 0.3 + 0.0028.
    assert how.corrupted.mean() == pytest.approx(0.3028, abs=0.004)
    assert how.hidden[how.corrupted].mean() == pytest.approx(0.75, abs=0.005)


def test_the_loss_by_hand() -> None:
    numbers, known = np.array([[1.0, 5.0], [2.0, 0.0]], np.float32), np.array([[True, True], [True, False]])
    truth = Cells(numbers, known, np.array([[0], [1]]))
    corrupted = np.array([[True, False, True], [False, True, True]])
    how = Corruption(corrupted, corrupted, np.zeros((2, 3), np.int64))
    predicted = torch.tensor([[3.0, 99.0, 0.0, 0.0, 0.0], [99.0, 99.0, 0.0, math.log(2), 0.0]])
    # (3 - 1)² + log 3 + log 4 - log 2; the missing number of row 2 does not count: 3 cells.
    expected = (4 + math.log(3) + math.log(2)) / 3
    assert masked_loss(predicted, truth, how, [3]).item() == pytest.approx(expected, rel=1e-6)


def test_what_is_not_corrupted_has_no_gradient() -> None:
    rng = np.random.default_rng(1)
    truth = Cells(rng.normal(size=(8, 2)).astype(np.float32), np.ones((8, 2), bool), rng.integers(0, 3, (8, 2)))
    how = draw_corruption(8, 4, 8, 0.3, 0.5, rng)
    predicted = torch.zeros(8, 2 + 6, requires_grad=True)
    masked_loss(predicted, truth, how, [3, 3]).backward()
    touched = (predicted.grad != 0).numpy()
    assert np.array_equal(touched[:, :2], how.corrupted[:, :2])
    assert np.array_equal(touched[:, 2:5].any(axis=1), how.corrupted[:, 2])
    assert np.array_equal(touched[:, 5:].any(axis=1), how.corrupted[:, 3])


def test_a_gap_and_a_mask_look_different_to_the_net() -> None:
    net = ColumnNet(1, [], 8, 1, torch.Generator().manual_seed(0))
    gap = Cells(np.zeros((1, 1), np.float32), np.zeros((1, 1), bool), np.zeros((1, 0), np.int64))
    vectors = [net.vectors(gap, np.array([[hidden]])).detach() for hidden in (False, True)]
    assert not torch.allclose(*vectors)
