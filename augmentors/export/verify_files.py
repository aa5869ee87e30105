"""Checks that real images that were taken over are the files that they were, to the last byte."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.csv as pacsv
import pyarrow.parquet as pq


def copied_file_problems(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return in sentences which images differ from the files that their provenance names by hash.

    Parameters
    ----------
    folder : Path
        Of an export whose files are what the manifest says.
    manifest : mapping
    """
    if manifest["kind"] != "image":
        return []
    born = pq.read_table(folder / "provenance.parquet", columns=["sample_id", "drawn"])
    told = zip(born["sample_id"].to_pylist(), born["drawn"].to_pylist(), strict=True)
    copied = {name: str(json.loads(drawn)["sha256"]) for name, drawn in told if '"sha256":' in drawn}
    if not copied:
        return []
    names = pacsv.ConvertOptions(strings_can_be_null=False)
    rows = pacsv.read_csv(folder / "train" / "metadata.csv", convert_options=names)
    files = dict(zip(map(str, rows.column(0).to_pylist()), map(str, rows["file"].to_pylist()), strict=True))
    facts = manifest["files"]
    wrong = [n for n, sha in copied.items() if n in files and facts[f"train/{files[n]}"]["sha256"] != sha]
    return [f"{len(wrong):,} images taken over are not the files that they were: '{wrong[0]}' …"] if wrong else []
