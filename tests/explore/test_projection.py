"""The map is the same each time, keeps rare classes, reports progress and can be stopped."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.errors import Cancelled
from augmentors.core.job import Job
from augmentors.explore.neighbours import nearest
from augmentors.explore.projection import pca_2d, rows_to_fit, umap_2d


def _groups(n=600, d=20, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((3, d)) * 4
    labels = np.array(["a"] * (n - 60) + ["b"] * 45 + ["c"] * 15)
    return centres[np.unique(labels, return_inverse=True)[1]] + rng.standard_normal((n, d)), labels


def test_pca_is_the_known_answer():
    rng = np.random.default_rng(0)
    plane = rng.standard_normal((200, 2)) * [10, 3]
    turn = np.linalg.qr(rng.standard_normal((6, 6)))[0]
    X = np.hstack([plane, np.zeros((200, 4))]) @ turn
    found = pca_2d(X)
    _, _, axes = np.linalg.svd(plane - plane.mean(axis=0), full_matrices=False)
    expected = (plane - plane.mean(axis=0)) @ axes.T
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-4)
    assert found.dtype == np.float32


@pytest.mark.parametrize("shape", [(600, 20), (6000, 380), (2000, 1100)])
def test_pca_is_the_same_for_the_same_rows_in_any_order(shape):
    """One shape per solver; signs included."""
    X, _ = _groups(*shape)
    X[:, 0] *= 5
    found = pca_2d(X)
    np.testing.assert_array_equal(found, pca_2d(X.copy()))
    order = np.random.default_rng(1).permutation(len(X))
    np.testing.assert_allclose(pca_2d(X[order]), found[order], atol=1e-2 * np.abs(found).max())


@pytest.mark.parametrize("shape", [(0, 3), (1, 3), (2, 3), (3, 1), (5, 1), (4, 4)])
def test_few_rows_and_flat_data(shape):
    rng = np.random.default_rng(0)
    for X in (rng.standard_normal(shape), np.ones(shape)):
        assert pca_2d(X).shape == (shape[0], 2)
        assert np.isfinite(pca_2d(X)).all()
    assert (pca_2d(np.ones(shape)) == 0).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=8), st.integers(8, 150))
def test_rare_classes_are_kept_in_full(counts, limit):
    labels = np.repeat([f"c{i}" for i in range(len(counts))], counts)
    at = rows_to_fit(len(labels), labels, limit, np.random.default_rng(0))
    assert len(at) == min(limit, len(labels)) and len(set(at.tolist())) == len(at)
    kept = [int((labels[at] == f"c{i}").sum()) for i in range(len(counts))]
    full = min(kept[i] for i in range(len(counts)) if kept[i] < counts[i]) if sum(counts) > limit else None
    if full is not None:  # no class is cut shorter than a class that is smaller than it
        assert all(kept[i] == counts[i] for i in range(len(counts)) if counts[i] <= full)


class _Recorder(Job):
    def __init__(self, stop_at=2.0):
        self.fractions, self.stop_at = [], stop_at

    def progress(self, fraction, message="", **counts):
        self.fractions.append(fraction)

    def check(self):
        if self.fractions and self.fractions[-1] >= self.stop_at:
            raise Cancelled


def test_umap(recwarn):
    """One test for all of it, as compiling takes a while."""
    X, labels = _groups()
    state = random.getstate(), np.random.get_state()[1].tolist()
    job = _Recorder()
    first = umap_2d(X, labels, job)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == state
    assert first.shape == (600, 2) and np.isfinite(first).all()
    assert job.fractions[-1] == 1.0 and job.fractions == sorted(job.fractions)
    np.testing.assert_array_equal(umap_2d(X, labels), first)
    assert not np.array_equal(umap_2d(X, labels, seed=1), first)

    def purity(points):
        return (labels[nearest(points, k=5)[1]] == labels[:, None]).mean()

    assert purity(first) > 0.97
    sampled = umap_2d(X, labels, max_fitted=150)
    assert purity(sampled) > 0.95, "rows that were not laid out lie among their own"
    with pytest.raises(Cancelled):
        umap_2d(X, labels, _Recorder(stop_at=0.05))
    for n in range(7):
        assert umap_2d(X[:n]).shape == (n, 2)
        assert np.isfinite(umap_2d(np.ones((n, 3)))).all()
