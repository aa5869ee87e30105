"""Dates as people write them."""

import re

import pyarrow as pa
import pyarrow.compute as pc

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?(Z|[+-]\d{2}:?\d{2})?")
_ZONE = re.compile(r"\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$")
_DAY_FIRST_DOTS = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
_YEAR_FIRST_SLASHES = re.compile(r"\d{4}/\d{1,2}/\d{1,2}")


def parse_dates(name: str, values: pa.ChunkedArray, sample: list[str]) -> tuple[pa.ChunkedArray | None, str]:
    """Return the column as timestamps and a note on how; (None, "") when one value is no date."""
    if not sample:
        return None, ""
    if all(_ISO.fullmatch(v) for v in sample):
        return _iso(name, values, zoned=bool(_ZONE.search(sample[0])))
    if all(_DAY_FIRST_DOTS.fullmatch(v) for v in sample):
        return _with_format(values, "%d.%m.%Y", f"Column '{name}' was read as dates, day first.")
    if all(_YEAR_FIRST_SLASHES.fullmatch(v) for v in sample):
        return _with_format(values, "%Y/%m/%d", "")
    if all(_SLASHES.fullmatch(v) for v in sample):
        return _slashes(name, values)
    return None, ""


def _iso(name: str, values: pa.ChunkedArray, zoned: bool) -> tuple[pa.ChunkedArray | None, str]:
    try:
        if not zoned:
            return pc.cast(values, pa.timestamp("us")), ""
        read = pc.cast(values, pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid:
        return None, ""
    return pc.cast(read, pa.timestamp("us")), f"The times of column '{name}' were converted to UTC."


def _with_format(values: pa.ChunkedArray, form: str, note: str) -> tuple[pa.ChunkedArray | None, str]:
    read = pc.strptime(values, format=form, unit="us", error_is_null=True)
    # A date that does not exist (30 February) would come back as another day.
    if read.null_count != values.null_count or not _round_trips(values, read, form):
        return None, ""
    return read, note


def _round_trips(values: pa.ChunkedArray, read: pa.ChunkedArray, form: str) -> bool:
    def plain(text: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.replace_substring_regex(text, r"\b0", "")

    return bool(pc.all(pc.equal(plain(pc.strftime(read, format=form)), plain(values))).as_py())


def _slashes(name: str, values: pa.ChunkedArray) -> tuple[pa.ChunkedArray | None, str]:
    """Read 3/4/2024: month first unless that fails somewhere, and say so."""
    month_first, _ = _with_format(values, "%m/%d/%Y", "")
    day_first, _ = _with_format(values, "%d/%m/%Y", "")
    if month_first is not None:
        unsure = " (day first would be possible too)" if day_first is not None else ""
        return month_first, f"Column '{name}' was read as dates, month first{unsure}."
    if day_first is not None:
        return day_first, f"Column '{name}' was read as dates, day first."
    return None, ""
