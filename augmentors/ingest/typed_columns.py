"""Columns of formats that carry types (Parquet, JSONL) → what they hold."""

import json

import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.dataset import ColumnType
from augmentors.ingest.columns import Column, as_type, number_names_rows, words
from augmentors.ingest.dates import parse_dates


def typed_column(
    name: str, values: pa.ChunkedArray, wanted: ColumnType | None, fixed: ColumnType | None = None
) -> Column:
    """Return a column with the type its values have, or the one that was asked for.

    Parameters
    ----------
    wanted : ColumnType or None
        As given by the user.
    fixed : ColumnType or None
        As known by the reader, when the user gave none.

    Raises
    ------
    UserError
        When the values cannot be read as `wanted`.
    """
    natural = _natural(name, values)
    if wanted is not None and wanted != natural.type:
        return as_type(name, pc.cast(natural.values, pa.string()), wanted)
    if wanted is None and fixed is not None:
        return Column(natural.values, fixed, natural.note)
    return natural


def _natural(name: str, values: pa.ChunkedArray) -> Column:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = pc.cast(values, kind.value_type)
        kind = values.type
    if values.null_count == len(values):
        empty = pa.chunked_array([pa.nulls(len(values), pa.string())])
        return Column(empty, "ignored", f"Column '{name}' is empty; it is ignored.")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _words_or_dates(name, pc.cast(values, pa.string()) if pa.types.is_string_view(kind) else values)
    if pa.types.is_boolean(kind):
        return Column(values, "boolean")
    if pa.types.is_integer(kind):
        return _whole_numbers(name, values)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Column(pc.cast(values, pa.float64(), safe=False), "number")
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _dates(name, values)
    return _as_json(name, values)


def _words_or_dates(name: str, values: pa.ChunkedArray) -> Column:
    sample = values.slice(0, 500).drop_null().slice(0, 200).to_pylist()
    dates, note = parse_dates(name, values, sample)
    return Column(dates, "date", note) if dates is not None else words(name, values)


def _whole_numbers(name: str, values: pa.ChunkedArray) -> Column:
    try:
        whole = pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return Column(pc.cast(values, pa.float64(), safe=False), "number")
    if name.startswith("__index_level_") or number_names_rows(name, whole):
        return Column(whole, "ignored", f"Column '{name}' numbers the rows; it is ignored.")
    return Column(whole, "integer")


def _dates(name: str, values: pa.ChunkedArray) -> Column:
    note = ""
    if pa.types.is_timestamp(values.type) and values.type.tz:
        values = pc.cast(values, pa.timestamp(values.type.unit, "UTC"))
        note = f"The times of column '{name}' were converted to UTC."
    # Nanoseconds are cut to microseconds, the unit that every format keeps.
    return Column(pc.cast(values, pa.timestamp("us"), safe=False), "date", note)


def _as_json(name: str, values: pa.ChunkedArray) -> Column:
    texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values.to_pylist()]
    note = f"Column '{name}' holds {values.type}; it is kept as JSON text and ignored."
    return Column(pa.chunked_array([pa.array(texts, pa.string())]), "ignored", note)
