"""The contract of a check."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.near_copies import Looks


@dataclass(frozen=True)
class Measure:
    """What a check found on some samples.

    Parameters
    ----------
    value : ndarray of float64, shape (n,)
    fails : ndarray of bool, shape (n,)
    threshold : float
    nearest : ndarray of object, shape (n,)
        Id of the nearest real sample, '' where the check knows none.
    detail : ndarray of object, shape (n,)
        One sentence per failing sample, '' elsewhere.
    excused : ndarray of bool, shape (n,), optional
        Failures that are told of a real sample and do not reject it; none when left out.
    """

    value: np.ndarray
    fails: np.ndarray
    threshold: float
    nearest: np.ndarray
    detail: np.ndarray
    excused: np.ndarray | None = None

    def split(self, are_real: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return which samples are rejected, and which are real ones that are told of instead."""
        if not are_real or self.excused is None:
            return self.fails, np.zeros_like(self.fails)
        return self.fails & ~self.excused, self.fails & self.excused


class Check(ABC):
    """One rule of the gate: fitted on training rows, measures new samples one by one."""

    key: ClassVar[str]
    title: ClassVar[str]
    # Whether there is nothing to judge by on this data: then no sample gets a score of it.
    idle: bool = False

    @abstractmethod
    def fit(self, train: Dataset, targets: list[str]) -> Self:
        """Learn what is normal from the training part (for the classes planned)."""

    @abstractmethod
    def measure(self, samples: Samples, looks: Looks | None = None) -> Measure:
        """Measure each sample on its own, so that results do not depend on the batch; images by their looks."""


def no_names(n: int) -> np.ndarray:
    """Return n empty strings."""
    return np.full(n, "", dtype=object)
