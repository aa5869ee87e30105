"""Equal and nearly equal rows of a table, in near-linear time.

Near rows are found by their places on four random projections: rows that are
close lie close on each, so they share a cell in at least one of five grids
shifted against each other. Candidates from the cells are then compared column
by column.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.seeds import rng_from
from augmentors.explore.duplicates import Links, stars

TOLERANCE = 0.005
CHANCE_PER_ROW = 0.01
N_PROJECTIONS = 4
WINDOW = 8
SCALE_SAMPLE = 20_000
CHUNK = 16_384
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(31)


class Axis(NamedTuple):
    """A numeric column without gaps, its median and its spread."""

    values: np.ndarray
    middle: float
    spread: float


def linked_rows(dataset: Dataset, near: bool, job: Job) -> Links:
    """Return positions, similarity and exactness of equal and nearly equal rows."""
    frame, schema = dataset.frame, dataset.schema
    numbers = [_as_float(frame[name]) for name in schema.features("number", "integer")]
    rest = _hash_others(frame, schema.features("boolean", "category", "date", "text"))
    # 64 bits: two different rows among a million share a hash once in 40 million datasets.
    left, right = stars(_hash_rows(numbers, rest))
    similarity, exact = np.ones(len(left)), np.ones(len(left), dtype=bool)
    job.check()
    if not near or not numbers:
        return left, right, similarity, exact
    kept = np.ones(len(frame), dtype=bool)
    kept[right] = False
    at = np.flatnonzero(kept)
    if len(right):
        numbers, rest = [column[at] for column in numbers], rest[at]
    a, b, value = _near(numbers, rest, job)
    return (
        np.append(left, at[a]),
        np.append(right, at[b]),
        np.append(similarity, value),
        np.append(exact, np.zeros(len(a), dtype=bool)),
    )


def _as_float(column: pd.Series) -> np.ndarray:
    # Adding 0.0 turns -0.0 into 0.0, which is the same number with other bits.
    return column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0


def _hash_others(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return one hash per row over everything that is not a number."""
    state = np.full(len(frame), 17, dtype=np.uint64)
    for name in names:
        codes = pd.factorize(frame[name])[0]
        _mix(state, codes.astype(np.int64).view(np.uint64))
    return state


def _hash_rows(numbers: list[np.ndarray], rest: np.ndarray) -> np.ndarray:
    state = rest.copy()
    for column in numbers:
        missing = np.isnan(column)
        # Missing values carry different bits from file to file.
        bits = np.where(missing, np.nan, column) if missing.any() else column
        _mix(state, bits.view(np.uint64))
    return state


def _mix(state: np.ndarray, bits: np.ndarray) -> None:
    state ^= bits
    state *= _ODD
    state ^= state >> _SHIFT


def _near(numbers: list[np.ndarray], rest: np.ndarray, job: Job) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return nearly equal rows among rows that all differ."""
    axes, rest = _axes(numbers, rest)
    if not axes:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    tolerance = _tolerance(len(rest), len(axes))
    places = _places(axes, tolerance)
    pairs = []
    for grid in range(N_PROJECTIONS + 1):
        job.check()
        # Five grids, a fifth of a cell apart: each projection can part a pair in one of them only.
        cells = np.floor(places + grid / (N_PROJECTIONS + 1))
        keys = rest.copy()
        for place in cells:
            _mix(keys, (place + 0.0).view(np.uint64))
        pairs.append(_verified(*_candidates(keys, places[0]), axes, tolerance))
    left, right, gap = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    _, first = np.unique(left * len(rest) + right, return_index=True)
    return left[first], right[first], 1.0 - gap[first]


def _places(axes: list[Axis], tolerance: float) -> np.ndarray:
    """Return each row's place on the random projections, in cells, shape (projections, n)."""
    weights = rng_from("projections", len(axes)).standard_normal((N_PROJECTIONS, len(axes)))
    reach = tolerance * np.abs(weights).sum(axis=1, keepdims=True)  # the most that near rows lie apart
    weights /= reach * (N_PROJECTIONS + 1) * 1.001
    weights /= np.array([axis.spread for axis in axes])
    middles = np.array([[axis.middle] for axis in axes])
    n = len(axes[0].values)
    places = np.empty((N_PROJECTIONS, n))
    for start in range(0, n, CHUNK):
        chunk = np.stack([axis.values[start : start + CHUNK] for axis in axes])
        chunk -= middles  # far from zero, the digits that tell neighbours apart would be lost
        places[:, start : start + CHUNK] = weights @ chunk
    return places


def _tolerance(n: int, n_columns: int) -> float:
    """Return how far near rows may differ, so that few rows are near by chance alone.

    With few columns and many rows, neighbours closer than half a percent are
    everywhere: at most about one row in a hundred should have one by accident.
    """
    return min(TOLERANCE, (CHANCE_PER_ROW / max(n, 1)) ** (1 / max(n_columns, 1)))


def _axes(numbers: list[np.ndarray], rest: np.ndarray) -> tuple[list[Axis], np.ndarray]:
    """Return the columns in which rows may differ, and the hash of all that must be equal."""
    rest = rest.copy()
    axes = []
    for column in numbers:
        finite = np.isfinite(column)
        if finite.all():
            middle, spread = _spread(column)
        else:
            # Missing in both or in neither; infinite alike.
            _mix(rest, np.where(finite, 0.0, np.where(np.isnan(column), 1.0, column)).view(np.uint64))
            middle, spread = _spread(column[finite])
            column = np.where(finite, column, middle)
        if spread > 0:
            axes.append(Axis(column, middle, spread))
        else:
            _mix(rest, column.view(np.uint64))
    return axes, rest


def _spread(values: np.ndarray) -> tuple[float, float]:
    """Return the median and a standard deviation that a few extreme values cannot blow up."""
    if not len(values):
        return 0.0, 0.0
    sample = values[:: max(1, len(values) // SCALE_SAMPLE)]
    low, middle, high = np.quantile(sample, [0.25, 0.5, 0.75])
    if low == high:  # mostly one value (zeros): the spread of the others counts
        others = sample[sample != middle]
        if len(others) < 2:
            return float(middle), 0.0
        low, high = np.quantile(others, [0.25, 0.75])
    return float(middle), float(high - low) / 1.349


def _candidates(keys: np.ndarray, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of rows in one cell; in a crowded cell only the closest on one projection."""
    order = np.argsort(keys)
    ordered = keys[order]
    same = ordered[1:] == ordered[:-1]
    inside = np.append(same, False) | np.append(False, same)
    order = order[inside]
    order = order[np.lexsort((place[order], keys[order]))]
    ordered = keys[order]
    left, right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for step in range(1, WINDOW + 1):
        hit = np.flatnonzero(ordered[step:] == ordered[:-step])
        if not len(hit):
            break
        left.append(order[hit])
        right.append(order[hit + step])
    a, b = np.concatenate(left), np.concatenate(right)
    return np.minimum(a, b), np.maximum(a, b)


def _verified(
    left: np.ndarray, right: np.ndarray, axes: list[Axis], tolerance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keep the pairs whose every number differs by at most the tolerance (the rest is equal: it is in the key)."""
    gap = np.zeros(len(left))
    for values, _, spread in axes:
        gap = np.maximum(gap, np.abs(values[left] - values[right]) / spread)
        good = gap <= tolerance
        if not good.all():
            left, right, gap = left[good], right[good], gap[good]
    return left, right, gap
