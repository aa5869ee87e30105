"""Measured columns: reading, searching, interpolating, writing back."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.table.measured import Measured, as_columns, as_floats, between, search_points


def table(**columns: object) -> Dataset:
    frame = pd.DataFrame(columns)
    kinds = {"f": "number", "i": "integer", "u": "integer", "I": "integer", "M": "date"}
    types = {name: kinds[frame[name].dtype.kind] for name in frame}
    frame["label"] = pd.Series(["a"] * len(frame), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return Dataset("table", frame, Schema("label", types), "toy")


def test_between_is_a_straight_line() -> None:
    base, other = np.array([[0.0, 10.0], [5.0, 5.0]]), np.array([[4.0, 0.0], [5.0, 7.0]])
    assert between(base, other, np.array([0.25, 0.5])).tolist() == [[1.0, 5.0], [5.0, 6.0]]
    assert between(base, other, np.zeros(2)).tolist() == base.tolist()


def test_between_is_missing_only_where_the_base_is() -> None:
    base, other = np.array([[np.nan, 1.0, np.nan, 1.0]]), np.array([[2.0, np.nan, np.nan, 3.0]])
    new = between(base, other, np.full(4, 0.5))
    assert np.isnan(new).tolist() == [[True, False, True, False]]
    assert new[0, [1, 3]].tolist() == [1.0, 2.0]


def test_dates_count_days() -> None:
    column = pd.Series(pd.to_datetime(["1970-01-02", None, "1970-01-01 12:00"], format="ISO8601"))
    days = as_floats(column)
    assert days[[0, 2]].tolist() == [1.0, 0.5]
    assert np.isnan(days[1])


def test_search_points_take_the_median_and_the_spread_of_the_training_part() -> None:
    train = table(x=[1.0, np.nan, 3.0, 8.0], y=[5.0, 5.0, 5.0, 5.0])
    rows = np.array([1, 2])
    plain = search_points(Measured.of(train, rows), train, scale=False)
    assert plain.tolist() == [[3.0, 5.0], [3.0, 5.0]]
    scaled = search_points(Measured.of(train, rows), train, scale=True)
    assert np.allclose(scaled[:, 0], 3.0 / np.std([1.0, 3.0, 8.0]))
    assert scaled[:, 1].tolist() == [5.0, 5.0], "a constant column is left as it is"


def test_whole_numbers_stay_whole() -> None:
    train = table(n=pd.Series([1, 2], dtype="int64"), m=pd.Series([1, None], dtype="Int64"), s=np.array([1, 2], "int8"))
    measured = Measured.of(train)
    new = as_columns(measured, np.array([[1.4, 1.6], [np.nan, 7.5], [3.2, 100.0]]), train.frame)
    assert new["n"].tolist() == [1, 2] and new["n"].dtype == "int64"
    assert new["m"].isna().tolist() == [True, False] and new["m"].dtype == "Int64"
    assert new["s"].tolist() == [3, 100] and new["s"].dtype == "int8"


def test_dates_keep_to_the_columns_unit() -> None:
    train = table(
        day=pd.to_datetime(["2024-01-01", "2024-03-01"]),
        second=pd.to_datetime(["2024-01-01 10:00:01", "2024-03-01"], format="ISO8601"),
        gap=pd.to_datetime(["2024-01-01", None]),
    )
    new = as_columns(Measured.of(train), np.array([[1.4, 1.6], [0.50001, 2.0], [np.nan, 3.0]]), train.frame)
    assert new["day"].astype(str).tolist() == ["1970-01-02", "1970-01-03"]
    assert (new["second"].dt.microsecond == 0).all()
    assert new["gap"].isna().tolist() == [True, False]
    assert all(new[name].dtype == train.frame[name].dtype for name in new)


def test_dates_keep_their_time_zone() -> None:
    train = table(at=pd.to_datetime(["2024-01-01 10:00", "2024-03-01 11:30"]).tz_localize("Asia/Tokyo"))
    measured = Measured.of(train)
    new = as_columns(measured, measured.values, train.frame)["at"]
    assert new.dtype == train.frame["at"].dtype
    assert new.tolist() == train.frame["at"].tolist()


def test_huge_whole_numbers_do_not_overflow() -> None:
    train = table(n=np.array([2**63 - 1, -(2**63)]))
    new = as_columns(Measured.of(train), Measured.of(train).values, train.frame)["n"].tolist()
    assert new[0] > 2**62 and new[1] < -(2**62)


LARGE = st.integers(-(2**63), 2**63 - 1)


@given(values=st.lists(LARGE, min_size=2, max_size=6), step=st.floats(0, 1))
def test_large_whole_numbers_stay_between_their_parents(values: list[int], step: float) -> None:
    train = table(n=pd.Series(values, dtype="int64"))
    measured = Measured.of(train)
    base, other = measured.values[:, :-1], measured.values[:, 1:]
    new = as_columns(measured, between(base, other, np.full(len(values) - 1, step)), train.frame)["n"]
    assert new.dtype == "int64"
    assert min(values) <= new.min() and new.max() <= max(values)


@given(
    start=st.integers(-(2**63), -(2**53) - 1) | st.integers(2**53 + 1, 2**63 - 10**6 - 1),
    away=st.integers(0, 10**6),
)
def test_large_whole_numbers_come_back_to_the_last_digit(start: int, away: int) -> None:
    train = table(n=pd.Series([start, None, start + away], dtype="Int64"))
    measured = Measured.of(train)
    same = as_columns(measured, measured.values, train.frame)["n"]
    assert same.dtype == "Int64" and same.isna().tolist() == [False, True, False]
    assert same.dropna().tolist() == [start, start + away]
