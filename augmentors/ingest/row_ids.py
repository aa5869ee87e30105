"""Ids of rows: "r0", "r1", … written straight into Arrow's buffers."""

from itertools import pairwise

import numpy as np
import pyarrow as pa

_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)
# The digits of 0 to 9, 99 and 9999 as they are written, each in one number.
_DIGITS = {
    size: np.array([f"{number:0{size}}" for number in range(10**size)], f"S{size}").view(f"u{size}")
    for size in (1, 2, 4)
}


def row_ids(numbers: np.ndarray) -> pa.LargeStringArray:
    """Return "r" and the number, for ascending row numbers, shape (n,).

    Examples
    --------
    >>> row_ids(np.array([0, 9, 10, 123])).to_pylist()
    ['r0', 'r9', 'r10', 'r123']
    """
    # Ascending numbers: those of one length lie together.
    bounds = [0, *np.searchsorted(numbers, _POWERS), len(numbers)]
    pieces = [np.empty(0, np.uint8)]
    offsets = np.zeros(len(numbers) + 1, np.int64)
    for width, (low, high) in enumerate(pairwise(bounds), start=1):
        if low < high:
            pieces.append(_written(numbers[low:high], width))
            offsets[low + 1 : high + 1] = offsets[low] + np.arange(1, high - low + 1) * (width + 1)
    characters = pa.py_buffer(np.concatenate(pieces))
    return pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), characters)


def _written(numbers: np.ndarray, width: int) -> np.ndarray:
    """Return the characters of numbers of one length, shape (n * (width + 1),)."""
    sizes = [4] * (width // 4) + [2] * (width % 4 // 2) + [1] * (width % 2)
    # The last digits come first: they are split off the number in this order.
    fields = [("letter", "u1"), *((str(at), f"u{size}") for at, size in reversed(list(enumerate(sizes))))]
    signs: np.ndarray = np.empty(len(numbers), np.dtype(fields))
    signs["letter"] = ord("r")
    rest: np.ndarray = numbers.astype(np.uint32 if width < 10 else np.uint64)
    for at, size in enumerate(sizes):
        base = rest.dtype.type(10**size)
        smaller = rest // base
        signs[str(at)] = _DIGITS[size][rest - smaller * base]
        rest = smaller
    return signs.view(np.uint8)
