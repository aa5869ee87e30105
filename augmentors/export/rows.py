"""Tables and texts on disk: Parquet beside CSV (tables) or JSONL (texts)."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from augmentors.core.dataset import Kind
from augmentors.export.arrow import as_table, json_value, write_csv, write_parquet
from augmentors.ingest.stored_types import restored

NOTHING: Mapping[str, Mapping[str, Any]] = {}


def fitting(frames: Iterable[pd.DataFrame], stored: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the columns of which every value fits how they were stored, in all of the frames."""
    tables = [as_table(frame[list(stored)]) for frame in frames] if stored else []
    return {
        name: how
        for name, how in stored.items()
        if all(restored(table.column(name), how) is not None for table in tables)
    }


def as_stored(table: pa.Table, stored: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Return the table with columns as the user's file stored them."""
    for name, how in stored.items():
        column = restored(table.column(name), how)
        assert column is not None, f"'{name}' was said to fit"
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def write_rows(
    folder: Path, name: str, frame: pd.DataFrame, kind: Kind, stored: Mapping[str, Mapping[str, Any]] = NOTHING
) -> dict[str, int]:
    """Write the rows of a part, `stored` as in `Schema` for Parquet, and return {relative file name: rows}."""
    folder.mkdir(parents=True)
    table = as_table(frame)
    write_parquet(as_stored(table, stored), folder / f"{name}.parquet")
    if kind == "table":
        write_csv(table, folder / f"{name}.csv")
        return {f"{name}.parquet": len(frame), f"{name}.csv": len(frame)}
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
        for row in table.to_pylist():
            lines.write(json.dumps({k: json_value(v) for k, v in row.items()}, ensure_ascii=False) + "\n")
    return {f"{name}.parquet": len(frame), f"{name}.jsonl": len(frame)}
