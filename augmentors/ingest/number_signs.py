"""Is "27,840" twenty-seven thousand, or 27.84? What the commas and points in numbers stand for.

A column tells by itself where one value can be read in one way only: "1,5",
"0,840" and "12500" beside "27,840" mean a decimal comma; "1,234,567" and
"27,840.5" mean groups of three. Where every value of a column can be read in
both ways, the other columns of the file decide, then how its dates are
written; without any such sign the commas are taken as groups of three, and
the user is told.
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.errors import UserError
from augmentors.ingest.text_values import MISSING_TOKENS, first_values, trimmed, without_tokens

DecimalSign = Literal[".", ","]
DECIMAL_SIGNS: tuple[DecimalSign, ...] = (".", ",")
_THREADS = 4
_DOTTED_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
# Whole numbers and numbers in the notation of one decimal sign; groups of three begin with no zero.
_WRITTEN: dict[DecimalSign, str] = {
    ".": r"[+-]?(\d{1,3}|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?",
    ",": r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?",
}
_COMMA_IN_NUMBER = re.compile(r"[+-]?[\d.]*\d,\d[\d.,]*")
_GROUPED_BY_POINTS = r"[+-]?(\d{1,3}|[1-9]\d{0,2}(\.\d{3})+)"


@dataclass(frozen=True)
class Signs:
    """How the numbers of a column are written, and what to say about it.

    Parameters
    ----------
    decimal : {".", ","}
        The other of the two parts groups of three digits.
    note : str
    """

    decimal: DecimalSign
    note: str

    def plain(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return the numbers as programs write them: "1.234,5" as "1234.5"."""
        if self.decimal == ".":
            return pc.replace_substring(values, ",", "")
        return pc.replace_substring(pc.replace_substring(values, ".", ""), ",", ".")


def checked_sign(decimal: str | None) -> DecimalSign | None:
    """Return the decimal sign that a user gave.

    Raises
    ------
    UserError
        When it is neither point nor comma.
    """
    for sign in DECIMAL_SIGNS:
        if decimal == sign:
            return sign
    if decimal is None:
        return None
    raise UserError(f"The decimal sign must be '.' or ','; got '{decimal}'.", "Leave it out to have it guessed.")


def number_signs(
    columns: Mapping[str, pa.ChunkedArray],
    delimiter: str | None,
    given: DecimalSign | None = None,
    reread: Callable[[str], pa.ChunkedArray] | None = None,
) -> dict[str, Signs]:
    """Return the columns whose numbers are written with commas (or points that group), and how to read them.

    Parameters
    ----------
    columns : dict of str to ChunkedArray
        As the reader found them; text and floats are looked at.
    delimiter : str or None
        Where the comma separates fields, a decimal comma is not guessed.
    given : {".", ","}, optional
        What the user said: it then holds for every column it fits.
    reread : callable, optional
        Returns a column that was read as numbers as the text of the file.
    """
    texts = {name: values for name, values in columns.items() if _has_commas(values)}
    # Between fields that commas separate, a decimal comma is never guessed.
    readable = _readable(texts, DECIMAL_SIGNS if given or delimiter != "," else (".",))
    if not readable and given is None:
        return {}
    sure = {name: next(iter(ways)) for name, ways in readable.items() if len(ways) == 1}
    if given is None:
        sign, reason = _sign_of_file(columns, sure, [name for name in readable if name not in sure], reread)
    else:
        sign, reason = given, ""
    found: dict[str, Signs] = {}
    for name, ways in readable.items():
        decimal = given or sure.get(name) or sign or "."
        if decimal in ways:
            found[name] = Signs(decimal, _note(name, texts[name], decimal, name in sure, reason, given))
    if sign == "," and reread is not None:
        found |= _grouped_by_points(columns, reread, given)
    return found


def _has_commas(values: pa.ChunkedArray) -> bool:
    """Tell whether the first values are numbers and some are written with a comma."""
    if not pa.types.is_string(values.type):
        return False
    head = [value.strip() for value in first_values(values)]
    with_comma = [bool(_COMMA_IN_NUMBER.fullmatch(value)) for value in head]
    for value, comma in zip(head, with_comma, strict=True):
        if not (comma or _is_float(value) or value in MISSING_TOKENS or re.fullmatch(_GROUPED_BY_POINTS, value)):
            return False
    # The first thousand may come late; bytes are searched much faster than values.
    return any(with_comma) or any(_holds_comma(chunk) for chunk in values.chunks)


def _holds_comma(chunk: pa.StringArray) -> bool:
    data = chunk.buffers()[2]
    return data is not None and b"," in data.to_pybytes() and pc.any(pc.match_substring(chunk, ",")).as_py() is True


def _is_float(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _readable(texts: Mapping[str, pa.ChunkedArray], signs: tuple[DecimalSign, ...]) -> dict[str, list[DecimalSign]]:
    """Return per column the decimal signs, of those asked, under which all of its values are numbers."""

    def ways(name: str) -> list[DecimalSign]:
        values = pc.unique(without_tokens(trimmed(texts[name])))
        return [sign for sign in signs if _all_match(values, _WRITTEN[sign])]

    with ThreadPoolExecutor(_THREADS) as pool:
        found = dict(zip(texts, pool.map(ways, texts), strict=True))
    return {name: fitting for name, fitting in found.items() if fitting}


def _all_match(values: pa.Array, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(values, f"^({pattern})$")).as_py() is True


def _sign_of_file(
    columns: Mapping[str, pa.ChunkedArray],
    sure: Mapping[str, DecimalSign],
    unsure: list[str],
    reread: Callable[[str], pa.ChunkedArray] | None,
) -> tuple[DecimalSign | None, str]:
    """Return what the rest of the file says the decimal sign is, and why; (None, "") when it is silent."""
    signs = set(sure.values())
    if len(signs) == 1:
        name, sign = next(iter(sure.items()))
        return sign, f"as in column '{name}'"
    if not unsure:
        return None, ""
    for name, values in columns.items():
        if pa.types.is_floating(values.type) and reread is not None:
            # "1.5" and "0.840" have a decimal point whatever the rest of the file is like.
            if not _all_match(pc.unique(trimmed(reread(name))), _GROUPED_BY_POINTS):
                return ".", f"since column '{name}' has decimal points"
        elif pa.types.is_string(values.type):
            head = first_values(values)
            if head and all(_DOTTED_DATE.fullmatch(value) for value in head):
                return ",", f"since the dates of column '{name}' are written with points"
    return None, ""


def _note(
    name: str, values: pa.ChunkedArray, decimal: DecimalSign, is_sure: bool, reason: str, given: DecimalSign | None
) -> str:
    if decimal == "," and (is_sure or given):
        return f"Column '{name}' is written with decimal commas; it was read as numbers."
    example = first_values(values.filter(pc.match_substring(values, ",")))[0].strip()
    read = Signs(decimal, "").plain(pa.chunked_array([[example]]))[0].as_py()
    start = f"Column '{name}': '{example}' was read as {read}, the comma as "
    start += "a decimal comma" if decimal == "," else "a thousands separator"
    if is_sure or given:
        return start + "."
    other = "." if decimal == "," else ","
    return f"{start}{f' ({reason})' if reason else ''}; if that is wrong, choose the decimal sign '{other}'."


def _grouped_by_points(
    columns: Mapping[str, pa.ChunkedArray], reread: Callable[[str], pa.ChunkedArray], given: DecimalSign | None
) -> dict[str, Signs]:
    """Return columns like "27.840" in a file with decimal commas: there, points group three digits."""
    found = {}
    for name, values in columns.items():
        if not pa.types.is_floating(values.type):
            continue
        written = trimmed(reread(name))
        if _all_match(pc.unique(written), _GROUPED_BY_POINTS):
            example = next((v.strip() for v in first_values(written) if "." in v), "")
            note = f"Column '{name}': '{example}' was read as {example.replace('.', '')}, the point as a separator of "
            note += "thousands" + ("." if given else ", since other columns have decimal commas.")
            found[name] = Signs(",", note)
    return found
