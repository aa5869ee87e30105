"""How Parquet stores columns: described when they are read, given back when they are exported.

The engine works with int64, double, text and times in UTC. A description is
plain data, kept with the schema of a dataset.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# A double holds any decimal number of so many digits.
_EXACT_DIGITS = 15
_MOST_CATEGORIES = 10_000
_NUMBERS = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64", "float", "halffloat")


def described(values: pa.ChunkedArray) -> dict[str, Any] | None:
    """Return how a column is stored, as plain data; None where nothing needs to be known or it cannot be kept.

    Examples
    --------
    >>> described(pa.chunked_array([pa.array([1, 2], pa.int8())]))
    {'type': 'int8'}
    """
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _described_categories(values)
    if str(kind) in _NUMBERS:
        too_large = pa.types.is_uint64(kind) and (pc.max(values).as_py() or 0) >= 2**63
        return None if too_large else {"type": str(kind)}
    if pa.types.is_decimal128(kind) and kind.precision <= _EXACT_DIGITS:
        return {"type": "decimal128", "precision": kind.precision, "scale": kind.scale}
    if pa.types.is_timestamp(kind):
        if kind.unit == "ns" and not _whole_microseconds(values):
            return None
        return {"type": "timestamp", "unit": kind.unit, "tz": kind.tz}
    return None


def _whole_microseconds(values: pa.ChunkedArray) -> bool:
    try:
        pc.cast(values, pa.timestamp("us", values.type.tz))
    except pa.ArrowInvalid:
        return False
    return True


def _described_categories(values: pa.ChunkedArray) -> dict[str, Any] | None:
    kind = values.type
    if not (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)):
        return None
    chunks = values.unify_dictionaries().chunks
    categories = chunks[0].dictionary.to_pylist() if chunks else []
    if None in categories or len(categories) > _MOST_CATEGORIES:
        return None
    return {"type": "categories", "categories": categories, "ordered": kind.ordered}


def stored_type(stored: Mapping[str, Any]) -> pa.DataType:
    """Return the Arrow type of a description."""
    match stored["type"]:
        case "categories":
            return pa.dictionary(pa.int32(), pa.string(), ordered=stored["ordered"])
        case "decimal128":
            return pa.decimal128(stored["precision"], stored["scale"])
        case "timestamp":
            return pa.timestamp(stored["unit"], stored["tz"])
        case name:
            return pa.type_for_alias(name)


def restored(values: pa.ChunkedArray, stored: Mapping[str, Any]) -> pa.ChunkedArray | None:
    """Return a column as it was stored; None where one of its values does not fit.

    Numbers are rounded to what a float or decimal can hold, never cut to a range.

    Examples
    --------
    >>> restored(pa.chunked_array([[1, 2]]), {"type": "int8"}).type
    DataType(int8)
    >>> restored(pa.chunked_array([[1, 200]]), {"type": "int8"}) is None
    True
    """
    to = stored_type(stored)
    if values.null_count == len(values):
        return pa.chunked_array([pa.nulls(len(values), to)])
    try:
        if stored["type"] == "categories":
            return _as_categories(values, stored["categories"], to)
        if pa.types.is_timestamp(to):
            return _as_times(values, to)
        if pa.types.is_decimal(to):
            return pc.cast(pc.round(values, stored["scale"]), to)
        read = pc.cast(values, to)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    if pa.types.is_floating(to) and not pc.all(pc.equal(pc.is_finite(values), pc.is_finite(read))).as_py():
        return None
    return read


def _as_categories(values: pa.ChunkedArray, categories: list[str], to: pa.DataType) -> pa.ChunkedArray | None:
    known = pa.array(categories, pa.string())
    codes = pc.index_in(pc.cast(values, pa.string()), known)
    if codes.null_count != values.null_count:
        return None
    arrays = [pa.DictionaryArray.from_arrays(chunk, known, ordered=to.ordered) for chunk in codes.chunks]
    return pa.chunked_array(arrays, to)


def _as_times(values: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray | None:
    if not pa.types.is_temporal(values.type):
        return None
    times = pc.cast(values, pa.timestamp("us"))
    if to.tz:
        times = pc.cast(times, pa.timestamp("us", "UTC"))
    # New times lie between those of their parents: they are rounded down to the unit.
    return pc.cast(times, to, safe=to.unit == "ns")
