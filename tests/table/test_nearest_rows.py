"""Neighbour search against a plain all-pairs search, ties included."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from augmentors.table.nearest_rows import TREE_ROWS, effective_columns, nearest_others


def by_hand(points: np.ndarray, queries: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest others by (distance, position)."""
    found = []
    for q in queries:
        distances = ((points - points[q]) ** 2).sum(axis=1)
        order = [i for i in np.lexsort([np.arange(len(points)), distances]) if i != q]
        found.append(order[:k])
    return np.array(found)


@pytest.mark.parametrize("columns", [2, 30])
@pytest.mark.parametrize("k", [1, 5])
def test_equals_all_pairs(columns: int, k: int) -> None:
    points = np.random.default_rng(0).normal(size=(120, columns))
    queries = np.array([3, 0, 119, 57])
    assert nearest_others(points, queries, k).tolist() == by_hand(points, queries, k).tolist()


def test_sparse_equals_dense() -> None:
    points = np.random.default_rng(0).normal(size=(60, 40)) * (np.random.default_rng(1).random((60, 40)) < 0.3)
    every = np.arange(60)
    assert (nearest_others(csr_matrix(points), every, 4) == nearest_others(points, every, 4)).all()


@pytest.mark.parametrize("columns", [3, 20])
def test_a_row_is_never_its_own_neighbour_among_equal_rows(columns: int) -> None:
    points = np.zeros((30, columns))
    found = nearest_others(points, np.arange(30), 4)
    assert found.shape == (30, 4)
    assert not (found == np.arange(30)[:, None]).any()
    assert all(len(set(row)) == 4 for row in found.tolist())


@pytest.mark.parametrize("columns", [3, 20])
def test_ties_do_not_depend_on_threads(columns: int) -> None:
    points = np.random.default_rng(0).integers(0, 2, (1500, columns)).astype(float)
    queries = np.arange(0, 1500, 7)
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(nearest_others(points, queries, 5))
    assert (found[0] == found[1]).all()


@pytest.mark.parametrize("rows", [400, 5000])
def test_tree_and_all_pairs_agree_on_either_side_of_their_border(rows: int) -> None:
    points = np.random.default_rng(0).normal(size=(rows, 5)) * np.array([5.0, 3.0, 0.1, 0.1, 0.1])
    queries = np.random.default_rng(1).permutation(rows)[:60]
    assert (rows < TREE_ROWS * 2 ** effective_columns(points)) == (rows == 400)
    assert nearest_others(points, queries, 4).tolist() == by_hand(points, queries, 4).tolist()
