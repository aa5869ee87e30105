"""Where a new sample of an export came from."""

import json
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from augmentors.core.errors import UserError


def explain_sample(folder: Path, sample_id: str) -> dict[str, Any]:
    """Return the birth certificate of a new sample.

    Raises
    ------
    UserError
        When the folder is not an export or has no such new sample.
    """
    path = folder / "provenance.parquet"
    if not path.is_file():
        raise UserError(
            f"'{folder}' is not an export: it has no provenance.parquet.", "Give the folder that 'balance --out' wrote."
        )
    table = pq.read_table(path)
    found = table.filter(pc.equal(table["sample_id"], sample_id))
    if not found.num_rows:
        first = table["sample_id"][0].as_py() if table.num_rows else None
        hint = f"New samples are named like '{first}'." if first else "This export has no new samples."
        raise UserError(f"There is no new sample '{sample_id}' among {table.num_rows:,} in '{folder}'.", hint)
    certificate: dict[str, Any] = found.to_pylist()[0]
    for name in ("params", "drawn", "gate"):
        certificate[name] = json.loads(certificate[name])
    return certificate
