"""What all augmenters of images share: parents are decoded once, images are handed over one by one."""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import PATH_COLUMN
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.explore.images import read_pixels

# Decoded second parents that are kept at hand: a few dozen photographs, or a whole class of small pictures.
KEPT_BYTES = 32 * 2**20

OneImage = tuple[int, np.ndarray, dict[str, object]]


class ImageAugmenter(Augmenter):
    """An augmenter that makes one image after the other; authors write `_draw` and `_each_image`."""

    @abstractmethod
    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        """Yield place, image and trace of each sample; the places may come in any order."""

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        images: list[np.ndarray] = [np.empty(0)] * len(draws)
        trace: list[dict[str, object]] = [{}] * len(draws)
        for place, image, told in self._each_image(target, draws, job):
            images[place], trace[place] = image, told
        return Made(pd.DataFrame(index=range(len(draws))), images, trace)

    def _with_parents(self, parents: np.ndarray, job: Job) -> Iterator[tuple[int, list[np.ndarray]]]:
        """Yield the place and the decoded parents of each sample, in the order of the first parents.

        Parameters
        ----------
        parents : ndarray of int64, shape (n, p)
            Row positions in the training part; -1 has no pixels and is left out.
        """
        files = self._files(parents)
        first, others = _Decoded(files, 0), _Decoded(files, KEPT_BYTES)
        for place in np.argsort(parents[:, 0], kind="stable").tolist():
            job.check()
            own, *rest = parents[place].tolist()
            yield place, [first.pixels(own), *(others.pixels(i) for i in rest if i >= 0)]

    def _files(self, parents: np.ndarray) -> dict[int, Path]:
        """Return the file of each parent: one look at the column instead of one per image."""
        assert self.train.root is not None, "only image datasets have files"
        unique = np.unique(parents[parents >= 0])
        paths = self.train.frame[PATH_COLUMN].iloc[unique].tolist()
        return {int(i): self.train.root / path for i, path in zip(unique, paths, strict=True)}


class _Decoded:
    """Decodes files and keeps the last ones, at least one, for those who ask again."""

    def __init__(self, files: dict[int, Path], kept_bytes: int) -> None:
        self._files, self._room = files, kept_bytes
        self._kept: OrderedDict[int, np.ndarray] = OrderedDict()
        self._bytes = 0

    def pixels(self, position: int) -> np.ndarray:
        """Return the pixels of a row's image, not to be written to."""
        if position in self._kept:
            self._kept.move_to_end(position)
            return self._kept[position]
        while self._kept and self._bytes > self._room:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
        pixels = read_pixels(self._files[position])
        pixels.setflags(write=False)
        self._kept[position] = pixels
        self._bytes += pixels.nbytes
        return pixels


def evenly(positions: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return n of these positions, each drawn equally often but for one.

    Examples
    --------
    >>> sorted(evenly(np.array([3, 8]), 4, np.random.default_rng(0)).tolist())
    [3, 3, 8, 8]
    """
    rounds = -(-n // len(positions))
    return np.concatenate([rng.permutation(positions) for _ in range(rounds)])[:n]


def others(first: np.ndarray, positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return for each of these positions another one of the same class.

    Examples
    --------
    >>> others(np.array([4, 7]), np.array([4, 7]), np.random.default_rng(0)).tolist()
    [7, 4]
    """
    rank = np.searchsorted(positions, first)
    step = rng.integers(1, len(positions), size=len(first))
    return positions[(rank + step) % len(positions)]
