"""What a worker returns: judged samples of consecutive blocks, images already encoded."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from augmentors.core.samples import Samples
from augmentors.gate import Judgement, Looks
from augmentors.gate.funnel import WORDS
from augmentors.store import write_bytes


@dataclass(frozen=True)
class Batch:
    """Judged samples of some blocks of one plan part.

    Parameters
    ----------
    samples : Samples
        Without pixels: `files` holds them encoded.
    judgement : Judgement
    files : list of bytes or None
        Encoded images.
    suffixes : list of str or None
        File suffix of each, such as ``.png``.
    looks : Looks or None
        What the last check needs to know of the images.
    """

    samples: Samples
    judgement: Judgement
    files: list[bytes] | None = None
    suffixes: list[str] | None = None
    looks: Looks | None = None

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def kept(self) -> np.ndarray:
        """Mask of the samples no rule rejected, shape (n,)."""
        return (self.judgement.table["rule"] == "").to_numpy()

    def take(self, positions: np.ndarray) -> "Batch":
        """Return the samples at these row positions."""
        at = np.asarray(positions, dtype=np.int64)
        return Batch(
            self.samples.take(at),
            Judgement(self.judgement.table.iloc[at], self.judgement.keys[at]),
            None if self.files is None else [self.files[i] for i in at],
            None if self.suffixes is None else [self.suffixes[i] for i in at],
            None if self.looks is None else self.looks.take(at),
        )

    @staticmethod
    def join(parts: list["Batch"]) -> "Batch":
        """Return several batches as one, in order."""
        if len(parts) == 1:
            return parts[0]
        files = None if parts[0].files is None else [f for p in parts for f in p.files or []]
        suffixes = None if parts[0].suffixes is None else [s for p in parts for s in p.suffixes or []]
        return Batch(
            Samples.join([p.samples for p in parts]),
            Judgement(pd.concat([p.judgement.table for p in parts]), np.concatenate([p.judgement.keys for p in parts])),
            files,
            suffixes,
            Looks.join([p.looks for p in parts if p.looks is not None]) if files is not None else None,
        )


_PREFIX = {"frame": "f:", "certificate": "c:", "judgement": "j:"}


def write_batch(path: Path, batch: Batch) -> None:
    """Write a batch as one Parquet file, so that a resumed run can reuse it."""
    samples, table = batch.samples, batch.judgement.table
    parts = {"frame": samples.frame, "certificate": samples.certificate, "judgement": table}
    columns = {
        f"{_PREFIX[part]}{name}": frame[name].reset_index(drop=True) for part, frame in parts.items() for name in frame
    }
    arrays = pa.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)
    width = samples.parents.shape[1]
    extra = {
        "id": pa.array(samples.frame.index.tolist(), pa.string()),
        "parents": _fixed_lists(pa.array(samples.parents.reshape(-1).tolist(), pa.string()), width),
        "weights": _fixed_lists(pa.array(samples.weights.reshape(-1)), width),
        "key": pa.array(batch.judgement.keys),
    }
    if batch.files is not None and batch.looks is not None:
        extra |= {
            "file": pa.array(batch.files, pa.binary()),
            "suffix": pa.array(batch.suffixes, pa.string()),
            "cells": _fixed_lists(pa.array(batch.looks.cells.reshape(-1)), batch.looks.cells.shape[1]),
            "fault": pa.array(batch.looks.faults.tolist(), pa.string()),
            "look": pa.array(batch.looks.keys),
        }
    for name, column in extra.items():
        arrays = arrays.append_column(name, column)
    facts = {b"notes": json.dumps(samples.notes).encode(), b"width": str(width).encode()}
    arrays = arrays.replace_schema_metadata((arrays.schema.metadata or {}) | facts)
    sink = pa.BufferOutputStream()
    pq.write_table(arrays, sink, compression="zstd")
    write_bytes(path, sink.getvalue().to_pybytes())


def read_batch(path: Path) -> Batch:
    """Return the batch of a file made by `write_batch`."""
    table = pq.read_table(path)
    metadata = table.schema.metadata
    width = int(metadata[b"width"])
    frame = table.drop_columns(
        [n for n in ("id", "parents", "weights", "key", "file", "suffix") if n in table.column_names]
    )
    ids = pd.Index(table["id"].to_pylist(), dtype="str")
    columns = frame.to_pandas()
    columns.index = ids
    split = {part: columns[[c for c in columns if c.startswith(p)]] for part, p in _PREFIX.items()}
    parts = {part: piece.rename(columns=lambda c: c[2:]) for part, piece in split.items()}
    parents = np.array(table["parents"].combine_chunks().flatten().to_pylist(), dtype=object).reshape(-1, width)
    weights = table["weights"].combine_chunks().flatten().to_numpy().reshape(-1, width)
    judged = parts["judgement"].astype(dict.fromkeys(WORDS, object))
    images = "file" in table.column_names
    return Batch(
        Samples(parts["frame"], parents, weights, parts["certificate"], None, tuple(json.loads(metadata[b"notes"]))),
        Judgement(judged, table["key"].to_numpy()),
        table["file"].to_pylist() if images else None,
        table["suffix"].to_pylist() if images else None,
        _looks(table) if images else None,
    )


def _looks(table: pa.Table) -> Looks:
    cells = table["cells"].combine_chunks().flatten().to_numpy().reshape(table.num_rows, -1)
    return Looks(cells, table["look"].to_numpy(), np.array(table["fault"].to_pylist(), dtype=object))


def _fixed_lists(flat: pa.Array, width: int) -> pa.Array:
    return pa.FixedSizeListArray.from_arrays(flat, width)
