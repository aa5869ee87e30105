"""Which character separates the fields of a text file."""

import csv
import io

from augmentors.core.errors import UserError

DELIMITERS: dict[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_ROWS = 100


def delimiter_name(delimiter: str) -> str:
    """Return a separator in words."""
    return DELIMITERS.get(delimiter, f"'{delimiter}'")


def head_rows(text: str, delimiter: str, n: int = _ROWS) -> list[list[str]]:
    """Return the first rows of a text, blank lines left out."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) >= n:
                break
    except csv.Error:
        # A field longer than the reader's limit: what was read so far decides.
        pass
    return rows


def detect_delimiter(text: str) -> str:
    """Return the separator under which most rows have as many fields as the header.

    Examples
    --------
    >>> detect_delimiter("name;price\\nlamp;1,5\\nchair;2,5\\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for candidate in DELIMITERS:
        rows = head_rows(text, candidate)
        # The last row may have been cut off with the sample.
        body = rows[1:-1] if len(rows) > 3 else rows[1:]
        width = len(rows[0]) if rows else 0
        if width < 2:
            continue
        fitting = sum(len(row) == width for row in body) / len(body) if body else 0.5
        if (fitting, width) > best_score:
            best, best_score = candidate, (fitting, width)
    return best


def checked_delimiter(delimiter: str) -> str:
    """Return the separator a user gave ("\\\\t" and "tab" mean the tab).

    Raises
    ------
    UserError
        When it is not one single character.
    """
    names = {name: sign for sign, name in DELIMITERS.items()} | {"\\t": "\t"}
    sign = names.get(delimiter, delimiter)
    if len(sign) != 1 or sign in '"\r\n' or ord(sign) > 127:
        raise UserError(
            f"The delimiter must be one character such as , ; | or tab; got '{delimiter}'.",
            "Leave it out to have it detected.",
        )
    return sign
