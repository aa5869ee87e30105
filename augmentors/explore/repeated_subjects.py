"""Do the rows come in tight clumps: several near-equal rows of one patient, machine, customer?

Copies within half a percent are found elsewhere and kept together. Repeated
measurements differ by more than that, and still a model that has seen one
knows the others. They show in the distances r1 < r2 < … from a row to its
neighbours. Where rows are independent, k · log(r(k+1) / rk) has the same mean
for every k (the spacings of a Poisson process, as in the TwoNN estimate of
dimension); where rows have m siblings, the step after the m-th neighbour
stands out.
"""

from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.seeds import rng_from

MAX_SIBLINGS = 60
ROWS_ASKED, MAX_DISTANCES = 1000, 40_000_000
MIN_ROWS = 60
MIN_COLUMNS, MAX_COLUMNS = 3, 16
MIN_DISTINCT = 20
COMMON_SHARE = 0.1  # a column that is mostly zero puts rows on few lines, which look like clumps
# Independent rows of many shapes stay below 1.3 times the median step; three siblings or five, above 2.5.
STANDS_OUT = 2.5
_CHUNK = 2_000_000


@dataclass(frozen=True)
class Neighbourhoods:
    """Some rows of a table and the rows most like each, by its numbers.

    Parameters
    ----------
    rows : ndarray of int64, shape (q,)
        Positions of the rows that were asked about.
    nearest : ndarray of int64, shape (q, k)
        Positions of their nearest other rows, nearest first.
    siblings : int
        How many near-equal others a row typically has; 0 where nothing stands out.
    """

    rows: np.ndarray
    nearest: np.ndarray
    siblings: int


def neighbourhoods(dataset: Dataset, job: Job, without: str | None = None) -> Neighbourhoods | None:
    """Return some rows and those most like them; None where there are too few rows or columns of numbers to tell.

    Parameters
    ----------
    without : str, optional
        A column to leave out.
    """
    points = _points(dataset, without)
    if points is None:
        return None
    n = len(points)
    asked = max(MIN_ROWS, min(ROWS_ASKED, MAX_DISTANCES // n))
    rows = np.sort(rng_from("repeated subjects", n).permutation(n)[:asked])
    nearest, distances = _nearest(points, rows, min(MAX_SIBLINGS, n // 8) + 1, job)
    return Neighbourhoods(rows, nearest, siblings(distances))


def siblings(distances: np.ndarray) -> int:
    """Return how many near-equal others a row typically has; 0 where no step stands out.

    Parameters
    ----------
    distances : ndarray of float64, shape (q, k)
        To the nearest other rows, ascending.

    Examples
    --------
    >>> even = np.sqrt(np.arange(1.0, 22.0)) * np.ones((5, 1))
    >>> siblings(even), siblings(np.hstack([even[:, :3] / 100, even[:, 3:]]))
    (0, 3)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.log(distances[:, 1:] / distances[:, :-1])
    steps[~np.isfinite(steps)] = 0.0
    mean = steps.mean(axis=0) * np.arange(1, distances.shape[1])
    largest = int(mean.argmax())
    return largest + 1 if mean[largest] > STANDS_OUT * np.median(mean) > 0 else 0


def _points(dataset: Dataset, without: str | None) -> np.ndarray | None:
    """Return the varied numbers of all rows, each column in units of its spread, shape (n, columns)."""
    if dataset.kind != "table" or len(dataset) < MIN_ROWS:
        return None
    columns: list[np.ndarray] = []
    for name in dataset.schema.features("number", "integer"):
        if name == without or len(columns) == MAX_COLUMNS:
            continue
        values = dataset.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        prepared = _dithered(values, name)
        if prepared is not None:
            columns.append(prepared.astype(np.float32))
    return np.stack(columns, axis=1) if len(columns) >= MIN_COLUMNS else None


def _dithered(values: np.ndarray, name: str) -> np.ndarray | None:
    """Return a column in units of its spread, moved within its last digit; None when it has few values.

    Rounded values would put rows on a grid, whose steps look like clumps.
    """
    finite = np.isfinite(values)
    if finite.mean() < 0.5:
        return None
    distinct, counts = np.unique(values[finite], return_counts=True)
    if len(distinct) < MIN_DISTINCT or counts.max() > COMMON_SHARE * len(values):
        return None
    low, middle, high = np.quantile(values[finite], [0.25, 0.5, 0.75])
    # In units of the middle half, so that outliers do not count.
    spread = float(high - low) / 1.349
    if not spread > 0 or not np.isfinite(spread):
        return None
    rounding = float(np.quantile(np.diff(distinct), 0.05))
    moved = values + rng_from("dither", name, len(values)).uniform(-0.5, 0.5, len(values)) * rounding
    return np.asarray((np.where(finite, moved, middle) - middle) / spread)


def _nearest(points: np.ndarray, rows: np.ndarray, k: int, job: Job) -> tuple[np.ndarray, np.ndarray]:
    """Return positions of the k nearest other rows and the distances to them, ascending."""
    squares = np.einsum("ij,ij->i", points, points)
    found, away = [], []
    for some in np.array_split(rows, max(1, len(rows) * len(points) // _CHUNK)):
        job.check()
        distance = squares - 2 * points[some] @ points.T
        distance[np.arange(len(some)), some] = np.inf
        near = np.argpartition(distance, k, axis=1)[:, :k]
        # Of the few anew: the short way above loses the digits that tell near rows apart.
        exact = np.linalg.norm(points[near].astype(np.float64) - points[some, None].astype(np.float64), axis=2)
        order = np.argsort(exact, axis=1, kind="stable")
        found.append(np.take_along_axis(near, order, axis=1))
        away.append(np.take_along_axis(exact, order, axis=1))
    return np.concatenate(found), np.concatenate(away)
