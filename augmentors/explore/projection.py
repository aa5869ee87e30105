"""The map: samples on two axes, by PCA at once and by UMAP in the background.

References
----------
.. [1] L. McInnes, J. Healy, J. Melville, "UMAP: uniform manifold approximation
   and projection for dimension reduction", 2018.
"""

import warnings
from collections.abc import Sequence

import numpy as np

from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import rng_from
from augmentors.explore.neighbours import nearest

MAX_FITTED = 5_000
MIN_ROWS = 4  # fewer points than this have no neighbourhoods to keep
N_NEIGHBOURS = 15
N_EPOCHS = 200
FIRST_DIMENSIONS = 50
PLACED_BY = 5


def pca_2d(X: np.ndarray) -> np.ndarray:
    """Return the two directions of largest spread, the same for the same input.

    Parameters
    ----------
    X : ndarray, shape (n, d)

    Returns
    -------
    ndarray of float32, shape (n, 2)
        Zeros where there is no second (or first) direction.
    """
    return _principal(X, 2)


def umap_2d(
    X: np.ndarray,
    labels: Sequence[str] | np.ndarray | None = None,
    job: Job = NO_JOB,
    seed: int = 0,
    max_fitted: int = MAX_FITTED,
) -> np.ndarray:
    """Return a map in which neighbours stay neighbours.

    At most `max_fitted` rows are laid out, rare classes in full; every other
    row is placed among its nearest laid-out rows.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    labels : sequence of str, optional
        Decides only which rows are laid out.
    job : Job, optional
    seed : int
    max_fitted : int

    Returns
    -------
    ndarray of float32, shape (n, 2)
    """
    if len(X) < MIN_ROWS:
        return pca_2d(X)
    job.progress(0.0, "Preparing the map")
    rng = rng_from("umap", seed, len(X))
    reduced = _principal(X, FIRST_DIMENSIONS) if X.shape[1] > FIRST_DIMENSIONS else np.asarray(X, np.float32)
    job.check()
    fitted = rows_to_fit(len(X), labels, max_fitted, rng)
    placed = _laid_out(reduced[fitted], rng, job.part(0.05, 0.9))
    if len(fitted) == len(X):
        job.progress(1.0, "Map ready")
        return placed
    result = np.empty((len(X), 2), dtype=np.float32)
    result[fitted] = placed
    others = np.setdiff1d(np.arange(len(X)), fitted)
    result[others] = _placed(reduced[others], reduced[fitted], placed, job.part(0.9, 1.0))
    job.progress(1.0, "Map ready")
    return result


def warm_up() -> None:
    """Compile what UMAP needs, on a few random points, so that the first map need not wait for it."""
    umap_2d(np.random.default_rng(0).standard_normal((64, 5)).astype(np.float32))


def rows_to_fit(n: int, labels: Sequence[str] | np.ndarray | None, limit: int, rng: np.random.Generator) -> np.ndarray:
    """Return ascending positions of at most `limit` rows: rare classes in full, the others share the rest."""
    if n <= limit:
        return np.arange(n)
    names = (
        np.zeros(n, dtype=np.int64) if labels is None else np.unique(np.asarray(labels, str), return_inverse=True)[1]
    )
    counts = np.bincount(names)
    chosen = []
    room, left = limit, len(counts)
    for label in np.argsort(counts, kind="stable"):
        share = min(int(counts[label]), room // left)
        chosen.append(rng.choice(np.flatnonzero(names == label), share, replace=False))
        room, left = room - share, left - 1
    return np.sort(np.concatenate(chosen))


def _principal(X: np.ndarray, n_components: int) -> np.ndarray:
    """Return principal components as float32, padded with zeros."""
    from sklearn.decomposition import PCA

    X = np.asarray(X, dtype=np.float64)
    possible = min(n_components, X.shape[0] - 1, X.shape[1])
    result = np.zeros((len(X), n_components), dtype=np.float32)
    if possible < 1 or not np.ptp(X, axis=0).any():
        return result
    # Exact where that is quick; a seeded random search otherwise.
    solver = "full" if X.size <= 2_000_000 else "covariance_eigh" if X.shape[1] <= 400 else "randomized"
    # Signs are scikit-learn's: the largest loading of a direction is positive.
    result[:, :possible] = PCA(possible, svd_solver=solver, random_state=0).fit_transform(X)
    return result


def _laid_out(X: np.ndarray, rng: np.random.Generator, job: Job) -> np.ndarray:
    """Return UMAP coordinates; its own neighbour search, slow to compile, is not needed."""
    with warnings.catch_warnings():
        # It warns that Tensorflow, which we do not use, is absent.
        warnings.simplefilter("ignore", ImportWarning)
        from umap import umap_
    job.check()
    k = min(N_NEIGHBOURS, len(X))
    gaps, others = nearest(X, k=k - 1, job=job.part(0.0, 0.1))
    # UMAP counts each row as its own first neighbour.
    indices = np.concatenate([np.arange(len(X))[:, None], others], axis=1).astype(np.int32)
    distances = np.concatenate([np.zeros((len(X), 1)), gaps], axis=1).astype(np.float32)
    state = np.random.RandomState(int(rng.integers(2**32)))
    graph, _, _ = umap_.fuzzy_simplicial_set(X, k, state, "euclidean", knn_indices=indices, knn_dists=distances)
    job.check()
    a, b = umap_.find_ab_params(1.0, 0.1)
    bar = {
        "file": _JobStream(job.part(0.1, 1.0)),
        "disable": False,
        "bar_format": "{n_fmt}",
        "mininterval": 0.2,
    }
    coordinates, _ = umap_.simplicial_set_embedding(
        X, graph, 2, 1.0, a, b, 1.0, 5, N_EPOCHS, _start(X, rng), state, "euclidean", {}, False, {}, False,
        tqdm_kwds=bar,
    )  # fmt: skip
    return np.asarray(coordinates, dtype=np.float32)


def _start(X: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the principal plane within ±10; a little noise keeps equal rows and flat planes apart."""
    plane = pca_2d(X)
    plane *= 10.0 / max(float(np.abs(plane).max()), 1e-12)
    return plane + rng.normal(scale=1e-3, size=plane.shape).astype(np.float32)


class _JobStream:
    """Takes the progress bar that UMAP writes and hands its count to a job."""

    encoding = "utf-8"

    def __init__(self, job: Job) -> None:
        self._job = job

    def write(self, text: str) -> None:
        self._job.check()
        if (count := text.strip("\r\n ")).isdigit():
            self._job.progress(int(count) / N_EPOCHS, f"Laying out the map: round {count} of {N_EPOCHS}")

    def flush(self) -> None:
        """Nothing is held back."""


def _placed(X: np.ndarray, fitted: np.ndarray, placed: np.ndarray, job: Job) -> np.ndarray:
    """Return the mean place of each row's nearest laid-out rows, weighted by closeness."""
    gaps, at = nearest(fitted, X, PLACED_BY, job)
    weights = 1.0 / np.maximum(gaps, 1e-9 + 1e-3 * gaps[:, -1:])
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("ij,ijk->ik", weights, placed[at]).astype(np.float32)
