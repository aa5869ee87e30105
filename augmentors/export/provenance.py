"""Birth certificates of all new samples, as one Parquet file."""

import pandas as pd
import pyarrow as pa

from augmentors.balance.batch import Batch

COLUMNS = ("target", "augmenter", "entry", "params", "round", "block", "index", "drawn", "fitted_on")
SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("target", pa.string()),
        ("augmenter", pa.string()),
        ("entry", pa.string()),
        ("params", pa.string()),
        ("round", pa.int32()),
        ("block", pa.int32()),
        ("index", pa.int32()),
        ("drawn", pa.string()),
        ("fitted_on", pa.string()),
        ("parents", pa.list_(pa.string())),
        ("weights", pa.list_(pa.float64())),
        ("gate", pa.string()),
    ]
)


def provenance_table(batch: Batch | None) -> pa.Table:
    """Return one row per new sample: where it came from, what was drawn, what the gate measured."""
    if batch is None:
        return SCHEMA.empty_table()
    samples = batch.samples
    present = samples.parents != ""
    sizes = present.sum(axis=1)
    offsets = pa.array([0, *sizes.cumsum().tolist()], pa.int32())
    columns: dict[str, pa.Array] = {"sample_id": pa.array(samples.frame.index.tolist(), pa.string())}
    for name in COLUMNS:
        columns[name] = pa.array(samples.certificate[name].tolist(), SCHEMA.field(name).type)
    parents = pa.array(samples.parents[present].tolist(), pa.string())
    columns["parents"] = pa.ListArray.from_arrays(offsets, parents)
    columns["weights"] = pa.ListArray.from_arrays(offsets, pa.array(samples.weights[present], pa.float64()))
    columns["gate"] = pa.array(batch.judgement.table["gate"].tolist(), pa.string())
    return pa.table(columns, schema=SCHEMA)


def rejected_table(batch: Batch | None) -> pa.Table:
    """Return the rejected samples: certificate, verdict, and the sample itself without pixels."""
    table = provenance_table(batch)
    if batch is None:
        return table
    judged = batch.judgement.table
    for name in ("rule", "nearest", "detail"):
        table = table.append_column(name, pa.array(judged[name].astype(str).tolist(), pa.string()))
    for name in ("value", "threshold"):
        table = table.append_column(name, pa.array(judged[name].to_numpy(), pa.float64()))
    rows: pd.DataFrame = batch.samples.frame.add_prefix("sample:")
    return pa.table(
        [*table.columns, *(pa.array(rows[c]) for c in rows)], names=[*table.column_names, *map(str, rows.columns)]
    )


def dropped_table(dropped: pd.DataFrame) -> pa.Table:
    """Return one row per original that a selector dropped: its id, class, stage, selector and the reason."""
    return pa.table({name: pa.array(dropped[name].astype(str).tolist(), pa.string()) for name in dropped.columns})
