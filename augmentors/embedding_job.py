"""What the app runs to learn an embedding: train, judge, lay out for the map; finished encoders outlive a cancel.

Beside an encoder in the workspace lie ``judged.json`` and ``neighbours.npz``; in the dataset's cache the layouts
``map-pca-ID.npy`` and ``map-umap-ID.npy``.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.explore.embeddings import embed
from augmentors.explore.projection import pca_2d, umap_2d
from augmentors.map_points import EMBEDDING, scaled
from augmentors.overview import browse_order
from augmentors.selfsup import kept
from augmentors.selfsup.judged import Judged
from augmentors.selfsup.pretrain import JUDGED, judge_encoder
from augmentors.selfsup.registry import pretext
from augmentors.store import Workspace, disk_errors, write_bytes, write_json

NEIGHBOURS_FILE = "neighbours.npz"


def pretrain_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Learn an embedding of a dataset's training part and say what it did.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``method``, ``params``, ``seed``.
    """
    workspace, dataset_id = Workspace.open(arguments["workspace"]), arguments["dataset_id"]
    dataset, split = workspace.load_dataset(dataset_id), workspace.load_split(dataset_id)
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    train = dataset.take(split.train)
    unfitted = pretext(arguments["method"])(**arguments["params"])
    workspace.encoders_dir.mkdir(exist_ok=True)
    with kept.shelf(workspace.encoders_dir):
        encoder = kept.learnt(unfitted, train, arguments["seed"], job.part(0.0, 0.6))
    home = kept.keep(encoder, workspace.encoders_dir, {"dataset_id": dataset_id, "title": encoder.card.title})
    job.progress(0.6, "Encoding all samples …")
    before = embed(dataset, job.part(0.6, 0.65), cache=workspace.cache_path(dataset_id, EMBEDDING), fit_on=split.train)
    after = encoder.encode(dataset, job.part(0.65, 0.7))
    order, _ = browse_order(dataset)
    with disk_errors("The map"):
        _keep_layout(workspace, dataset_id, "pca", encoder.id, pca_2d(after[order]))
    at = dataset.frame.index.get_indexer(pd.Index(split.train))
    judged = judge_encoder(encoder, train, split.folds, before[at], after[at], job.part(0.7, 0.8))
    with disk_errors("What the embedding is worth"):
        rows = np.argsort(order, kind="stable")[np.searchsorted(np.sort(order), at)]
        write_bytes(home / NEIGHBOURS_FILE, neighbours_of(judged, train, rows, before[at], after[at]))
        write_json(home / JUDGED, judged.to_json())
    laid = umap_2d(after[order], dataset.shown_labels[order].astype(str), job.part(0.8, 1.0))
    with disk_errors("The map"):
        _keep_layout(workspace, dataset_id, "umap", encoder.id, laid)
    return {"encoder_id": encoder.id}


def neighbours_of(judged: Judged, train: Dataset, rows: np.ndarray, before: np.ndarray, after: np.ndarray) -> bytes:
    """Return what the gallery needs of each sample judged, as an NPZ file.

    These are its row in the browse file, its class, and its neighbours in both embeddings with their distances.

    Parameters
    ----------
    rows : ndarray of int, shape (n,)
        Row in the browse file of each training sample.
    before, after : ndarray, shape (n, d)
        The embeddings of the training part, row by row.
    """
    at = train.frame.index.get_indexer(pd.Index(judged.ids))
    labels = train.shown_labels[at].astype(str)
    file = io.BytesIO()
    near: dict[str, Any] = {"before": judged.near_before, "after": judged.near_after}
    near |= {f"{side}_gaps": _gaps(v[at], near[side]) for side, v in (("before", before), ("after", after))}
    np.savez_compressed(file, rows=rows[at], labels=labels, **near)
    return file.getvalue()


def _gaps(vectors: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Return the Euclidean distance of each sample to each of its neighbours, shape of `near`."""
    return np.stack([np.linalg.norm(vectors - vectors[mates], axis=1) for mates in near.T], axis=1).astype(np.float32)


def _keep_layout(workspace: Workspace, dataset_id: str, name: str, encoder_id: str, points: np.ndarray) -> None:
    file = io.BytesIO()
    np.save(file, scaled(points), allow_pickle=False)
    write_bytes(workspace.cache_path(dataset_id, f"map-{name}-{encoder_id}.npy"), file.getvalue())
