"""Images as the square RGB pixels that the encoders look at."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.explore.embeddings import as_rgb
from augmentors.explore.images import image_facts, read_reduced

MOST_IMAGES = 20_000
SMALL_SIDE = 40
LOOKED_AT = 200


def squares(images: Sequence[np.ndarray], side: int) -> np.ndarray:
    """Return pixels of any size and colours squeezed to squares, uint8, shape (n, side, side, 3)."""
    made = np.empty((len(images), side, side, 3), np.uint8)
    for i, pixels in enumerate(images):
        made[i] = _square(pixels, side)
    return made


def read_squares(rows: Dataset, at: np.ndarray, side: int, job: Job) -> np.ndarray:
    """Return the images at these positions as squares, uint8, shape (n, side, side, 3)."""
    made = np.empty((len(at), side, side, 3), np.uint8)
    for place, i in enumerate(at):
        job.check()
        made[place] = _square(read_reduced(rows.image_path(int(i)), side), side)
        job.progress((place + 1) / len(at), f"Read {place + 1:,} of {len(at):,} images")
    return made


def chosen(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the positions of the images trained on, ascending: all of them, or as many as fit into memory."""
    return np.arange(n) if n <= MOST_IMAGES else np.sort(rng.permutation(n)[:MOST_IMAGES])


def natural_side(rows: Dataset) -> int:
    """Return 32 where the images are small, else 64."""
    at = range(0, len(rows), max(len(rows) // LOOKED_AT, 1))
    facts = [image_facts(rows.image_path(i)) for i in at]
    return 32 if np.median([max(one.width, one.height) for one in facts]) <= SMALL_SIDE else 64


def as_tensor(pixels: np.ndarray) -> Any:
    """Return uint8 images (n, side, side, 3) as a tensor (n, 3, side, side) in [0, 1]."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))).float() / 255


class Passes:
    """Batches of positions from shuffled passes over n samples."""

    def __init__(self, n: int, batch: int, rng: np.random.Generator) -> None:
        self._n, self._size, self._rng = n, min(batch, n), rng
        self._queue = np.empty(0, np.int64)

    def next(self) -> np.ndarray:
        """Return the positions of the next batch."""
        if len(self._queue) < self._size:
            self._queue = np.concatenate([self._queue, self._rng.permutation(self._n)])
        batch, self._queue = self._queue[: self._size], self._queue[self._size :]
        return batch


def _square(pixels: np.ndarray, side: int) -> np.ndarray:
    import cv2

    how = cv2.INTER_AREA if max(pixels.shape[:2]) > side else cv2.INTER_LINEAR
    return cv2.resize(as_rgb(pixels), (side, side), interpolation=how)
