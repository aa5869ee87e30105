"""Pairs of images of a class that lie near each other in some space: what both image SMOTEs draw from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.explore.neighbours import nearest
from augmentors.image.albumentations_base import evenly

K_NEIGHBORS: Any = Field(
    5,
    ge=1,
    le=50,
    title="Neighbours",
    description="How many nearest images of the class may be the second parent.",
    json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}, "probe": 1},
)
LEAST_SHARE: Any = Field(
    0.2,
    ge=0,
    le=0.5,
    title="Least share",
    description="How much each of the two parents counts at least; 0.5 lands halfway between them.",
    json_schema_extra={"tune": {"low": 0.0, "high": 0.4}, "probe": 0.4},
)


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


class NeighbourAugmenter(Augmenter):
    """Base of the augmenters that make an image between two neighbours of a class."""

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = train.class_counts.get(target, 0)
        if count < 2:
            raise NotApplicable(f"{self.card.title} needs 2 images of a class; '{target}' has {count}.")

    def _neighbours(self, target: str, wanted: int, vectors: Callable[[np.ndarray], np.ndarray]) -> ClassNeighbours:
        """Return the neighbours of a class; with fewer images than wanted, a note says so.

        Parameters
        ----------
        target : str
        wanted : int
            Neighbours per image.
        vectors : callable
            Takes row positions, returns their vectors.
        """
        own = self.train.positions(target)
        k = min(wanted, len(own) - 1)
        if k < wanted:
            self._note(target, f"{len(own)} images of '{target}' are too few for {wanted} neighbours; using {k}.")
        return ClassNeighbours.of(own, vectors(own), k)
