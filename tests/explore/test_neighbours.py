"""Neighbours are the true ones, equal rows are at distance 0, and nobody is their own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.errors import Cancelled
from augmentors.core.job import Job
from augmentors.explore.neighbours import nearest


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.sampled_from([1, 3, 20]), st.integers(1, 6))
def test_equal_to_all_distances(seed, n, d, k):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 4, (n, d)).astype(np.float32)  # many ties and equal rows
    distances, indices = nearest(X, k=k)
    full = np.sqrt(((X[:, None].astype(float) - X[None]) ** 2).sum(axis=2))
    np.fill_diagonal(full, np.inf)
    expected = np.sort(full, axis=1)[:, : min(k, n - 1)]
    np.testing.assert_allclose(distances, expected)
    assert (indices != np.arange(n)[:, None]).all()
    np.testing.assert_allclose(np.take_along_axis(full, indices, axis=1), expected)


def test_queries_against_a_reference():
    reference = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]])
    distances, indices = nearest(reference, np.array([[0.9, 0.0], [5.0, 5.0]]), k=2)
    assert indices.tolist() == [[1, 0], [2, 1]]
    assert distances[1, 0] == 0.0
    assert nearest(reference, reference[:1], k=10)[0].shape == (1, 3)


def test_equal_rows_are_at_exactly_zero():
    X = np.random.default_rng(0).standard_normal((3000, 64)).astype(np.float32) * 100
    X[2999] = X[0]
    distances, indices = nearest(X, k=1)
    assert indices[0, 0] == 2999 and distances[0, 0] == 0.0


def test_nothing_to_find():
    assert nearest(np.zeros((1, 3)), k=3)[1].shape == (1, 0)
    assert nearest(np.zeros((4, 3)), np.zeros((0, 3)), k=3)[1].shape == (0, 3)


def test_cancel():
    class Stopped(Job):
        def check(self):
            raise Cancelled

    with pytest.raises(Cancelled):
        nearest(np.zeros((4, 3)), k=1, job=Stopped())
