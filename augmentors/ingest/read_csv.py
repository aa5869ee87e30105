"""Text with separators → columns of text. Nothing is shifted, nothing is guessed about values here."""

import csv
import io
import mmap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from augmentors.core.errors import UserError
from augmentors.ingest.columns import count_leading_zeros
from augmentors.ingest.csv_parse import CsvBody, Parsed, expected_numbers, parse
from augmentors.ingest.delimiter import checked_delimiter, delimiter_name, detect_delimiter, head_rows
from augmentors.ingest.encoding import SAMPLE_BYTES, Decoded, cut_at_character, decode, is_utf8, presumed_utf8
from augmentors.ingest.limits import MAX_COLUMNS, RAGGED_SHARE
from augmentors.ingest.result import Choices, Quarantined, RawTable, listed
from augmentors.ingest.scan import has_quoted_newlines, leading_zeros, line_count, newline_count, quote_left_open

_SAMPLE_ROWS = 200
_THREADS = 2


@dataclass(frozen=True)
class _Layout:
    """What was learnt from the beginning of a file before it is parsed."""

    body: memoryview
    delimiter: str
    names: list[str]
    rows: list[list[str]]
    skipped_lines: int
    notes: list[str]


def read_csv(path: Path, choices: Choices, max_bytes: int | None = None) -> RawTable:
    """Return the columns of a text file, all as text.

    Parameters
    ----------
    path : Path
    choices : Choices
        Delimiter and encoding are detected where not given.
    max_bytes : int, optional
        Look at the beginning of the file only.

    Raises
    ------
    UserError
        When there is no header or row, names repeat, most rows do not fit, or
        the encoding is wrong.
    """
    size = path.stat().st_size
    if max_bytes is not None and size > max_bytes:
        with path.open("rb") as file:
            head = file.read(max_bytes)
        return _read(_whole_lines(head), path.name, choices)
    # A large file is mapped: its bytes are never copied.
    return _read(path.read_bytes() if size < 1 << 20 else _mapped(path), path.name, choices)


def _mapped(path: Path) -> Any:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _whole_lines(head: bytes) -> memoryview:
    """Return the beginning of a file up to its last complete line."""
    end = head.rfind(b"\n") + 1
    # UTF-16 writes a newline in two bytes; keep both.
    end += end % 2 if head[:2] in (b"\xff\xfe", b"\xfe\xff") else 0
    return memoryview(head)[:end] if end else cut_at_character(memoryview(head))


class _NotUtf8(Exception):
    """A file that begins as UTF-8 holds something else further on."""


def _read(data: Any, source: str, choices: Choices) -> RawTable:
    presumed = presumed_utf8(data) if choices.encoding is None else None
    if presumed is not None:
        try:
            return _read_decoded(presumed, source, choices, is_presumed=True)
        except _NotUtf8:
            pass
    return _read_decoded(decode(data, source, choices.encoding), source, choices)


def _read_decoded(decoded: Decoded, source: str, choices: Choices, is_presumed: bool = False) -> RawTable:
    layout = _layout(decoded.data, source, choices)
    notes = list(layout.notes)
    if decoded.guessed:
        notes.append(f"The file is not UTF-8; it was read as {decoded.encoding}.")
    body, parsed, zeros = _parsed(layout, source, _stay_text(choices), is_presumed)
    table, skipped = parsed.table, parsed.skipped
    total = table.num_rows + len(skipped)
    if not total:
        raise UserError(f"{source} holds a header but no rows.", "Add rows below the header.")

    def first_line() -> int | None:
        if body.multiline or line_count(layout.body) != total + 1:
            return None
        return layout.skipped_lines + 2

    quarantine = _set_aside(layout, source, skipped, total, bool(skipped) and first_line() is not None)
    table, rows = _without_open_quote(table, layout, source, skipped, total, quarantine)

    def reread(name: str) -> pa.ChunkedArray:
        return parse(body, {}, only=name).table.column(0).slice(0, table.num_rows)

    return RawTable(
        source=source,
        format="csv",
        columns={name: table.column(i) for i, name in enumerate(layout.names)},
        n_rows=table.num_rows,
        rows=rows,
        delimiter=layout.delimiter,
        encoding=decoded.encoding,
        first_line=first_line,
        leading_zeros=zeros != 0,
        quarantine=quarantine,
        notes=notes,
        reread=reread,
    )


def _parsed(
    layout: _Layout, source: str, stay_text: set[str | None], is_presumed: bool
) -> tuple[CsvBody, Parsed, int | None]:
    """Return the columns, as numbers where the first rows hold numbers; whether that was exact is found out meanwhile.

    The last value is how many fields may begin like "007"; None where that was not counted. Raises `_NotUtf8` where
    that was presumed and wrong.
    """
    numeric = expected_numbers(layout.names, layout.rows, stay_text)
    # A quoted newline at the beginning settles it. Without one, the number of lines proves that none comes later.
    multiline = has_quoted_newlines(layout.body[:SAMPLE_BYTES])
    with ThreadPoolExecutor(_THREADS) as pool:
        valid = pool.submit(is_utf8, layout.body) if is_presumed else None

        def require_utf8() -> None:
            if valid is not None and not valid.result():
                raise _NotUtf8

        body = CsvBody(layout.body, layout.delimiter, layout.names, multiline, source, require_utf8)
        lines = None if multiline else pool.submit(newline_count, layout.body)
        counted = pool.submit(leading_zeros, layout.body, layout.delimiter) if numeric else None
        parsed, problem = _attempt(body, numeric)
    require_utf8()
    if lines is not None:
        rows = None if parsed is None else parsed.table.num_rows + len(parsed.skipped) + 1
        if rows != lines.result() and has_quoted_newlines(layout.body):
            body = replace(body, multiline=True)
            parsed, problem = _attempt(body, numeric)
    if parsed is None:
        assert problem is not None
        raise problem
    zeros = counted.result() if counted is not None else None
    if zeros and _numbers_lost_zeros(parsed.table, zeros):
        parsed = parse(body, {})
    return body, parsed, zeros


def _attempt(body: CsvBody, numeric: dict[str, pa.DataType]) -> tuple[Parsed | None, UserError | None]:
    try:
        return parse(body, numeric), None
    except UserError as problem:
        return None, problem


def _numbers_lost_zeros(table: pa.Table, zeros: int) -> bool:
    """Tell whether a value like "007" may lie in a column of numbers, where its zeros are gone."""
    texts = [column for column in table.columns if pa.types.is_string(column.type)]
    if len(texts) == table.num_columns:
        return False
    # Where every such field of the file lies in a column of text, none is in a column of numbers.
    return sum(map(count_leading_zeros, texts)) != zeros


def _stay_text(choices: Choices) -> set[str | None]:
    """Return the columns that the user wants as something else than numbers."""
    typed = {name for name, kind in choices.types.items() if kind not in ("number", "integer")}
    return {choices.label, choices.text, *typed}


def _layout(data: Any, source: str, choices: Choices) -> _Layout:
    """Find header and separator; skip blank lines and Excel's `sep=` line above them."""
    body, skipped = memoryview(data), 0
    head = bytes(cut_at_character(body[:SAMPLE_BYTES])).decode("utf-8")
    given = checked_delimiter(choices.delimiter) if choices.delimiter else None
    while True:
        line = head[: _line_end(head)]
        stated = line.strip().lower()
        if stated.startswith("sep=") and len(stated) <= 5:
            given = given or (line.strip()[4:] or "\t")
        elif stated or not line:
            break
        skipped += 1
        body, head = body[len(line.encode()) :], head[len(line) :]
    if not head.strip():
        raise UserError(f"{source} holds nothing but blank lines.", "Choose a file with a header and rows.")
    delimiter = given or detect_delimiter(head)
    # The last row may have been cut off with the sample.
    rows = head_rows(head, delimiter, _SAMPLE_ROWS)
    names, notes = _names(rows[0], source, delimiter, choices.alone)
    if given is None:
        notes.append(f"The separator was guessed: {delimiter_name(delimiter)}.")
    return _Layout(body, delimiter, names, rows[1:-1] or rows[1:], skipped, notes)


def _line_end(text: str) -> int:
    """Return the length of the first line, its ending included."""
    end = text.find("\n") + 1
    if not end:
        end = text.find("\r") + 1
    return end or len(text)


def _names(header: list[str], source: str, delimiter: str, alone: bool) -> tuple[list[str], list[str]]:
    """Return usable column names and what to say about them."""
    notes = []
    names = [name.strip() for name in header]
    if len(names) == 1 and not alone:
        raise UserError(
            f"{source} has one column ('{names[0][:60]}') when split at {delimiter_name(delimiter)}; "
            "expected a label and at least one more.",
            "Choose another delimiter if the fields are separated by something else.",
        )
    if len(names) > MAX_COLUMNS:
        raise UserError(f"{source} has {len(names):,} columns; at most {MAX_COLUMNS:,} are accepted.")
    for at, name in enumerate(names):
        if not name:
            names[at] = _free_name(f"column {at + 1}", names)
            notes.append(f"Column {at + 1} has no name; it is called '{names[at]}'.")
    require_unique(names, source)
    if sum(_is_number(name) for name in names) > len(names) / 2:
        notes.append("The first line was taken as column names although most of it are numbers.")
    return names, notes


def _free_name(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True


def require_unique(names: list[str], source: str) -> None:
    """Raise a UserError when a column name appears twice."""
    seen: dict[str, int] = {}
    for at, name in enumerate(names, start=1):
        if name in seen:
            raise UserError(
                f"{source} has two columns named '{name}' (columns {seen[name]} and {at}); "
                "each needs a name of its own.",
                "Rename one of them in the file.",
            )
        seen[name] = at


def _set_aside(
    layout: _Layout, source: str, skipped: list[pa_csv.InvalidRow], total: int, one_line_each: bool
) -> list[Quarantined]:
    """Return ragged rows with their line numbers; refuse the file when they are many."""
    if not skipped:
        return []
    lines = _lines_of(layout, {row.number for row in skipped}, one_line_each)
    # A stray quote swallows whole lines into one row: they all count.
    swallowed = sum(row.text.count("\n") for row in skipped)
    first = skipped[0]
    if len(skipped) + swallowed > RAGGED_SHARE * (total + swallowed):
        raise UserError(
            f"{source}: {len(skipped) + swallowed:,} of {total + swallowed:,} rows do not have the header's "
            f"{len(layout.names)} fields (first on line {lines[first.number]:,}, with {first.actual_columns}).",
            f"Check the separator ({delimiter_name(layout.delimiter)}) and the quotes.",
        )
    entries = []
    for row in skipped:
        start = lines[row.number]
        extra = row.text.count("\n")
        where = f"line {start:,}" if not extra else f"lines {start:,} to {start + extra:,}"
        reason = f"has {row.actual_columns} fields where the header has {row.expected_columns}"
        entries.append(Quarantined(where, reason + (": a quote is not closed" if extra else "")))
    return listed(entries, len(entries), "rows do not fit the header")


def _lines_of(layout: _Layout, numbers: set[int], one_line_each: bool) -> dict[int, int]:
    """Return the line on which each row (1 is the header) begins."""
    if one_line_each:
        return {number: number + layout.skipped_lines for number in numbers}
    text = io.TextIOWrapper(io.BytesIO(layout.body), encoding="utf-8", newline="")
    found: dict[int, int] = {}
    row, start, last = 0, 1, max(numbers)
    limit = csv.field_size_limit(2**31 - 1)
    try:
        reader = csv.reader(text, delimiter=layout.delimiter)
        for fields in reader:
            if fields:
                row += 1
                if row in numbers:
                    found[row] = start + layout.skipped_lines
                if row >= last:
                    break
            start = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)
    return {number: found.get(number, number) for number in numbers}


def _without_open_quote(
    table: pa.Table,
    layout: _Layout,
    source: str,
    skipped: list[pa_csv.InvalidRow],
    total: int,
    quarantine: list[Quarantined],
) -> tuple[pa.Table, np.ndarray | None]:
    """Set the last row aside when a quote that is never closed made it swallow lines."""
    rows = _row_numbers(skipped, total)
    last = table.slice(table.num_rows - 1).to_pylist()[0] if table.num_rows else {}
    swallowed = max((str(value).count("\n") for value in last.values() if value), default=0)
    if not swallowed or not quote_left_open(layout.body):
        return table, rows
    number = total + 1
    line = _lines_of(layout, {number}, False)[number]
    if swallowed > RAGGED_SHARE * (total + swallowed):
        raise UserError(
            f"{source}: a quote that opens on line {line:,} is never closed and swallows {swallowed:,} lines.",
            "Close or remove the quote.",
        )
    quarantine.append(Quarantined(f"lines {line:,} to {line + swallowed:,}", "a quote opens here and is never closed"))
    rows = np.arange(total) if rows is None else rows
    return table.slice(0, table.num_rows - 1), rows[:-1]


def _row_numbers(skipped: list[pa_csv.InvalidRow], total: int) -> np.ndarray | None:
    """Return the positions in the file of the rows that were kept; None when all were."""
    if not skipped:
        return None
    # Row 1 is the header, row 2 is data row 0.
    return np.delete(np.arange(total), [row.number - 2 for row in skipped])
