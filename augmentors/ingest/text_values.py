"""What every look at a column of text begins with: its first values, and its words for "missing"."""

import pyarrow as pa
import pyarrow.compute as pc

MISSING_TOKENS = ("NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?")
_SAMPLE = 200


def first_values(values: pa.ChunkedArray) -> list[str]:
    """Return the first values that are filled."""
    found: list[str] = []
    for start in range(0, len(values), 2000):
        found += values.slice(start, 2000).drop_null().slice(0, _SAMPLE).to_pylist()
        if len(found) >= _SAMPLE:
            break
    return found[:_SAMPLE]


def without_tokens(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values with words for "missing" as nulls."""
    return pc.if_else(pc.is_in(values, pa.array(MISSING_TOKENS)), pa.scalar(None, pa.string()), values)


def trimmed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values without spaces around them; nothing but spaces is null."""
    stripped = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped)
