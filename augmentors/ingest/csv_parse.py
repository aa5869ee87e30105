"""Arrow's CSV parser, told what to expect: exact like reading text, fast like reading numbers."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from augmentors.core.errors import UserError

# Beyond this a float no longer holds every whole number: long ids must stay text.
EXACT_FLOAT = 2.0**53
# Longer products are dealt out to threads, which takes longer than the product.
_DOT = 8192
_INTEGER = re.compile(r"(0|-?[1-9]\d{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*)?([eE][+-]?\d+)?")
_ONE_DOES_NOT_FIT = re.compile(r"Expected \d+ columns, got \d+")


@dataclass(frozen=True)
class CsvBody:
    """Text whose first row is the header, and how to cut it into fields.

    `check` is called before rows that do not fit are told as text; it raises where the bytes are not UTF-8 after all.
    """

    data: memoryview
    delimiter: str
    names: list[str]
    multiline: bool
    source: str
    check: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Parsed:
    """Rows that fit the header, and those that do not with their row numbers (the header is 1)."""

    table: pa.Table
    skipped: list[pa_csv.InvalidRow]


class _RowsDoNotFit(Exception):
    """A row has more or fewer fields than the header."""


class _NotAsExpected(Exception):
    """A column of numbers holds something else further on."""


def parse(body: CsvBody, numeric: dict[str, pa.DataType], only: str | None = None) -> Parsed:
    """Return all columns; those of `numeric` as numbers when each of their values is one.

    Parameters
    ----------
    body : CsvBody
    numeric : dict of str to pyarrow type
        Columns that are expected to hold numbers. Where one value is
        something else, everything is read as text.
    only : str, optional
        Read this column alone, as text.

    Raises
    ------
    UserError
        When the text cannot be parsed.
    """
    try:
        parsed = _parse(body, numeric, only)
        return replace(parsed, table=_joined(parsed.table, numeric))
    except _NotAsExpected:
        return _parse(body, {}, only)


def expected_numbers(
    names: Sequence[str], rows: Sequence[Sequence[str]], as_text: Collection[str | None]
) -> dict[str, pa.DataType]:
    """Return the columns whose first values are all plain numbers.

    Parameters
    ----------
    names : sequence of str
    rows : sequence of sequence of str
        First rows below the header.
    as_text : collection of str
        Columns that must stay text.
    """
    found: dict[str, pa.DataType] = {}
    fitting = [row for row in rows if len(row) == len(names)]
    for at, name in enumerate(names):
        values = [row[at] for row in fitting if row[at]]
        if name in as_text or not values:
            continue
        if all(_INTEGER.fullmatch(value) for value in values):
            found[name] = pa.int64()
        elif all(_NUMBER.fullmatch(value) for value in values):
            found[name] = pa.float64()
    return found


def _joined(table: pa.Table, numeric: dict[str, pa.DataType]) -> pa.Table:
    """Return the table with each column of numbers in one piece.

    Raises when a column of floats holds what only its text can decide ("nan", very long numbers).
    """
    if not table.num_rows:
        return table

    def joined(name: str) -> pa.ChunkedArray | pa.Array:
        column = table.column(name)
        if name not in numeric:
            return column
        whole = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
        if pa.types.is_floating(whole.type) and not _is_plain(whole):
            raise _NotAsExpected
        return whole

    names = table.column_names
    return pa.Table.from_arrays([joined(name) for name in names], names=names)


def _is_plain(chunk: pa.DoubleArray) -> bool:
    """Tell whether all numbers are finite and small enough to be exact."""
    _, data = chunk.buffers()
    # A small sum of squares means that no number is large, infinite or NaN: one fast pass, gaps included.
    values = np.frombuffer(data, np.float64, len(chunk), chunk.offset * 8)
    with np.errstate(over="ignore", invalid="ignore"):
        pieces = (values[at : at + _DOT] for at in range(0, len(values), _DOT))
        if sum(float(np.dot(piece, piece)) for piece in pieces) < EXACT_FLOAT**2:
            return True
    extremes = pc.min_max(chunk)
    ends = [end.as_py() for end in (extremes["min"], extremes["max"])]
    if ends == [None, None]:
        return True
    return all(abs(end) < EXACT_FLOAT for end in ends) and not pc.any(pc.is_nan(chunk)).as_py()


def _parse(body: CsvBody, numeric: dict[str, pa.DataType], only: str | None) -> Parsed:
    try:
        return _parse_once(body, numeric, only, set_aside=False)
    except _RowsDoNotFit:
        body.check()
        return _parse_once(body, numeric, only, set_aside=True)


def _parse_once(body: CsvBody, numeric: dict[str, pa.DataType], only: str | None, set_aside: bool) -> Parsed:
    skipped: list[pa_csv.InvalidRow] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        skipped.append(row)
        return "skip"

    types = dict.fromkeys(body.names, pa.string()) | numeric
    block = 1 << 20
    while True:
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(pa.py_buffer(body.data)),
                # Only a single thread knows the numbers of the rows.
                read_options=pa_csv.ReadOptions(
                    use_threads=not set_aside, column_names=body.names, skip_rows_after_names=1, block_size=block
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=body.delimiter,
                    newlines_in_values=body.multiline,
                    invalid_row_handler=skip if set_aside else None,
                ),
                convert_options=pa_csv.ConvertOptions(
                    # Known to be UTF-8, or found out meanwhile.
                    check_utf8=False,
                    column_types=types,
                    include_columns=[only] if only else None,
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            return Parsed(table, skipped)
        except pa.ArrowInvalid as error:
            if "conversion error" in str(error) and numeric:
                raise _NotAsExpected from None
            if not set_aside and _ONE_DOES_NOT_FIT.search(str(error)):
                raise _RowsDoNotFit from None
            if "straddling" not in str(error) or block >= 1 << 30:
                short = str(error).splitlines()[0].strip().rstrip(".")[:200]
                raise UserError(f"{body.source} could not be read: {short}.") from None
            # One row is longer than a block.
            block *= 16
            skipped.clear()
