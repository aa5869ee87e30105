"""Ids of rows: "r0", "r1", … written straight into Arrow's buffers."""

import numpy as np
import pyarrow as pa

_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)


def row_ids(numbers: np.ndarray) -> pa.LargeStringArray:
    """Return "r" and the number, for ascending row numbers, shape (n,).

    Examples
    --------
    >>> row_ids(np.array([0, 9, 10, 123])).to_pylist()
    ['r0', 'r9', 'r10', 'r123']
    """
    digits = np.searchsorted(_POWERS, numbers, side="right") + 1
    pieces = [np.empty(0, np.uint8)]
    # Ascending numbers: those of one length lie together.
    for width in np.unique(digits):
        low, high = np.searchsorted(digits, [width, width + 1])
        pieces.append(_written(numbers[low:high], int(width)).ravel())
    offsets = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(digits + 1, out=offsets[1:])
    characters = pa.py_buffer(np.concatenate(pieces))
    return pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), characters)


def _written(numbers: np.ndarray, width: int) -> np.ndarray:
    """Return the characters of numbers of one length, shape (n, width + 1)."""
    signs = np.empty((len(numbers), width + 1), np.uint8)
    signs[:, 0] = ord("r")
    rest: np.ndarray = numbers.astype(np.uint32 if width < 10 else np.uint64)
    for at in range(width, 0, -1):
        smaller = rest // 10
        signs[:, at] = np.subtract(rest, smaller * 10) + ord("0")
        rest = smaller
    return signs
