"""The columns of a table on which "between" has a meaning: numbers, whole numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from augmentors.core.dataset import ColumnType, Dataset
from augmentors.core.late import pd
from augmentors.table.resolution import date_grid, to_decimals

MEASURED: tuple[ColumnType, ...] = ("number", "integer", "date")
DAY_IN_MICROSECONDS = 86_400_000_000
# The largest whole numbers that survive the trip from float64 to int64.
INTEGER_LIMIT = 2.0**63 - 1024
# Beyond this a float64 no longer holds every whole number.
EXACT_FLOAT = 2**53


@dataclass(frozen=True)
class Measured:
    """Measured values of some rows, column by column.

    Parameters
    ----------
    names : tuple of str
    types : tuple of {"number", "integer", "date"}
    values : ndarray of float64, shape (columns, rows)
        Dates count days since 1970; whole numbers too large for a float64 count
        from the smallest of their column; NaN where a value is missing.
    """

    names: tuple[str, ...]
    types: tuple[ColumnType, ...]
    values: np.ndarray

    @staticmethod
    def of(train: Dataset, rows: np.ndarray | None = None) -> Measured:
        """Return the measured columns of a table, of all rows or of those at some positions."""
        names = tuple(train.schema.features(*MEASURED))
        types = tuple(train.schema.types[name] for name in names)
        n = len(train) if rows is None else len(rows)
        values = np.empty((len(names), n))
        for i, name in enumerate(names):
            column = as_floats(train.frame[name])
            values[i] = column if rows is None else column[rows]
        return Measured(names, types, values)

    @cached_property
    def has_missing(self) -> bool:
        """Whether any value is missing."""
        return bool(np.isnan(self.values).any())


def as_floats(column: pd.Series) -> np.ndarray:
    """Return a measured column of a training part as float64, NaN where missing; see `Measured.values`."""
    ends = _large_whole(column)
    if ends is not None:
        values = column.to_numpy(dtype="int64", na_value=ends[0])
        # Unsigned, the difference of any two of them fits.
        away = (values.view("uint64") - np.array(ends[0]).astype("int64").view("uint64")).astype("float64")
        away[column.isna().to_numpy()] = np.nan
        return away
    if column.dtype.kind == "M":
        micros = column.to_numpy(dtype="datetime64[us]")
        days = micros.view("int64") / DAY_IN_MICROSECONDS
        days[np.isnat(micros)] = np.nan
        return days
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _large_whole(column: pd.Series) -> tuple[int, int] | None:
    """Return the ends of a column of whole numbers that a float64 would round, else None."""
    if column.dtype.kind != "i" or not column.notna().any():
        return None
    low, high = int(column.min()), int(column.max())
    return (low, high) if max(-low, high) > EXACT_FLOAT else None


def within_seen(values: np.ndarray, names: tuple[str, ...], train: Dataset) -> np.ndarray:
    """Return values with those beyond a column's range in the training part set to its end, shape (columns, n)."""
    for own, name in zip(values, names, strict=True):
        known = _known(as_floats(train.frame[name]))
        if len(known):
            np.clip(own, known.min(), known.max(), out=own)
    return values


def spreads(names: tuple[str, ...], train: Dataset, scale: bool) -> np.ndarray:
    """Return what `search_points` divides each column by, shape (columns,)."""
    return np.array([_spread(_known(as_floats(train.frame[name]))) if scale else 1.0 for name in names])


def canonical_order(points: np.ndarray, *last: np.ndarray) -> np.ndarray:
    """Return the order of rows by their values alone: for methods whose result depends on how rows are sorted.

    Parameters
    ----------
    points : ndarray, shape (n, m)
    *last : ndarray, shape (n,)
        What decides between equal rows.
    """
    return np.lexsort([*last, *points.T[::-1]])


def different_rows(points: np.ndarray, enough: int) -> int:
    """Return how many different rows there are, counted no further than `enough`.

    Examples
    --------
    >>> different_rows(np.array([[1.0], [1.0], [2.0]]), 5), different_rows(np.array([[1.0], [1.0], [2.0]]), 1)
    (2, 1)
    """
    some = min(len(np.unique(points[:1000], axis=0)), enough)
    return some if some == enough else min(len(np.unique(points, axis=0)), enough)


def search_points(measured: Measured, train: Dataset, scale: bool) -> np.ndarray:
    """Return copies of the values to search neighbours in, shape (rows, columns).

    A missing value becomes its column's median over the training part; with
    `scale`, each column is divided by its standard deviation there.
    """
    points = np.empty(measured.values.shape[::-1])
    for i, name in enumerate(measured.names):
        own = measured.values[i]
        missing = np.isnan(own)
        if missing.any() or scale:
            known = _known(as_floats(train.frame[name]))
            if missing.any():
                own = np.where(missing, np.median(known) if len(known) else 0.0, own)
            if scale:
                own = own / _spread(known)
        points[:, i] = own
    return points


def _known(values: np.ndarray) -> np.ndarray:
    missing = np.isnan(values)
    return values[~missing] if missing.any() else values


def _spread(known: np.ndarray) -> float:
    """Return the standard deviation, or 1 where it says nothing (constant, empty, overflowing)."""
    with np.errstate(over="ignore", invalid="ignore"):
        spread = float(known.std()) if len(known) else 0.0
    return spread if np.isfinite(spread) and spread > 0 else 1.0


def between(base: np.ndarray, other: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return the points at `step` of the way from base to other.

    Parameters
    ----------
    base, other : ndarray of float64, shape (columns, n)
    step : ndarray of float64, shape (n,)

    Returns
    -------
    ndarray of float64, shape (columns, n)
        Missing only where base is; base itself where only other is missing.

    Examples
    --------
    >>> between(np.array([[0.0, 1.0]]), np.array([[4.0, np.nan]]), np.array([0.25, 0.5])).tolist()
    [[1.0, 1.0]]
    """
    moved = np.subtract(other, base)
    moved *= step
    moved += base
    unknown = np.isnan(other)
    if unknown.any():
        moved[unknown] = base[unknown]
    return moved


def as_columns(measured: Measured, values: np.ndarray, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return new measured values as columns of the table's own dtypes.

    Whole numbers are rounded, and numbers and dates to the decimals, days,
    minutes … that the table's column keeps to; see `augmentors.table.resolution`.
    """
    columns = {}
    for name, kind, new in zip(measured.names, measured.types, values, strict=True):
        dtype = frame[name].dtype
        if kind == "integer":
            columns[name] = _whole(new, frame[name])
        elif kind == "date":
            dates = pd.Series(_dates(new, frame[name]))
            # Dates with a time zone were read as UTC.
            columns[name] = (dates.dt.tz_localize("UTC") if hasattr(dtype, "tz") else dates).astype(dtype)
        else:
            columns[name] = pd.Series(to_decimals(new, frame[name]), copy=False)
    return columns


def _whole(new: np.ndarray, column: pd.Series) -> pd.Series:
    missing, ends, dtype = np.isnan(new), _large_whole(column), column.dtype
    rounded = np.rint(np.where(missing, 0.0, new))
    if ends is None:
        whole = pd.Series(np.clip(rounded, -INTEGER_LIMIT, INTEGER_LIMIT).astype("int64"))
    else:
        low, high = ends
        # Where even the distances are rounded, the last digit must not lead out of the range.
        away = np.clip(rounded, 0.0, np.nextafter(2.0**64, 0.0)).astype("uint64").clip(max=np.uint64(high - low))
        whole = pd.Series((away + np.array(low).astype("int64").view("uint64")).view("int64"))
    return whole.astype("Int64").mask(missing).astype(dtype) if missing.any() else whole.astype(dtype)


def _dates(days: np.ndarray, column: pd.Series) -> np.ndarray:
    first, step = date_grid(column)
    missing = np.isnan(days)
    steps = np.rint((np.where(missing, 0.0, days) * DAY_IN_MICROSECONDS - first) / step)
    ticks = steps.astype("int64") * step + first
    dates = ticks.view("datetime64[us]")
    dates[missing] = np.datetime64("NaT")
    return dates
