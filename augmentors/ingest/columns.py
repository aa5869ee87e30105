"""Columns of text → what they hold. Exact: every value is looked at, none is changed in meaning."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.dataset import ColumnType
from augmentors.core.errors import UserError
from augmentors.ingest.csv_parse import EXACT_FLOAT
from augmentors.ingest.dates import parse_dates
from augmentors.ingest.number_signs import Signs
from augmentors.ingest.scan import digit_or_x
from augmentors.ingest.text_values import MISSING_TOKENS, first_values, trimmed, without_tokens

_SPACE, _PLUS, _MINUS, _ZERO = b" +-0"
TRUE, FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")


@dataclass(frozen=True)
class Column:
    """Values with their type, and what to say about how they were read."""

    values: pa.ChunkedArray
    type: ColumnType
    note: str = ""

    @cached_property
    def series(self) -> pd.Series:
        """The values as pandas holds them; see `to_pandas`."""
        return to_pandas(self)


@dataclass(frozen=True)
class Text:
    """How a column of text reads: decides between category, text and ignored. Each fact is found when it is asked for.

    Parameters
    ----------
    head : ChunkedArray of string
        The first values, missing ones left out.
    """

    head: pa.ChunkedArray

    @property
    def filled(self) -> int:
        return len(self.head)

    @cached_property
    def distinct(self) -> int:
        return int(pc.count_distinct(self.head).as_py())

    @cached_property
    def mean_length(self) -> float:
        """Characters of a value."""
        return float(pc.mean(pc.utf8_length(self.head)).as_py() or 0.0)

    @cached_property
    def mean_words(self) -> float:
        few = pc.utf8_trim_whitespace(self.head.slice(0, 2000))
        return float((pc.mean(pc.count_substring(few, " ")).as_py() or 0.0) + 1)

    @property
    def is_free_text(self) -> bool:
        """Whether these are sentences rather than names of something."""
        return (self.mean_words >= 3 or self._is_long) and self._more_than(max(2, 0.3 * self.filled))

    @property
    def _is_long(self) -> bool:
        # Bytes are counted faster, and are no fewer.
        return (pc.mean(pc.binary_length(self.head)).as_py() or 0.0) >= 30 and self.mean_length >= 30

    def _more_than(self, bound: float) -> bool:
        """Tell whether more values than that are different; mostly those at the beginning say so."""
        few = self.head.slice(0, int(1.1 * bound) + 1)
        return pc.count_distinct(few).as_py() > bound or self.distinct > bound


def infer_text(name: str, values: pa.ChunkedArray, signs: Signs | None, leading_zeros: bool) -> Column:
    """Return a column of a text file with its type decided.

    Parameters
    ----------
    values : ChunkedArray of string, int64 or float64
        Empty fields are null. Numbers only where the parser found nothing else.
    signs : Signs or None
        How its numbers are written, where they hold commas.
    leading_zeros : bool
        Whether the file may hold fields like "007".
    """
    if values.null_count == len(values):
        return Column(values, "ignored", f"Column '{name}' is empty; it is ignored.")
    if pa.types.is_integer(values.type):
        return Column(values, "integer")
    if pa.types.is_floating(values.type):
        return Column(values, "number")
    sample = first_values(values)
    if signs is not None or _may_be_numbers(sample):
        numeric = _as_numbers(name, values, signs, leading_zeros)
        if numeric is not None:
            return numeric
    if all(value in TRUE + FALSE for value in sample):
        flags = _as_booleans(values)
        if flags is not None:
            return Column(flags, "boolean")
    dates, note = parse_dates(name, values, sample)
    if dates is not None:
        return Column(dates, "date", note)
    return words(name, values)


def words(name: str, values: pa.ChunkedArray) -> Column:
    """Return a column that stays text: category, free text, or ignored when it only names rows."""
    facts = text_facts(values)
    if facts.is_free_text:
        return Column(values, "text")
    if facts.filled > 20 and facts.distinct > 0.5 * facts.filled:
        share = "each value is different" if facts.distinct == facts.filled else "most values are different"
        return Column(values, "ignored", f"Column '{name}' seems to name rows ({share}); it is ignored.")
    return Column(values, "category")


def text_facts(values: pa.ChunkedArray) -> Text:
    """Return how a column of text reads, from its first 20,000 values where it is long."""
    head = values.slice(0, 20_000)
    # Dropping copies, even where there is nothing to drop.
    return Text(head.drop_null() if head.null_count else head)


def number_names_rows(name: str, values: pa.ChunkedArray) -> bool:
    """Tell whether an integer column is an identifier: named like one and all different."""
    named = re.fullmatch(
        r"(.*[_\s.-])?(id|ids|index|idx|uuid|guid|key|row|nr|no)|unnamed.*|column 1|rownames?|rowid|.*[a-z]I[Dd]",
        name.lower() if not re.search(r"[a-z]I[Dd]$", name) else name,
    )
    if not named or len(values) < 3 or values.null_count:
        return False
    return pc.count_distinct(values).as_py() == len(values)


def as_type(name: str, values: pa.ChunkedArray, wanted: ColumnType, signs: Signs | None = None) -> Column:
    """Return a column of text as the type the user asked for; `signs` as in `infer_text`.

    Raises
    ------
    UserError
        When a value cannot be read as that type.
    """
    if wanted in ("category", "text", "ignored"):
        return Column(values, wanted)
    if wanted == "number" and not pa.types.is_string(values.type):
        return Column(pc.cast(values, pa.float64()), "number")
    if wanted == "integer" and pa.types.is_integer(values.type):
        return Column(values, "integer")
    if not pa.types.is_string(values.type):
        values = pc.cast(values, pa.string())
    readers: dict[ColumnType, Callable[[], pa.ChunkedArray | None]] = {
        "integer": lambda: _forced_number(values, pa.int64(), signs),
        "number": lambda: _forced_number(values, pa.float64(), signs),
        "boolean": lambda: _forced_boolean(values),
        "date": lambda: parse_dates(name, values, first_values(values))[0],
    }
    read = readers[wanted]()
    if read is None:
        example = next((v for v in first_values(values) if not _reads_as(v, wanted)), first_values(values)[:1])
        raise UserError(
            f"Column '{name}' cannot be read as {wanted}: not all of its values are (such as {example!r}).",
            "Choose another type for it, or ignore it.",
        )
    note = signs.note if signs is not None and wanted in ("number", "integer") else ""
    return Column(read, wanted, note)


def floats_or_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return text as floats where all of it reads so."""
    read = _cast(values, pa.float64())
    return values if read is None else read


def _forced_number(values: pa.ChunkedArray, to: pa.DataType, signs: Signs | None) -> pa.ChunkedArray | None:
    written = trimmed(without_tokens(values))
    return _cast(signs.plain(written) if signs is not None else written, to)


def _forced_boolean(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    lowered = pc.utf8_lower(without_tokens(values))
    yes = pc.is_in(lowered, pa.array(["true", "yes", "y", "t", "1"]))
    no = pc.is_in(lowered, pa.array(["false", "no", "n", "f", "0"]))
    known = pc.or_(pc.or_(yes, no), pc.is_null(lowered))
    return pc.if_else(pc.is_null(lowered), None, yes) if pc.all(known).as_py() else None


def _reads_as(value: str, wanted: ColumnType) -> bool:
    if wanted in ("number", "integer"):
        return _float(value) is not None or value in MISSING_TOKENS
    return False


def _float(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _may_be_numbers(sample: list[str]) -> bool:
    """Tell whether the first values allow a numeric column; one word rules it out."""
    return all(_float(plain) is not None or plain in MISSING_TOKENS for plain in map(str.strip, sample))


def _as_numbers(name: str, values: pa.ChunkedArray, signs: Signs | None, leading_zeros: bool) -> Column | None:
    """Return the column as integers or numbers; None when one value is neither."""
    if leading_zeros and starts_with_zero(values):
        return None
    if signs is not None:
        values = signs.plain(trimmed(without_tokens(values)))
    read = _int_or_float(values)
    if read is None or (pa.types.is_floating(read.type) and _has_nan(read)):
        values = without_tokens(trimmed(values))
        if values.null_count == len(values) or (leading_zeros and starts_with_zero(values)):
            return None
        read = _int_or_float(values)
    if read is None or read.null_count == len(read):
        return None
    note = signs.note if signs is not None else ""
    if pa.types.is_integer(read.type):
        return Column(read, "integer", note)
    return _as_floats(name, values, read, note)


def _as_floats(name: str, values: pa.ChunkedArray, read: pa.ChunkedArray, note: str) -> Column | None:
    """Return numbers after a look at the extremes; None where reading them lost something."""
    extremes = pc.min_max(read)
    ends = [end.as_py() for end in (extremes["min"], extremes["max"])]
    if all(end is not None and abs(end) < EXACT_FLOAT for end in ends):
        return Column(read, "number", note)
    if _loses_digits(values, read):
        return None
    infinite = pc.is_inf(read)
    count = int(pc.sum(infinite).as_py() or 0)
    read = pc.if_else(infinite, pa.scalar(None, pa.float64()), read)
    if pc.all(pc.is_null(read, nan_is_null=True)).as_py():
        return None
    if count:
        note += f" {count:,} infinite values of column '{name}' count as missing."
    return Column(read, "number", note.strip())


def _int_or_float(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    whole = _cast(values, pa.int64())
    return whole if whole is not None else _cast(values, pa.float64())


def _cast(values: pa.ChunkedArray, to: pa.DataType) -> pa.ChunkedArray | None:
    try:
        return pc.cast(values, to)
    except pa.ArrowInvalid:
        return None


def _has_nan(values: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.is_nan(values)).as_py())


def _loses_digits(values: pa.ChunkedArray, read: pa.ChunkedArray) -> bool:
    """Tell whether whole numbers too long for a float were cut: long ids stay text."""
    large = pc.greater_equal(pc.abs(read), EXACT_FLOAT)
    if not pc.any(large).as_py():
        return False
    return bool(pc.any(pc.match_substring_regex(values.filter(large), r"^[+-]?\d{16,}$")).as_py())


def _as_booleans(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    yes = pc.is_in(values, pa.array(TRUE))
    no = pc.is_in(values, pa.array(FALSE))
    if not pc.all(pc.or_(pc.or_(yes, no), pc.is_null(values))).as_py():
        return None
    return pc.if_else(pc.is_null(values), None, yes)


def starts_with_zero(values: pa.ChunkedArray) -> bool:
    """Tell whether a value is written like "007", "-007" or "0x1F" (not "0", "0.5")."""
    return any(_zeros_in_chunk(chunk) for chunk in values.chunks)


def count_leading_zeros(values: pa.ChunkedArray) -> int:
    """Return how many values are written like "007", "-007" or "0x1F"."""
    return sum(_zeros_in_chunk(chunk) for chunk in values.chunks)


def _zeros_in_chunk(chunk: pa.StringArray) -> int:
    _, offset_buffer, data_buffer = chunk.buffers()
    if data_buffer is None or not len(chunk):
        return 0
    width = np.int64 if pa.types.is_large_string(chunk.type) else np.int32
    offsets: np.ndarray = np.frombuffer(offset_buffer, width)[chunk.offset : chunk.offset + len(chunk) + 1]
    data = np.frombuffer(data_buffer, np.uint8)
    if not (data[offsets[0] : offsets[-1]] == _ZERO).any():
        return 0
    starts, ends = offsets[:-1], offsets[1:]
    # Where an empty value begins, another does or nothing is left: the ends tell it apart.
    first = data.take(starts, mode="clip")
    count = _leading_zeros(data, starts, ends, np.flatnonzero(first == _ZERO))
    signed = np.flatnonzero((first == _PLUS) | (first == _MINUS) | (first == _SPACE))
    return count + _leading_zeros(data, starts + 1, ends, signed) if len(signed) else count


def _leading_zeros(data: np.ndarray, starts: np.ndarray, ends: np.ndarray, at: np.ndarray) -> int:
    """Return how many of the values at some places go on like "07" or "0x1F"."""
    begins = starts[at[ends[at] - starts[at] >= 2]]
    return int(((data[begins] == _ZERO) & digit_or_x(data[begins + 1])).sum())


def to_pandas(column: Column) -> pd.Series:
    """Return the values as pandas holds them: see the table of dtypes in CONTRIBUTING."""
    values, kind = column.values, column.type
    if pa.types.is_integer(values.type) and values.null_count:
        return pc.cast(values, pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    if pa.types.is_integer(values.type):
        return _numbers(pc.cast(values, pa.int64()))
    if pa.types.is_floating(values.type):
        return _numbers(pc.cast(values, pa.float64()))
    if pa.types.is_boolean(values.type):
        if values.null_count:
            return values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
        return pd.Series(values.to_numpy(), copy=False)
    if kind == "date":
        return values.to_pandas()
    if not pa.types.is_string(values.type) and not pa.types.is_large_string(values.type):
        values = pc.cast(values, pa.string())
    return values.to_pandas()


def _numbers(values: pa.ChunkedArray) -> pd.Series:
    """Return numbers that lie in Arrow's memory, joined there where they come in pieces: gaps are NaN."""
    whole = values.chunk(0) if values.num_chunks == 1 else pa.concat_arrays(values.chunks)
    if whole.null_count:
        whole = pc.fill_null(whole, np.nan)
    return pd.Series(whole.to_numpy(), copy=False)
