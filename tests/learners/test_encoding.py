"""Rows become the numbers that the encoder's documentation says."""

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Schema
from augmentors.learners.encoding import MAX_CATEGORIES, TableEncoder
from augmentors.testing import toy_table


def frame(**columns):
    return pd.DataFrame(columns)


def test_linear_golden():
    rows = frame(x=[1.0, 3.0, np.nan], c=["u", "v", "u"])
    X = TableEncoder(Schema("y", {"x": "number", "c": "category"}), "linear").fit(rows).transform(rows)
    # Median 2 fills the hole, then mean 2 and spread √(2/3); an indicator of the hole; u (2 times) before v.
    spread = np.sqrt(2 / 3)
    expected = [[-1 / spread, 0, 1, 0], [1 / spread, 0, 0, 1], [0, 1, 1, 0]]
    assert pytest.approx(np.array(expected), abs=1e-6) == X


def test_trees_keep_holes_and_number_categories_by_frequency():
    rows = frame(x=[1.0, np.nan, 5.0], c=["v", "u", "u"])
    encoder = TableEncoder(Schema("y", {"x": "number", "c": "category"}), "trees").fit(rows)
    X = encoder.transform(rows)
    assert np.isnan(X[1, 0]) and X[:, 1].tolist() == [1, 0, 0]
    assert encoder.is_category.tolist() == [False, True]
    assert encoder.transform(frame(x=[0.0], c=["new"]))[0, 1] == 2


def test_dates_are_days_and_nullable_types_work():
    rows = frame(
        d=pd.to_datetime(["1970-01-02 00:00", "1970-01-03 12:00", None]),
        i=pd.array([1, None, 3], dtype="Int64"),
        b=pd.array([True, False, None], dtype="boolean"),
    )
    schema = Schema("y", {"d": "date", "i": "integer", "b": "boolean"})
    X = TableEncoder(schema, "trees").fit(rows).transform(rows)
    assert np.array_equal(X, np.array([[1, 1, 1], [2.5, np.nan, 0], [np.nan, 3, np.nan]]), equal_nan=True)


def test_rare_categories_share_one_place():
    values = [f"c{i:03d}" for i in range(80)] * 2
    rows = frame(c=values)
    linear = TableEncoder(Schema("y", {"c": "category"}), "linear").fit(rows)
    assert linear.transform(rows).shape == (160, MAX_CATEGORIES)
    trees = TableEncoder(Schema("y", {"c": "category"}), "trees").fit(rows)
    assert trees.transform(rows).max() == MAX_CATEGORIES


@pytest.mark.parametrize("style", ["linear", "trees"])
def test_odd_columns(style):
    rows = frame(nothing=[np.nan, np.nan, np.nan], same=[4.0, 4.0, 4.0], wild=[1e300, -np.inf, 0.0], t=["?!", "", "…"])
    schema = Schema("y", {"nothing": "number", "same": "number", "wild": "number", "t": "text"})
    X = TableEncoder(schema, style).fit(rows).transform(rows)
    assert len(X) == 3 and not np.isinf(X).any()
    assert style == "trees" or np.isfinite(X).all()


def test_no_feature_at_all_gives_one_constant_column():
    rows = frame(y=["a", "b"])
    assert TableEncoder(Schema("y", {}), "linear").fit(rows).transform(rows).tolist() == [[0], [0]]


@pytest.mark.parametrize("style", ["linear", "trees"])
def test_toy_table_of_all_types(style):
    data = toy_table(missing=True)
    X = TableEncoder(data.schema, style).fit(data.frame).transform(data.frame)
    assert X.dtype == np.float32 and len(X) == len(data)


def test_order_of_rows_does_not_matter():
    data = toy_table()
    encoder, other = (
        TableEncoder(data.schema, "trees").fit(f) for f in (data.frame, data.frame.sample(frac=1, random_state=0))
    )
    assert np.array_equal(encoder.transform(data.frame), other.transform(data.frame))
