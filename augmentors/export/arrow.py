"""Frames as Arrow tables whose bytes depend on their values alone."""

import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

ID_COLUMN = "sample_id"


def id_column(columns: list[str]) -> str:
    """Return the name of the id column: ``sample_id`` unless the data has such a column itself."""
    return ID_COLUMN if ID_COLUMN not in columns else f"counterweight_{ID_COLUMN}"


def as_table(frame: pd.DataFrame) -> pa.Table:
    """Return rows with their ids first; string types are one, pandas' own metadata is dropped."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    columns = [_plain(table.column(i)) for i in range(table.num_columns)]
    ids = pa.array(frame.index.tolist(), pa.string())
    return pa.table([ids, *columns], names=[id_column(list(frame.columns)), *table.column_names])


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_timestamp(kind) and kind.tz is None and _only_days(column):
        return column.cast(pa.date32())
    return column


def _only_days(column: pa.ChunkedArray) -> bool:
    if column.null_count == len(column):
        return False
    floor = pc.floor_temporal(column, unit="day")
    return bool(pc.all(pc.equal(column, floor)).as_py())


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write Parquet; equal tables give equal bytes."""
    pq.write_table(table, path, compression="snappy", row_group_size=1 << 20)


def write_csv(table: pa.Table, path: Path) -> None:
    """Write CSV in UTF-8, quoted where needed; missing values are empty."""
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="needed"))


def json_value(value: object) -> object:
    """Return a cell as JSON can hold it."""
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return value
