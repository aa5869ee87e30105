"""Exact facts about the raw bytes of a text file, found at memory speed."""

import numpy as np

_STEP = 1 << 18
_QUOTE, _NEWLINE, _RETURN, _ZERO = 34, 10, 13, 48


def has_leading_zeros(body: memoryview, delimiter: str) -> bool:
    """Tell whether a field may begin like "007" (or "0x1F"), with or without a sign.

    Never misses one; a few that are none (within quoted text) do no harm,
    since columns are then looked at one by one.
    """
    data = np.frombuffer(body, np.uint8)
    openers = {_QUOTE, _NEWLINE, _RETURN, 32, ord(delimiter)}
    for start in range(0, len(data), _STEP):
        piece = data[max(start - 2, 0) : start + _STEP + 1]
        at = np.flatnonzero(piece[:-1] == _ZERO)
        if not len(at):
            continue
        following = piece[at + 1]
        at = at[((following - _ZERO) < 10) | ((following | 32) == 120)]
        at = at[at > 0]
        before = piece[at - 1]
        signed = (before == 43) | (before == 45)
        if np.isin(before[~signed], list(openers)).any():
            return True
        deeper = at[signed] - 2
        if np.isin(piece[deeper[deeper >= 0]], list(openers)).any():
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
