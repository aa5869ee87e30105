"""Exact nearest neighbours among rows of numbers, the same on any number of threads."""

from typing import Any

import numpy as np

# Up to this many columns a k-d tree is faster than comparing all pairs (scikit-learn's own rule).
TREE_COLUMNS = 15


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
    distances, found = _nearest(points, points[queries], k + 1)
    # Ties come in an order that depends on the search; position decides instead.
    by_position = np.argsort(found, axis=1, kind="stable")
    distances, found = (np.take_along_axis(a, by_position, axis=1) for a in (distances, found))
    by_distance = np.argsort(distances, axis=1, kind="stable")
    found = np.take_along_axis(found, by_distance, axis=1)
    is_self = found == queries[:, None]
    # Among more than k equal rows the row itself may not be found: then the last one is dropped.
    is_self[~is_self.any(axis=1), -1] = True
    return found[~is_self].reshape(len(queries), k).astype(np.int64)


def _nearest(points: Any, wanted: Any, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return squared or plain distances and positions of the `count` nearest rows."""
    if isinstance(points, np.ndarray) and points.shape[1] <= TREE_COLUMNS:
        from sklearn.neighbors import KDTree

        return KDTree(points).query(wanted, count)
    # What NearestNeighbors calls underneath. It picks its strategy by the number of threads, and one
    # of the two orders ties by thread; naming the other here keeps "same bytes" on every machine.
    from sklearn.metrics._pairwise_distances_reduction import ArgKmin

    return ArgKmin.compute(wanted, points, count, "sqeuclidean", strategy="parallel_on_X", return_distance=True)
