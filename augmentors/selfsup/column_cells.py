"""Rows of a table as cells that a net can read and predict: robustly scaled numbers, codes of categories, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.late import pd

MOST_VALUES = 50
MISSING = "(missing)"
_DAY_IN_MICROSECONDS = 86_400_000_000
_LARGEST, _FARTHEST = 1e30, 1e300


@dataclass(frozen=True)
class Cells:
    """Rows as numbers and codes, some of which may be hidden.

    Parameters
    ----------
    numbers : ndarray of float32, shape (n, m)
        Scaled; 0 where missing or hidden.
    known : ndarray of bool, shape (n, m)
        Where the table holds a number.
    codes : ndarray of int64, shape (n, c)
        Place of a category in its column's list; one beyond it for values that are not in the list.
    """

    numbers: np.ndarray
    known: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: np.ndarray) -> Cells:
        """Return the rows at some positions."""
        return Cells(self.numbers[rows], self.known[rows], self.codes[rows])


@dataclass(frozen=True)
class Scale:
    """How a column of numbers is scaled, so that outliers neither stretch nor drown it.

    The distance from the median in units of the half interquartile range goes through the inverse hyperbolic
    sine, which is linear near 0 and a logarithm far away, and then gets mean 0 and variance 1.

    Examples
    --------
    >>> scale = Scale.of(np.array([1.0, 2.0, 3.0, 4.0, 1e6]))
    >>> scale(np.array([3.0, 1e6])).round(2).tolist()
    [-0.44, 1.98]
    """

    middle: float
    unit: float
    mean: float
    spread: float

    @classmethod
    def of(cls, values: np.ndarray) -> Scale:
        """Learn a scale from known values; of constant or no values, it is 0 everywhere they were."""
        if not len(values):
            return cls(0.0, 1.0, 0.0, 1.0)
        low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
        unit = (high - low) / 2
        if not unit > 1e-12 * max(abs(middle), 1e-300):  # more than half of all values are equal
            unit = float(np.abs(values - middle).mean())
        unit = unit if unit > 0 else 1.0
        bent = np.arcsinh((values - middle) / unit)
        spread = float(bent.std())
        return cls(float(middle), float(unit), float(bent.mean()), spread if spread > 1e-9 else 1.0)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            away = np.clip((values - self.middle) / self.unit, -_FARTHEST, _FARTHEST)
        scaled: np.ndarray = (np.arcsinh(away) - self.mean) / self.spread
        return scaled


@dataclass(frozen=True)
class ColumnCells:
    """How columns become cells; `learn` looks at the given rows only.

    Numbers, whole numbers and dates are scaled; categories and booleans become codes, most frequent first, of
    which a missing value is one and all beyond the 50 most frequent are another. Free text is left out.

    Parameters
    ----------
    numbers : dict of str to Scale
    values : dict of str to list of str
    """

    numbers: dict[str, Scale]
    values: dict[str, list[str]]

    @classmethod
    def learn(cls, rows: Dataset) -> ColumnCells:
        """Learn scales and categories."""
        numbers, values = {}, {}
        for name in rows.schema.features("number", "integer", "date"):
            column = _as_numbers(rows.frame[name])
            numbers[name] = Scale.of(column[np.isfinite(column)])
        for name in rows.schema.features("boolean", "category"):
            counts = _as_words(rows.frame[name]).value_counts()
            ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
            values[name] = [str(value) for value, _ in ordered[:MOST_VALUES]]
        return cls(numbers, values)

    @property
    def levels(self) -> list[int]:
        """Number of codes per column of categories."""
        return [len(known) + 1 for known in self.values.values()]

    def cells(self, frame: pd.DataFrame) -> Cells:
        """Return rows as cells."""
        n = len(frame)
        numbers = np.zeros((n, len(self.numbers)))
        codes = np.zeros((n, len(self.values)), np.int64)
        for i, (name, scale) in enumerate(self.numbers.items()):
            numbers[:, i] = scale(_as_numbers(frame[name]))
        for i, (name, known) in enumerate(self.values.items()):
            found = pd.Index(known, dtype=object).get_indexer(pd.Index(_as_words(frame[name]), dtype=object))
            codes[:, i] = np.where(found < 0, len(known), found)
        known_numbers = np.isfinite(numbers)
        return Cells(np.where(known_numbers, numbers, 0).astype(np.float32), known_numbers, codes)

    def as_dict(self) -> dict[str, Any]:
        """Return this as plain data; see `from_dict`."""
        numbers = {name: [one.middle, one.unit, one.mean, one.spread] for name, one in self.numbers.items()}
        return {"numbers": numbers, "values": self.values}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> ColumnCells:
        """Return what `as_dict` described."""
        numbers = {str(name): Scale(*map(float, one)) for name, one in plain["numbers"].items()}
        return cls(numbers, {str(name): list(map(str, known)) for name, known in plain["values"].items()})


def _as_numbers(column: pd.Series) -> np.ndarray:
    """Return a column as float64, NaN where missing or infinite; dates as days since 1970."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        micros = column.to_numpy("datetime64[us]")
        return np.where(np.isnat(micros), np.nan, micros.astype(np.int64) / _DAY_IN_MICROSECONDS)
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), np.clip(values, -_LARGEST, _LARGEST), np.nan)


def _as_words(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), MISSING).astype(str)
