"""Numbers written with a sign: "1.652,77 €", "$1,652.77", "57.3%", "(€ 12)". The sign is left out, and that is said.

A column counts where every filled value carries the same one sign, before or
after the number. Parentheses and a minus, before or after, mean less than
nothing. Percentages keep their size: "57.3%" is 57.3.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from augmentors.ingest.text_values import MISSING_TOKENS, first_values, trimmed, without_tokens

_CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "kr", "zł")
_SPACE = r"[\s\x{A0}\x{2007}\x{2009}\x{202F}]"
_MINUS = r"[+\-\x{2212}]"
_NUMBER = rf"(\d{{1,3}}({_SPACE}\d{{3}}|['\x{{2019}}]\d{{3}})+([.,]\d+)?|\d[\d.,]*|[.,]\d+)"
_SIGN = re.compile("[%‰€$£¥₹₽₩₺₴₪₫₦₱฿¢]|" + "|".join(rf"\b{code}\b|(?<=\d){code}\b" for code in _CODES))
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Marked:
    """A column of numbers with a sign.

    Parameters
    ----------
    written : ChunkedArray of string
        As in the file.
    bare : ChunkedArray of string
        Without the sign; minus first; no spaces.
    sign : str
    """

    written: pa.ChunkedArray
    bare: pa.ChunkedArray
    sign: str

    def note(self, name: str) -> str:
        """Return how the column was read, in a sentence."""
        what = "percentages" if self.sign in "%‰" else "money"
        return (
            f"Column '{name}' is read as {what}: the sign {self.sign} was left out, also where it is exported; "
            "choose the type category or text to keep it as written."
        )

    def lost(self, name: str) -> str:
        """Return what to say where the numbers beside the sign could not be read."""
        return (
            f"Column '{name}' looks like numbers with the sign {self.sign}, but not all of its values could be read as "
            "such; choose the decimal sign or its type."
        )


def marked_numbers(columns: Mapping[str, pa.ChunkedArray], but: Collection[str | None] = ()) -> dict[str, Marked]:
    """Return the columns of text in which every value is a number with one and the same sign.

    Parameters
    ----------
    columns : mapping of str to ChunkedArray
    but : collection of str
        Columns that stay as they are.
    """
    found = {}
    for name, values in columns.items():
        if name in but or not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
            continue
        sign = _sign(first_values(values))
        bare = None if sign is None else _bare(values, sign)
        if sign is not None and bare is not None:
            found[name] = Marked(values, bare, sign)
    return found


def _sign(sample: list[str]) -> str | None:
    """Return the one sign that every value of a sample carries, once, beside a digit; one value can rule it out."""
    sign = None
    for value in sample:
        if value.strip() in MISSING_TOKENS or not value.strip():
            continue
        signs = _SIGN.findall(value)
        if len(signs) != 1 or (sign or signs[0]) != signs[0] or not _DIGIT.search(value):
            return None
        sign = signs[0]
    return sign


def _bare(values: pa.ChunkedArray, sign: str) -> pa.ChunkedArray | None:
    """Return the numbers without their sign; None when one value is written in another way."""
    kept = trimmed(without_tokens(pc.cast(values, pa.string())))
    if not pc.all(pc.match_substring_regex(pc.unique(kept), _pattern(sign))).as_py():
        return None
    bare = pc.replace_substring_regex(pc.replace_substring(kept, sign, ""), rf"{_SPACE}|['\x{{2019}}]", "")
    bare = pc.replace_substring(bare, "\u2212", "-")
    bare = pc.replace_substring_regex(bare, r"^\((.*)\)$", r"-\1")
    return pc.replace_substring_regex(bare, r"^(.*)([+-])$", r"\2\1")


def _pattern(sign: str) -> str:
    mark, space = re.escape(sign), f"{_SPACE}*"
    before = f"{mark}{space}{_NUMBER}"
    after = f"{_NUMBER}{space}{mark}"
    forms = [
        f"{_MINUS}?{space}{before}",
        f"{mark}{space}{_MINUS}{space}{_NUMBER}",
        f"{before}{_MINUS}",
        f"{_MINUS}?{space}{after}",
        f"{after}{_MINUS}",
        f"{_NUMBER}{_MINUS}{space}{mark}",
        rf"\({space}({before}|{after}){space}\)",
        rf"{mark}{space}\({_NUMBER}\)",
        rf"\({_NUMBER}\){space}{mark}",
    ]
    return f"^({'|'.join(forms)})$"
