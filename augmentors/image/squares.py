"""Images of any size as squares of one size, for nets that see only those, and back."""

import numpy as np

NEARLY = 0.75


def to_square(pixels: np.ndarray, side: int) -> np.ndarray:
    """Return an image as a square: padded by its edges where it nearly fills it, else resized.

    Padding loses nothing: a 28 × 28 image comes back from 32 × 32 as it was.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width) or (height, width, 3)
    side : int

    Returns
    -------
    ndarray of uint8, shape (side, side) or (side, side, 3)
    """
    import cv2

    height, width = pixels.shape[:2]
    if _pads(height, width, side):
        top, left = (side - height) // 2, (side - width) // 2
        edges = (top, side - height - top, left, side - width - left)
        return cv2.copyMakeBorder(pixels, *edges, cv2.BORDER_REPLICATE)
    how = cv2.INTER_AREA if max(height, width) > side else cv2.INTER_LINEAR
    return cv2.resize(pixels, (side, side), interpolation=how)


def from_square(square: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return a square as an image of this size: what `to_square` did is undone."""
    import cv2

    side = len(square)
    if _pads(height, width, side):
        top, left = (side - height) // 2, (side - width) // 2
        return np.ascontiguousarray(square[top : top + height, left : left + width])
    how = cv2.INTER_AREA if max(height, width) < side else cv2.INTER_CUBIC
    return cv2.resize(square, (width, height), interpolation=how)


def _pads(height: int, width: int, side: int) -> bool:
    return NEARLY * side <= min(height, width) and max(height, width) <= side
