"""Tables and texts on disk: Parquet beside CSV (tables) or JSONL (texts)."""

import json
from pathlib import Path

import pandas as pd

from augmentors.core.dataset import Kind
from augmentors.export.arrow import as_table, json_value, write_csv, write_parquet


def write_rows(folder: Path, name: str, frame: pd.DataFrame, kind: Kind) -> dict[str, int]:
    """Write the rows of a part and return {relative file name: rows}."""
    folder.mkdir(parents=True)
    table = as_table(frame)
    write_parquet(table, folder / f"{name}.parquet")
    if kind == "table":
        write_csv(table, folder / f"{name}.csv")
        return {f"{name}.parquet": len(frame), f"{name}.csv": len(frame)}
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
        for row in table.to_pylist():
            lines.write(json.dumps({k: json_value(v) for k, v in row.items()}, ensure_ascii=False) + "\n")
    return {f"{name}.parquet": len(frame), f"{name}.jsonl": len(frame)}
