"""The map: where each sample lies, computed in a job and kept with the dataset.

Files in the dataset's cache, rows in the order of the browse file
(`augmentors.overview`): ``map-pca.npy`` and ``map-umap.npy`` (int16
coordinates), ``map-drawn.npy`` (the rows that are drawn, all when there are few).
"""

from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.core.seeds import rng_from
from augmentors.explore.embeddings import embed, embedding_name
from augmentors.explore.projection import pca_2d, rows_to_fit, umap_2d
from augmentors.overview import browse_order
from augmentors.store import Workspace

EMBEDDING, PCA, UMAP, DRAWN = "embedding.npy", "map-pca.npy", "map-umap.npy", "map-drawn.npy"
MAX_DRAWN = 20_000
FULL_SCALE = 30_000


def map_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Embed a dataset and lay it out: PCA first, UMAP after.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``.
    """
    workspace, dataset_id = Workspace.open(arguments["workspace"]), arguments["dataset_id"]
    dataset, split = workspace.load_dataset(dataset_id), workspace.load_split(dataset_id)
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    order, _ = browse_order(dataset)
    labels = dataset.shown_labels[order].astype(str)
    job.progress(0.0, f"Embedding {len(dataset):,} samples: {embedding_name(dataset.kind)} …")
    cache = workspace.cache_path(dataset_id, EMBEDDING)
    vectors = embed(dataset, job.part(0.0, 0.5), cache=cache, fit_on=split.train)[order]
    job.progress(0.5, "Laying out with PCA …")
    drawn = rows_to_fit(len(labels), labels, MAX_DRAWN, rng_from("map", dataset.fingerprint))
    # A sample that is listed under several labels is one point.
    drawn = drawn[np.isin(drawn, np.unique(order, return_index=True)[1])]
    _keep(workspace.cache_path(dataset_id, DRAWN), drawn.astype(np.int32))
    _keep(workspace.cache_path(dataset_id, PCA), scaled(pca_2d(vectors)))
    job.progress(0.55, "Laying out with UMAP …")
    _keep(workspace.cache_path(dataset_id, UMAP), scaled(umap_2d(vectors, labels, job.part(0.55, 1.0))))
    return {"dataset_id": dataset_id}


def scaled(points: np.ndarray) -> np.ndarray:
    """Return coordinates as int16, proportions kept; far outliers are drawn at the rim.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    """
    low, high = np.quantile(points, [0.001, 0.999], axis=0) if len(points) else (np.zeros(2), np.ones(2))
    centre, half = (low + high) / 2, max(float((high - low).max()) / 2 * 1.05, 1e-9)
    return np.rint(np.clip((points - centre) / half, -1.08, 1.08) * FULL_SCALE).astype(np.int16)


def inside(points: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Return which points lie inside a polygon (even-odd rule), shape (n,).

    Parameters
    ----------
    points : ndarray, shape (n, 2)
    polygon : ndarray, shape (m, 2)
    """
    polygon = np.asarray(polygon, dtype=np.float64).reshape(-1, 2)
    mask = np.zeros(len(points), dtype=bool)
    if len(polygon) < 3:
        return mask
    near = np.flatnonzero(((points >= polygon.min(axis=0)) & (points <= polygon.max(axis=0))).all(axis=1))
    x, y = points[near, 0].astype(np.float64), points[near, 1].astype(np.float64)
    within = np.zeros(len(near), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            within ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    mask[near] = within
    return mask


def by_distance_to_centre(points: np.ndarray, *, outliers_first: bool) -> np.ndarray:
    """Return positions of points sorted by distance to their median."""
    distance = np.hypot(*(points.astype(np.float64) - np.median(points, axis=0)).T)
    return np.argsort(-distance if outliers_first else distance, kind="stable")


def _keep(path: Path, array: np.ndarray) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.save(file, array)
    draft.replace(path)
