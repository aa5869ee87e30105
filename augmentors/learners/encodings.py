"""What was learnt about inputs in one fit, for the next arm or learner that is trained on the same samples."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples

MAX_BYTES = 128 * 2**20
T = TypeVar("T")


class Encodings:
    """Scales, categories and words learnt from some samples, and samples as numbers, until there are too many.

    Weights, thresholds and ensembles leave the training samples as they are, so what a fit learns about its inputs
    (without labels) is the same in all of these arms, and in all learners that read samples alike. Samples are known
    by their ids: one of these belongs to one dataset that does not change, and to one set of new samples at most.

    Parameters
    ----------
    most : int
        Bytes of numbers kept; the longest unused go first.
    """

    def __init__(self, most: int = MAX_BYTES) -> None:
        self._most, self._held = most, 0
        self._kept: OrderedDict[tuple[str, ...], tuple[Any, int]] = OrderedDict()

    def of(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Return what is known under a key; made, and kept where it is not too large, when nothing is."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][0]
        made = make()
        size = _size(made)
        if size <= self._most:
            self._kept[key] = (made, size)
            self._held += size
        while self._held > self._most:
            self._held -= self._kept.popitem(last=False)[1][1]
        return made


def samples_key(dataset: Dataset, extra: Samples | None = None) -> str:
    """Return a hash over the ids of samples in their order, new ones last."""
    ids = hashlib.blake2b("\0".join(dataset.ids.tolist()).encode(), digest_size=16)
    if extra is not None:
        ids.update("\0\0".join(extra.frame.index.astype(str)).encode())
    return ids.hexdigest()


def _size(made: Any) -> int:
    """Return bytes of the arrays and sparse matrices in a result."""
    if isinstance(made, tuple):
        return sum(map(_size, made))
    if isinstance(made, np.ndarray):
        return made.nbytes
    return sum(getattr(made, part).nbytes for part in ("data", "indices", "indptr") if hasattr(made, part))
