"""A look at what a running job has made so far, without waiting for its end."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Peeked:
    """One sample that was just made.

    Parameters
    ----------
    id, target, augmenter : str
    rule : str
        The gate's rule that turned it down, '' when it is kept.
    parents : list of str
    values : dict of str to Any
        Its row.
    file : bytes or None
        Encoded image.
    drawn : dict
    """

    id: str
    target: str
    augmenter: str
    rule: str
    parents: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    file: bytes | None = None
    drawn: dict[str, Any] = field(default_factory=dict)


def peek(blocks: Path, most: int = 8, per_file: int = 2) -> list[Peeked]:
    """Return a few samples of the newest finished blocks, newest first; [] while there are none."""
    files = sorted(blocks.glob("*.parquet"), key=_age) if blocks.is_dir() else []
    found: list[Peeked] = []
    for path in files:
        if len(found) >= most:
            break
        found += _first_rows(path, per_file if len(files) > 1 else most)
    return found[:most]


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except FileNotFoundError:  # finished runs sweep their blocks
        return 0.0


def _first_rows(path: Path, n: int) -> list[Peeked]:
    """Read the first rows only: a block file of a table holds thousands."""
    try:
        with pq.ParquetFile(path) as file:
            batch = next(file.iter_batches(batch_size=n), None)
    except (FileNotFoundError, pa.ArrowInvalid):
        return []
    return [] if batch is None else [_peeked(row) for row in batch.to_pylist()]


def _peeked(row: dict[str, Any]) -> Peeked:
    return Peeked(
        row["id"],
        row["c:target"],
        row["c:augmenter"],
        row["j:rule"] or "",
        [p for p in row["parents"] if p],
        {name[2:]: value for name, value in row.items() if name.startswith("f:")},
        row.get("file"),
        json.loads(row["c:drawn"]),
    )
