"""Pairs of images of a class that lie near each other in some space: what both image SMOTEs draw from."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from augmentors.core.samples import Draws
from augmentors.explore.neighbours import nearest
from augmentors.image.albumentations_base import evenly


@dataclass(frozen=True)
class ClassNeighbours:
    """The images of a class, their vectors, and the nearest others of each.

    Parameters
    ----------
    own : ndarray of int64, shape (n,)
        Row positions of the class, ascending.
    vectors : ndarray of float64, shape (n, d)
    mates : ndarray of int64, shape (n, k)
        Places (in `own`) of the nearest others of each, nearest first.
    """

    own: np.ndarray
    vectors: np.ndarray
    mates: np.ndarray

    @classmethod
    def of(cls, own: np.ndarray, vectors: np.ndarray, k: int) -> Self:
        """Return the neighbours of a class from one vector per image."""
        vectors = np.asarray(vectors, dtype=np.float64)
        return cls(own, vectors, nearest(vectors, k=k)[1])

    def pick(self, n: int, rng: np.random.Generator, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Draw n pairs of places, the first dealt evenly, and the step between them, in [least, 1 - least)."""
        first = evenly(np.arange(len(self.own)), n, rng)
        second = self.mates[first, rng.integers(0, self.mates.shape[1], n)]
        return first, second, least + (1 - 2 * least) * rng.random(n)

    def draws(self, first: np.ndarray, second: np.ndarray, step: np.ndarray) -> Draws:
        """Return draws of two parents each, weighted by the step between them."""
        parents = np.stack([self.own[first], self.own[second]], axis=1)
        return Draws(parents, np.stack([1 - step, step], axis=1), {"step": step})

    def nearest_two(self, first: int, second: int, step: float) -> tuple[int, int, float]:
        """Return the two images nearest to the point between two others, and how far it lies from one to the other.

        Parameters
        ----------
        first, second : int
            Places in `own`.
        step : float
            How far the point lies from the first to the second.

        Returns
        -------
        nearest, next : int
            Places; ties go to the lower one.
        step : float
            Where the point's foot falls on the line from the nearest to the next, in [0, 1].
        """
        point = (1 - step) * self.vectors[first] + step * self.vectors[second]
        # Row by row, so that what is drawn together never changes a bit.
        gaps = np.einsum("ij,ij->i", self.vectors - point, self.vectors - point)
        one, two = np.argsort(gaps, kind="stable")[:2].tolist()
        line = self.vectors[two] - self.vectors[one]
        length = float(line @ line)
        if length == 0:  # the same picture twice
            return first, second, step
        return one, two, min(max(float((point - self.vectors[one]) @ line) / length, 0.0), 1.0)
