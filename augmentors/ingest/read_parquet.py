"""Parquet → columns with the types they carry."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from augmentors.core.dataset import ColumnType
from augmentors.core.errors import UserError
from augmentors.ingest.limits import MAX_COLUMNS
from augmentors.ingest.read_csv import require_unique
from augmentors.ingest.result import RawTable
from augmentors.ingest.stored_types import described

_THREADS = 4


def read_parquet(path: Path, max_rows: int | None = None, alone: bool = False) -> RawTable:
    """Return the columns of a Parquet file.

    Parameters
    ----------
    path : Path
    max_rows : int, optional
        Look at the first rows only.
    alone : bool
        Whether one column will do.

    Raises
    ------
    UserError
        When the file is damaged, encrypted, or holds no rows or one column.
    """
    try:
        with pq.ParquetFile(path, memory_map=True) as file:
            names = file.schema_arrow.names
            _check(path.name, names, file.metadata.num_rows, alone)
            table = _all_rows(path, file) if max_rows is None else _first_rows(file, max_rows)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise _damaged(path, error) from None
    # Parquet's own list of columns: a named index of pandas comes along as one of them.
    index, nullable = _of_pandas(table.schema.pandas_metadata or {})
    columns = {name: table.column(i) for i, name in enumerate(names) if name not in index or len(names) <= 2}
    fixed = {n: _IGNORED for n, c in columns.items() if pa.types.is_nested(c.type) or _is_bytes(c.type)}
    stored = {name: kept for name, column in columns.items() if (kept := described(column))}
    notes = _type_notes({name: column for name, column in columns.items() if name not in stored})
    notes += [f"Column '{name}' is pandas' unnamed index; it is left out." for name in index if name not in columns]
    notes += _nullable_notes([name for name in nullable if name in columns and columns[name].null_count])
    return RawTable(path.name, "parquet", columns, table.num_rows, typed=True, fixed=fixed, stored=stored, notes=notes)


_IGNORED: ColumnType = "ignored"


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _of_pandas(metadata: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return what pandas says of columns: those that are an index without a name, and its own nullable integers."""
    listed = [one for one in metadata.get("columns", ()) if isinstance(one, dict) and one.get("field_name")]
    indices = [name for name in metadata.get("index_columns", ()) if isinstance(name, str)]
    unnamed = [one["field_name"] for one in listed if one["field_name"] in indices and one.get("name") is None]
    return unnamed, [one["field_name"] for one in listed if str(one.get("numpy_type")).startswith(("Int", "UInt"))]


def _nullable_notes(names: list[str]) -> list[str]:
    if not names:
        return []
    listed = ", ".join(f"'{name}'" for name in names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    return [
        f"{listed}: whole numbers with missing values stay whole in the exported Parquet, but pandas reads them as "
        "floats unless asked with read_parquet(…, dtype_backend='numpy_nullable')."
    ]


def _type_notes(columns: dict[str, pa.ChunkedArray]) -> list[str]:
    """Return, for types that are not kept as they are, a sentence each on what they become."""
    changed: dict[tuple[str, str], list[str]] = {}
    for name, column in columns.items():
        becomes = _becomes(column.type)
        if becomes:
            changed.setdefault((str(column.type).partition("<")[0], becomes), []).append(name)
    notes = []
    for (kind, becomes), names in changed.items():
        listed = ", ".join(f"'{name}'" for name in names[:3])
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        one = "Column" if len(names) == 1 else "Columns"
        are = "is" if len(names) == 1 else "are"
        notes.append(f"{one} {listed}{more} ({kind}) {are} worked with and exported as {becomes}.")
    return notes


def _becomes(kind: pa.DataType) -> str:
    """Return in words what a type that cannot be given back is turned into; "" where nothing changes."""
    if pa.types.is_dictionary(kind):
        return f"{kind.value_type}{', without the order of the categories' if kind.ordered else ''}"
    if pa.types.is_timestamp(kind):
        return "times in microseconds, finer fractions cut off"
    if pa.types.is_uint64(kind):
        return "int64, or as double where a value is too large for that"
    if pa.types.is_integer(kind) and kind != pa.int64():
        return "int64"
    if (pa.types.is_floating(kind) and kind != pa.float64()) or pa.types.is_decimal(kind):
        return "double"
    return ""


def _all_rows(path: Path, file: pq.ParquetFile) -> pa.Table:
    """Return the whole table; text with few different values is read as their codes, which is faster."""
    coded = _coded(file)
    with pq.ParquetFile(path, memory_map=True, metadata=file.metadata, read_dictionary=coded) as again:
        table = again.read()

    def one(name: str) -> pa.ChunkedArray:
        return pc.cast(table.column(name), file.schema_arrow.field(name).type)

    with ThreadPoolExecutor(_THREADS) as pool:
        for name, values in zip(coded, pool.map(one, coded), strict=True):
            table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def _coded(file: pq.ParquetFile) -> list[str]:
    """Return the columns of text that the file holds as codes, by their size in the first group of rows."""
    names = set(file.schema_arrow.names)
    group = file.metadata.row_group(0)
    chunks = (group.column(at) for at in range(group.num_columns))
    # A text that is written out takes four bytes for its length alone.
    small = [one.path_in_schema for one in chunks if 0 < one.total_uncompressed_size < 2 * one.num_values]
    return [name for name in small if name in names and _is_text(file.schema_arrow.field(name).type)]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _first_rows(file: pq.ParquetFile, max_rows: int) -> pa.Table:
    batch = next(file.iter_batches(batch_size=max_rows))
    return pa.Table.from_batches([batch])


def _check(source: str, names: list[str], n_rows: int, alone: bool) -> None:
    require_unique(names, source)
    if len(names) > MAX_COLUMNS:
        raise UserError(f"{source} has {len(names):,} columns; at most {MAX_COLUMNS:,} are accepted.")
    if len(names) == 1 and not alone:
        raise UserError(
            f"{source} has one column ('{names[0]}'); expected a label and at least one more.",
            "Add the missing columns.",
        )
    if not n_rows or not names:
        raise UserError(f"{source} holds columns but no rows.", "Add rows.")


def _damaged(path: Path, error: Exception) -> UserError:
    if "encrypt" in str(error).lower():
        return UserError(f"{path.name} is an encrypted Parquet file.", "Decrypt it first.")
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(file.tell() - 4, 0))
        complete = file.read() == b"PAR1"
    what = "is damaged" if complete else "was cut short: the end of the Parquet file is missing"
    return UserError(f"{path.name} {what}.", "Copy or download it again.")
