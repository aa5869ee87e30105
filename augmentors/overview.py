"""What the Overview shows, computed once in a job so that pages only read small files.

Two files in a dataset's cache: ``overview.json`` (counts, findings, health,
feature bars) and ``browse.arrow``, all rows sorted by class in small
compressed batches, from which a page of samples is read without loading the
dataset.
"""

import functools
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.label_sets import NONE
from augmentors.core.split import Split
from augmentors.explore.distribution import class_table, imbalance_ratio
from augmentors.explore.duplicates import Pair
from augmentors.explore.health import Finding, class_health, findings
from augmentors.explore.label_statistics import label_statistics
from augmentors.explore.separation import feature_bars, feature_separation
from augmentors.store import Workspace

BROWSE, MIXED = "browse.arrow", "mixed.npy"
BATCH = 512
FEATURES_SHOWN = 24
CLASSES_IN_BARS = 8
ROWS_PER_FINDING = 480
SAMPLE_ID, POSITION, CLASS, PART = "__id", "__position", "__class", "__part"


def write_overview(
    workspace: Workspace, dataset_id: str, dataset: Dataset, split: Split, pairs: list[Pair], job: Job
) -> dict[str, Any]:
    """Write the browse file and return the document of the Overview."""
    job.progress(0.0, "Sorting samples by class …")
    order, listed = browse_order(dataset)
    write_browse(dataset, split, order, workspace.cache_path(dataset_id, BROWSE))
    # A sample of several labels is listed under each, and once among all.
    once = np.sort(np.unique(order, return_index=True)[1])
    np.save(workspace.cache_path(dataset_id, MIXED), once[mixed_order(listed[once])])
    job.check()
    job.progress(0.2, "Looking at the health of the data …")
    row_of = np.empty(len(dataset), dtype=np.int64)
    row_of[order] = np.arange(len(order))
    found = [finding_as_json(f, dataset, row_of) for f in findings(dataset, split, job.part(0.2, 0.5), pairs)]
    health = class_health(dataset, pairs)
    job.progress(0.6, "Ranking features by how well they tell the classes apart …")
    return {
        "split": split.hash,
        "classes": class_table(dataset, split).to_dict("records"),
        "labels": label_statistics(dataset.take(split.train)).as_dict() if dataset.schema.sets is not None else None,
        "ratio": imbalance_ratio(dataset.class_counts),
        "ranges": class_ranges(listed),
        "findings": found,
        "health": {"columns": list(health.columns), "rows": health.to_numpy(dtype=object).tolist()},
        "features": feature_documents(dataset.take(split.train).one_label_each(), job.part(0.6, 1.0)),
    }


def browse_order(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return row positions class by class, in the order of the classes' names, and the class each is listed under."""
    if dataset.schema.sets is None:
        order = np.argsort(pd.factorize(dataset.labels, sort=True)[0], kind="stable")
        return order, dataset.labels[order]
    own = {name: dataset.positions(name) for name in sorted(dataset.class_counts)}
    own[NONE] = np.flatnonzero(~dataset.label_matrix.any(axis=1))
    listed = np.repeat(np.array(list(own), dtype=object), [len(rows) for rows in own.values()])
    return np.concatenate(list(own.values())), listed


def write_browse(dataset: Dataset, split: Split, order: np.ndarray, path: Path) -> None:
    """Write all rows in the given order, in batches small enough to decompress for one page."""
    frame = dataset.frame.iloc[order]
    in_train = frame.index.isin(split.train)
    own = {
        SAMPLE_ID: dataset.ids[order],
        POSITION: order.astype(np.int64),
        CLASS: dataset.labels[order],
        PART: np.where(in_train, "train", "test"),
    }
    table = pa.table(
        {name: pa.array(values, from_pandas=True) for name, values in own.items()}
        | {str(name): pa.array(frame[name], from_pandas=True) for name in frame.columns}
    )
    draft = path.with_suffix(".draft")
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=BATCH)
    draft.replace(path)


def read_browse(path: Path, rows: list[int] | np.ndarray) -> pd.DataFrame:
    """Return some rows of a browse file, in this order, indexed by sample id."""
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source)
        batch = functools.lru_cache(maxsize=None)(reader.get_batch)
        parts = [batch(int(row) // BATCH).slice(int(row) % BATCH, 1) for row in rows]
        table = pa.Table.from_batches(parts, schema=reader.schema)
        frame = table.to_pandas()
    return frame.set_index(SAMPLE_ID).rename_axis(None)


def read_browse_column(path: Path, column: str) -> pd.Series:
    """Return one column of a browse file, all rows, without reading the others."""
    with pa.memory_map(str(path)) as source:
        names = pa.ipc.open_file(source).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=[names.index(column)])
        return pa.ipc.open_file(source, options=options).read_all().column(0).to_pandas()


def class_ranges(sorted_labels: np.ndarray) -> dict[str, list[int]]:
    """Return first and one-past-last row of each class in the browse file."""
    if not len(sorted_labels):
        return {}
    starts = np.flatnonzero(np.append(True, sorted_labels[1:] != sorted_labels[:-1]))
    ends = np.append(starts[1:], len(sorted_labels))
    return {str(sorted_labels[s]): [int(s), int(e)] for s, e in zip(starts, ends, strict=True)}


def mixed_order(sorted_labels: np.ndarray) -> np.ndarray:
    """Return browse rows dealt class by class, so that the first page shows every class."""
    depth = np.empty(len(sorted_labels), dtype=np.int64)
    for start, end in class_ranges(sorted_labels).values():
        depth[start:end] = np.arange(end - start)
    return np.argsort(depth, kind="stable").astype(np.int32)


def finding_as_json(finding: Finding, dataset: Dataset, row_of: np.ndarray) -> dict[str, Any]:
    """Return a finding with the browse rows of its samples instead of their ids."""
    document = asdict(finding)
    ids = document.pop("sample_ids")[:ROWS_PER_FINDING]
    at = dataset.frame.index.get_indexer(pd.Index(ids)) if ids else np.empty(0, np.int64)
    return document | {"rows": row_of[at].tolist()}


def feature_documents(train: Dataset, job: Job) -> list[dict[str, Any]]:
    """Return the bars of the features that tell the classes apart best."""
    if train.kind == "image" or not len(train):
        return []
    ranked = feature_separation(train, job).head(FEATURES_SHOWN)
    return [
        bars_document(train, str(row.column))
        | {"score": float(str(row.score)), "chance": float(str(row.chance)), "clear": bool(row.clear)}
        | {"best_class": str(row.best_class)}
        for row in ranked.itertuples(index=False)
    ]


def bars_document(train: Dataset, column: str) -> dict[str, Any]:
    """Return the share of each class's samples per bin: the largest and the rarest classes."""
    bars = feature_bars(train, column, bins=16)
    classes = list(bars.shares.columns)
    if len(classes) > CLASSES_IN_BARS:
        classes = [*classes[: CLASSES_IN_BARS // 2], *classes[-CLASSES_IN_BARS // 2 :]]
    shares = {str(name): [round(float(v), 4) for v in bars.shares[name]] for name in classes}
    return {"column": column, "type": bars.type, "bins": list(bars.names), "shares": shares}
