"""Exact facts about the raw bytes of a text file, found at memory speed."""

import numpy as np

_STEP = 1 << 18
_QUOTE, _NEWLINE, _RETURN, _ZERO = 34, 10, 13, 48


def line_count(body: memoryview) -> int:
    """Return the number of lines, ended by a newline or, where there is none, a carriage return."""
    ends = _count(body, b"\n")
    last = b"\n" if ends else b"\r"
    if not ends:
        ends = _count(body, b"\r")
    return ends + int(bytes(body[-1:]) != last)


def _count(body: memoryview, sign: bytes) -> int:
    return sum(bytes(body[at : at + _STEP]).count(sign) for at in range(0, len(body), _STEP))


def has_leading_zeros(body: memoryview, delimiter: str) -> bool:
    """Tell whether a field may begin like "007" (or "0x1F"), with or without a sign.

    Never misses one; a few that are none (within quoted text) do no harm,
    since columns are then looked at one by one.
    """
    data = np.frombuffer(body, np.uint8)
    openers = (ord(delimiter), _NEWLINE, _RETURN, _QUOTE, 32)
    for start in range(0, len(data), _STEP):
        piece = data[max(start - 2, 0) : start + _STEP + 1]
        before, zero, after = piece[:-2], piece[1:-1], piece[2:]
        hit = (after - _ZERO) < 10
        hit |= (after | 32) == 120
        hit &= zero == _ZERO
        opened = before == openers[0]
        for sign in openers[1:]:
            opened |= before == sign
        if (opened & hit).any():
            return True
        # A sign counts only where a field begins: "1e-05" is no such case.
        hit[1:] &= (before[1:] - 43) & 0xFD == 0
        hit[:1] = False
        if any(sign in openers for sign in piece[np.flatnonzero(hit) - 1].tolist()):
            return True
    return False


def _newlines_inside(body: memoryview, stop_early: bool) -> tuple[bool, int]:
    """Return whether a newline lies between quotes, and how many quotes there are."""
    data = np.frombuffer(body, np.uint8)
    quotes, inside = 0, False
    for start in range(0, len(data), _STEP):
        piece = data[start : start + _STEP]
        at = np.flatnonzero(piece == _QUOTE)
        if not inside and (len(at) or quotes % 2):
            ends = np.flatnonzero((piece == _NEWLINE) | (piece == _RETURN))
            inside = bool(((np.searchsorted(at, ends) + quotes) % 2).any())
        quotes += len(at)
        if inside and stop_early:
            break
    return inside, quotes


def has_quoted_newlines(body: memoryview) -> bool:
    """Tell whether a newline may be part of a value; parsing is slower when it may."""
    return _newlines_inside(body, stop_early=True)[0]


def quote_left_open(body: memoryview) -> bool:
    """Tell whether the number of quotes is odd."""
    return _newlines_inside(body, stop_early=False)[1] % 2 == 1
