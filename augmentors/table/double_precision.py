"""Distances and nearest rows in double precision: the last word on candidates, and on rows that are too alike."""

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)
# Of so many more rows than are wanted, the nearest are surely among them; else all rows are looked at.
SPARE = 32
# Few enough that gathered rows stay in the cache.
PAIRS_AT_ONCE = 2_048


def nearest_in_double(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    """Return the positions of the `count` points nearest to some rows, nearest first, ties by position.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
        Finite.
    wanted : ndarray of float64, shape (q, m)
        Finite.
    count : int
        At most n.

    Returns
    -------
    ndarray of int64, shape (q, count)

    Examples
    --------
    >>> nearest_in_double(np.array([[1.0], [-1.0], [3.0]]), np.array([[0.0]]), 2).tolist()
    [[0, 1]]
    """
    if not len(wanted):
        return np.empty((0, count), dtype=np.int64)
    if count + SPARE < len(points):
        nearest, surely = _by_products(points, wanted, count)
    else:
        nearest, surely = np.empty((len(wanted), count), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    every = np.arange(len(points))
    for row in np.flatnonzero(~surely):
        distance = pair_distances(wanted, np.full(len(points), row), points, every)
        near = np.flatnonzero(distance <= np.partition(distance, count - 1)[count - 1])
        nearest[row] = near[np.argsort(distance[near], kind="stable")][:count]
    return nearest


def _by_products(points: np.ndarray, wanted: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest of a few more rows than are wanted, and for which queries they surely are the nearest."""
    from sklearn.metrics._pairwise_distances_reduction import ArgKmin

    more = count + SPARE
    # Rounding of products grows with the distance from zero.
    centre = np.median(points, axis=0)
    with np.errstate(over="ignore"):
        rows, others = wanted - centre, points - centre
    far, found = ArgKmin.compute(rows, others, more, "sqeuclidean", strategy="parallel_on_X", return_distance=True)
    owner, point = np.repeat(np.arange(len(found)), more), found.ravel().astype(np.int64)
    distance = pair_distances(wanted, owner, points, point)
    kth = np.partition(distance.reshape(-1, more), count - 1, axis=1)[:, count - 1]
    with np.errstate(over="ignore", invalid="ignore"):
        squares, farthest = np.einsum("ij,ij->i", rows, rows), far.max(axis=1)
        error = 16 * (points.shape[1] + 4) * EPSILON * (squares + farthest)
        # Not so where products overflow: then what is found means nothing.
        surely = kth + error < farthest
    return first_of_each(owner, distance, point, count), surely & np.isfinite(farthest)


def pair_distances(one: np.ndarray, at: np.ndarray, other: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the squared distances of pairs of rows: places `at` in one table, `there` in the other."""
    squared = np.empty(len(at))
    for start in range(0, len(at), PAIRS_AT_ONCE):
        here = slice(start, start + PAIRS_AT_ONCE)
        difference = np.take(one, at[here], axis=0)
        difference -= np.take(other, there[here], axis=0)
        with np.errstate(over="ignore"):
            np.einsum("ij,ij->i", difference, difference, out=squared[here])
    return squared


def first_of_each(owner: np.ndarray, distance: np.ndarray, rows: np.ndarray, count: int) -> np.ndarray:
    """Return each owner's `count` nearest rows, in the order of the owners' numbers."""
    order = np.lexsort((rows, distance, owner))
    owner = owner[order]
    starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    return rows[order][starts[:, None] + np.arange(count)]
