"""Dates as people write them, with or without a time of day."""

import re

import pyarrow as pa
import pyarrow.compute as pc

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?")
_DIGIT = re.compile(r"[0-9]")
_ZONE = re.compile(r"\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$")
_TIME = re.compile(r"(,? |T)(\d{1,2}:\d{2}(:\d{2})?)( ?[AaPp][Mm])?$")
_SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
# No date is written longer, or without a digit: sentences and names need no closer look.
_LONGEST = 40
_NAME = "[A-Z][a-z]{2}"
# How a day can be written, the form that reads it, and what to say about it.
_DAYS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), "%d.%m.%Y", "day first"),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), "%Y/%m/%d", ""),
    (re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"), "%Y.%m.%d", ""),
    (re.compile(rf"\d{{1,2}}-{_NAME}-\d{{4}}"), "%d-%b-%Y", ""),
    (re.compile(rf"\d{{1,2}} {_NAME} \d{{4}}"), "%d %b %Y", ""),
    (re.compile(rf"{_NAME} \d{{1,2}}, \d{{4}}"), "%b %d, %Y", ""),
)


def parse_dates(name: str, values: pa.ChunkedArray, sample: list[str]) -> tuple[pa.ChunkedArray | None, str]:
    """Return the column as timestamps and a note on how; (None, "") when one value is no date."""
    if not sample or max(map(len, sample)) > _LONGEST or not _DIGIT.search(sample[0]):
        return None, ""
    if all(_ISO.fullmatch(v) for v in sample):
        return _iso(name, values, zoned=bool(_ZONE.search(sample[0])))
    days = [_TIME.sub("", v) for v in sample]
    clock = _clock(sample)
    if clock is None:
        return None, ""
    if all(_SLASHES.fullmatch(day) for day in days):
        return _slashes(name, values, clock)
    for pattern, form, words in _DAYS:
        if all(pattern.fullmatch(day) for day in days):
            return _with_format(values, form + clock, f"Column '{name}' was read as dates, {words}." if words else "")
    return None, ""


def _clock(sample: list[str]) -> str | None:
    """Return the form of the time of day that all values share ("" for none); None when they differ."""
    found = {_time_form(value) for value in sample}
    return found.pop() if len(found) == 1 else None


def _time_form(value: str) -> str:
    time = _TIME.search(value)
    if time is None:
        return ""
    before, clock, _, half = time.groups()
    hours = "%I:%M" if half else "%H:%M"
    return before + hours + (":%S" if clock.count(":") == 2 else "") + (half[:-2] + "%p" if half else "")


def _iso(name: str, values: pa.ChunkedArray, zoned: bool) -> tuple[pa.ChunkedArray | None, str]:
    # Microseconds are the unit that every format keeps.
    if pc.max(pc.binary_length(values)).as_py() > len("2024-01-31T00:00:00.123456"):
        values = pc.replace_substring_regex(values, r"(\.\d{6})\d+", r"\1")
    try:
        if not zoned:
            return pc.cast(values, pa.timestamp("us")), ""
        read = pc.cast(values, pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid:
        return None, ""
    return pc.cast(read, pa.timestamp("us")), f"The times of column '{name}' were converted to UTC."


def _with_format(values: pa.ChunkedArray, form: str, note: str) -> tuple[pa.ChunkedArray | None, str]:
    # Whole seconds: with a finer unit the text written back would carry a fraction.
    read = pc.strptime(values, format=form, unit="s", error_is_null=True)
    # A date that does not exist (30 February) would come back as another day.
    if read.null_count != values.null_count or not _round_trips(values, read, form):
        return None, ""
    return pc.cast(read, pa.timestamp("us")), note


def _round_trips(values: pa.ChunkedArray, read: pa.ChunkedArray, form: str) -> bool:
    def plain(text: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.utf8_lower(pc.replace_substring_regex(text, r"\b0", ""))

    return bool(pc.all(pc.equal(plain(pc.strftime(read, format=form)), plain(values))).as_py())


def _slashes(name: str, values: pa.ChunkedArray, clock: str) -> tuple[pa.ChunkedArray | None, str]:
    """Read 3/4/2024: month first unless that fails somewhere, and say so."""
    month_first, _ = _with_format(values, "%m/%d/%Y" + clock, "")
    day_first, _ = _with_format(values, "%d/%m/%Y" + clock, "")
    if month_first is not None:
        unsure = " (day first would be possible too)" if day_first is not None else ""
        return month_first, f"Column '{name}' was read as dates, month first{unsure}."
    if day_first is not None:
        return day_first, f"Column '{name}' was read as dates, day first."
    return None, ""
