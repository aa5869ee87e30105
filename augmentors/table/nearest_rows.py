"""Exact nearest neighbours among rows of numbers, the same on any number of threads."""

from typing import Any

import numpy as np

from augmentors.table.exact_search import nearest_positions, usable_threads

# A k-d tree is faster than comparing all pairs from about this many rows × 2^columns on, counted by their spread.
TREE_ROWS = 128
LEAF = 48


def nearest_others(points: Any, queries: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest other rows of some rows, nearest first, ties by position.

    Parameters
    ----------
    points : ndarray or CSR matrix of float64, shape (n, m)
    queries : ndarray of int64, shape (q,)
        Positions of the rows whose neighbours are wanted. A row is never its
        own neighbour; an equal row elsewhere may be.
    k : int
        At most n - 1.

    Returns
    -------
    ndarray of int64, shape (q, k)

    Examples
    --------
    >>> nearest_others(np.array([[0.0], [1.0], [3.0]]), np.array([0, 2]), 1).tolist()
    [[1], [1]]
    """
    found = _nearest(points, queries, k + 1)
    is_self = found == queries[:, None]
    # Among more than k equal rows the row itself may not be found: then the last one is dropped.
    is_self[~is_self.any(axis=1), -1] = True
    return found[~is_self].reshape(len(queries), k).astype(np.int64)


def _nearest(points: Any, queries: np.ndarray, count: int) -> np.ndarray:
    """Return the positions of the `count` nearest rows, by distance, then position."""
    if not isinstance(points, np.ndarray) or not np.isfinite(points).all():
        # What NearestNeighbors calls underneath. It picks its strategy by the number of threads, and one
        # of the two orders ties by thread; naming the other here keeps "same bytes" on every machine.
        from sklearn.metrics._pairwise_distances_reduction import ArgKmin

        wanted = points[queries]
        return _by_position(
            *ArgKmin.compute(wanted, points, count, "sqeuclidean", strategy="parallel_on_X", return_distance=True)
        )
    if len(points) < TREE_ROWS * 2.0 ** effective_columns(points):
        every = len(queries) == len(points) and bool((queries == np.arange(len(points))).all())
        return nearest_positions(points, points if every else points[queries], count)
    from scipy.spatial import KDTree

    tree = KDTree(points, leafsize=LEAF)
    # Queries that lie near each other walk the same branches.
    order = np.argsort(np.argsort(tree.indices)[queries])
    distances, found = tree.query(points[queries[order]], count, workers=usable_threads())
    back = np.argsort(order)
    return _by_position(distances.reshape(-1, count)[back], found.reshape(-1, count)[back])


def effective_columns(points: np.ndarray) -> float:
    """Return over how many columns the spread of the rows is shared: all when alike, 1 when one has it all.

    Examples
    --------
    >>> effective_columns(np.array([[0.0, 0.0], [1.0, 1.0]])), effective_columns(np.array([[0.0, 0.0], [1.0, 0.0]]))
    (2.0, 1.0)
    """
    spread = points.std(axis=0)
    shares = (spread / (spread.max(initial=0.0) or 1.0)) ** 2
    return float(shares.sum() ** 2 / (shares**2).sum()) if shares.any() else 1.0


def _by_position(distances: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return what was found with ties in the order of the positions; they come in an order of the search."""
    by_position = np.argsort(found, axis=1, kind="stable")
    distances, found = (np.take_along_axis(a, by_position, axis=1) for a in (distances, found))
    return np.take_along_axis(found, np.argsort(distances, axis=1, kind="stable"), axis=1)
