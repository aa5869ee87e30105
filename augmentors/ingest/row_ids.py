"""Ids of rows: "r0", "r1", … written straight into Arrow's buffers."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

_BLOCK = 10_000
# The last four digits of every number, each in one number of four bytes.
_LAST = np.array([f"{number:04}" for number in range(_BLOCK)], "S4").view(np.uint32)
_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)


def row_ids(numbers: np.ndarray) -> pa.LargeStringArray:
    """Return "r" and the number, for ascending row numbers, shape (n,).

    Examples
    --------
    >>> row_ids(np.array([0, 9, 10, 123])).to_pylist()
    ['r0', 'r9', 'r10', 'r123']
    """
    # Ascending numbers: those of one length lie together.
    bounds = [0, *np.searchsorted(numbers, _POWERS).tolist(), len(numbers)]
    size = sum((high - low) * (width + 1) for width, (low, high) in enumerate(pairwise(bounds), start=1))
    # Arrow's own memory is at hand already, the system's comes page by page.
    characters, offsets = pa.allocate_buffer(size), pa.allocate_buffer(8 * (len(numbers) + 1))
    signs, ends = np.frombuffer(characters, np.uint8), np.frombuffer(offsets, np.int64)
    ends[0] = 0
    for width, (low, high) in enumerate(pairwise(bounds), start=1):
        for start, stop in _blocks(numbers, low, high):
            first, last = int(ends[start]), int(ends[start]) + (stop - start) * (width + 1)
            ends[start + 1 : stop + 1] = np.arange(first + width + 1, last + 1, width + 1)
            signs[first:last] = _written(numbers[start:stop], width)
    return pa.LargeStringArray.from_buffers(len(numbers), offsets, characters)


def _blocks(numbers: np.ndarray, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of numbers that share all but their last four digits."""
    while low < high:
        end = (int(numbers[low]) // _BLOCK + 1) * _BLOCK
        stop = min(int(np.searchsorted(numbers, end)), high)
        yield low, stop
        low = stop


def _written(numbers: np.ndarray, width: int) -> np.ndarray:
    """Return the characters of numbers of one block, shape (n * (width + 1),)."""
    start = int(numbers[0]) // _BLOCK
    last = _LAST[numbers - start * _BLOCK]
    if width <= 4:
        digits = last.view(np.uint8).reshape(-1, 4)
        return np.insert(digits[:, 4 - width :], 0, ord("r"), axis=1).reshape(-1)
    same = f"r{start}".encode()
    signs: np.ndarray = np.empty(len(numbers), [*((str(at), np.uint8) for at in range(len(same))), ("last", np.uint32)])
    for at, sign in enumerate(same):
        signs[str(at)] = sign
    signs["last"] = last
    return signs.view(np.uint8)
