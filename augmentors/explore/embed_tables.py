"""Rows of a table as numbers: scaled and one-hot, learnt on given rows only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.late import pd

MAX_VALUES = 50
# Two different categories then lie as far apart as numbers one standard deviation apart.
ONE_HOT = 2**-0.5


@dataclass(frozen=True)
class TableEmbedding:
    """How columns become numbers; build it with `fit`, which looks at the given rows only.

    Numbers, dates: gaps take the median, then mean 0 and standard deviation 1. Booleans: 0
    and 1, scaled alike. Categories: one column per value (the 50 most frequent; missing is
    a value of its own); values not seen at fitting are 0 everywhere. Free text is left out.

    Parameters
    ----------
    numbers : dict of str to (float, float, float)
        Median, mean and standard deviation per column.
    values : dict of str to list of str
        Known values per category.
    """

    numbers: dict[str, tuple[float, float, float]]
    values: dict[str, list[str]]

    @classmethod
    def fit(cls, dataset: Dataset) -> TableEmbedding:
        """Learn medians, scales and values from a dataset's rows."""
        numbers, values = {}, {}
        for name in dataset.schema.features("number", "integer", "boolean", "date"):
            numbers[name] = _facts(_as_float(dataset.frame[name]))
        for name in dataset.schema.features("category"):
            counts = _as_text(dataset.frame[name]).value_counts()
            ordered = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
            values[name] = [str(value) for value, _ in ordered[:MAX_VALUES]]
        return cls(numbers, values)

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Return rows as float32, shape (n, d)."""
        parts = []
        for name, (median, mean, deviation) in self.numbers.items():
            column = _as_float(frame[name])
            filled = np.where(np.isfinite(column), column, median)
            parts.append(((filled - mean) / deviation)[:, None])
        for name, values in self.values.items():
            codes = pd.Index(values, dtype=object).get_indexer(pd.Index(_as_text(frame[name]), dtype=object))
            parts.append((codes[:, None] == np.arange(len(values))) * ONE_HOT)
        if not parts:
            return np.zeros((len(frame), 1), dtype=np.float32)
        return np.concatenate(parts, axis=1).astype(np.float32)

    @property
    def names(self) -> list[str]:
        """One name per dimension."""
        return [
            *self.numbers,
            *(f"{name} = {value}" for name, known in self.values.items() for value in known),
        ]


def _facts(column: np.ndarray) -> tuple[float, float, float]:
    finite = column[np.isfinite(column)]
    if not len(finite):
        return 0.0, 0.0, 1.0
    median = float(np.median(finite))
    filled = np.where(np.isfinite(column), column, median)
    deviation = float(filled.std())
    return median, float(filled.mean()), deviation if deviation > 0 else 1.0


def _as_float(column: pd.Series) -> np.ndarray:
    if column.dtype.kind == "M":
        stamps = column.to_numpy("datetime64[s]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(np.float64))
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _as_text(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "(missing)").astype(str)
