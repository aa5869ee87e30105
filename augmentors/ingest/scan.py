"""Exact facts about the raw bytes of a text file, found at memory speed."""

import numpy as np

_STEP = 1 << 17
_TAB, _NEWLINE, _RETURN, _SPACE, _QUOTE, _PLUS, _MINUS, _ZERO = 9, 10, 13, 32, 34, 43, 45, 48


def leading_zeros(body: memoryview, delimiter: str) -> int:
    """Return how many fields may begin like "007" or "0x1F", with or without a sign.

    Never misses one; zeros within quoted text may be counted too.
    """
    opens = np.zeros(256, dtype=bool)
    opens[[ord(delimiter), _TAB, _NEWLINE, _RETURN, _QUOTE, _SPACE]] = True
    whole = np.frombuffer(body, np.uint8)
    count = 0
    for start in range(0, len(whole), _STEP):
        # Two bytes of the piece before: what a field opens with, and a sign. One of the next: what follows a zero.
        lead = min(start, 2)
        count += _zeros_that_open(whole[start - lead : start + _STEP + 1], lead, ord(delimiter), opens)
    return count


def _zeros_that_open(piece: np.ndarray, lead: int, delimiter: int, opens: np.ndarray) -> int:
    before, zero, after = piece[:-2], piece[1:-1], piece[2:]
    hit = zero == _ZERO
    hit &= after >= _ZERO
    # All that may stand before it is at most a minus sign, but for some separators.
    hit &= (before <= _MINUS) | (before == delimiter) if delimiter > _MINUS else before <= _MINUS
    # Finding where is slow; most pieces have none.
    if not hit.any():
        return 0
    at = np.flatnonzero(hit)
    # The zero itself lies in this piece: it was not counted with the one before.
    at = at[(at + 1 >= lead) & digit_or_x(piece[at + 2])]
    first = piece[at]
    signed = at[((first == _PLUS) | (first == _MINUS)) & (at > 0)]
    return int(opens[first].sum()) + int(opens[piece[signed - 1]].sum())


def digit_or_x(byte: np.ndarray) -> np.ndarray:
    """Tell which bytes after a zero make it a leading one: "007", "0x1F"."""
    return ((byte - _ZERO) < 10) | ((byte | 32) == 120)


def line_count(body: memoryview) -> int:
    """Return the number of lines, ended by a newline or, where there is none, a carriage return."""
    ends, last = _count(body, _NEWLINE), b"\n"
    if not ends:
        ends, last = _count(body, _RETURN), b"\r"
    return ends + int(bytes(body[-1:]) != last)


def newline_count(body: memoryview) -> int | None:
    """Return the number of lines that newlines end; None where a carriage return may end one too."""
    whole = np.frombuffer(body, np.uint8)
    count = 0
    for start in range(0, len(whole), _STEP):
        piece = whole[start : start + _STEP]
        if (piece == _RETURN).any():
            return None
        count += int(np.count_nonzero(piece == _NEWLINE))
    return count + int(whole[-1] != _NEWLINE)


def _count(body: memoryview, sign: int) -> int:
    whole = np.frombuffer(body, np.uint8)
    return sum(int(np.count_nonzero(whole[at : at + _STEP] == sign)) for at in range(0, len(whole), _STEP))


def has_quoted_newlines(body: memoryview) -> bool:
    """Tell whether a newline may be part of a value; parsing is slower when it may."""
    quotes = 0
    for start in range(0, len(body), _STEP):
        data = bytes(body[start : start + _STEP])
        if b'"' not in data and not quotes % 2:
            continue
        piece = np.frombuffer(data, np.uint8)
        at = np.flatnonzero(piece == _QUOTE)
        if _newline_between(piece, at, quotes % 2 == 1):
            return True
        quotes += len(at)
    return False


def _newline_between(piece: np.ndarray, quotes: np.ndarray, already_open: bool) -> bool:
    """Tell whether a newline lies between an odd quote and the next one."""
    edges = np.concatenate([[-1] if already_open else [], quotes]).astype(np.int64)
    if len(edges) % 2:
        edges = np.append(edges, len(piece))
    starts, lengths = edges[0::2] + 1, edges[1::2] - edges[0::2] - 1
    total = int(lengths.sum())
    if total * 8 < len(piece):
        # Little is quoted: look at that alone.
        before = np.cumsum(lengths) - lengths
        quoted = piece[np.repeat(starts - before, lengths) + np.arange(total)]
        return bool(((quoted == _NEWLINE) | (quoted == _RETURN)).any())
    newlines = np.flatnonzero((piece == _NEWLINE) | (piece == _RETURN))
    return bool((np.searchsorted(edges, newlines) % 2).any())


def quote_left_open(body: memoryview) -> bool:
    """Tell whether the number of quotes is odd."""
    return _count(body, _QUOTE) % 2 == 1
