"""Exact nearest neighbours, in chunks that can be stopped."""

from typing import Any

import numpy as np

from augmentors.core.job import NO_JOB, Job

CHUNK = 1024


def nearest(
    reference: np.ndarray,
    queries: np.ndarray | None = None,
    k: int = 5,
    job: Job = NO_JOB,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k nearest rows of `reference`, nearest first, by Euclidean distance.

    Parameters
    ----------
    reference : ndarray, shape (n, d)
    queries : ndarray, shape (m, d), optional
        Without it, the neighbours of each reference row among the others.
    k : int
        Cut to what there is.
    job : Job, optional

    Returns
    -------
    distances : ndarray of float64, shape (m, k)
        Exactly 0 for equal rows.
    indices : ndarray of int64, shape (m, k)
        Positions in `reference`.
    """
    from sklearn.neighbors import NearestNeighbors

    alone = queries is None
    asked = reference if queries is None else queries
    k = max(min(k, len(reference) - alone), 0)
    if k == 0 or not len(asked):
        return np.empty((len(asked), k)), np.empty((len(asked), k), dtype=np.int64)
    index = NearestNeighbors(n_neighbors=k + alone, n_jobs=1).fit(reference)
    distances, indices = np.empty((len(asked), k)), np.empty((len(asked), k), dtype=np.int64)
    for start in range(0, len(asked), CHUNK):
        job.check()
        chunk = asked[start : start + CHUNK]
        found = _found(index, chunk)
        if alone:
            found = _without_self(found, start)
        gap = _exact_distances(chunk, reference, found)
        order = np.lexsort((found, gap), axis=1)
        distances[start : start + CHUNK] = np.take_along_axis(gap, order, axis=1)
        indices[start : start + CHUNK] = np.take_along_axis(found, order, axis=1)
        job.progress((start + len(chunk)) / len(asked))
    return distances, indices


def _found(index: Any, chunk: np.ndarray) -> np.ndarray:
    """Return what the index finds for a chunk.

    For as few rows as a chunk has it would divide the reference instead of the
    chunk among threads, which takes four times as long and orders ties by thread.
    """
    from sklearn.metrics._pairwise_distances_reduction import ArgKmin

    rows, metric = index._fit_X, "euclidean"
    if index._fit_method != "brute" or not ArgKmin.is_usable_for(chunk, rows, metric):
        return index.kneighbors(chunk, return_distance=False)
    return ArgKmin.compute(chunk, rows, index.n_neighbors, metric, strategy="parallel_on_X", return_distance=False)


def _without_self(found: np.ndarray, start: int) -> np.ndarray:
    """Drop each row's own position; behind many equal rows it may be absent, then the last goes."""
    own = found == np.arange(start, start + len(found))[:, None]
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(found), -1)


def _exact_distances(queries: np.ndarray, reference: np.ndarray, found: np.ndarray) -> np.ndarray:
    # The search's shortcut |a|² - 2ab + |b|² leaves a rest where rows are equal.
    gap = np.empty(found.shape)
    for j in range(found.shape[1]):
        difference = queries.astype(np.float64) - reference[found[:, j]]
        gap[:, j] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return gap
