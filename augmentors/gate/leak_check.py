"""The one look at the test part: accepted samples that copy a test sample are dropped, counted and shown.

It runs at the very end and never tunes, ranks or steers anything.
"""

from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.near_copies import near_index


@dataclass(frozen=True)
class LeakReport:
    """How many accepted samples copied a test sample.

    Parameters
    ----------
    checked, dropped : int
    pairs : tuple of (str, str)
        New sample and the test sample it copied, at most 50.
    """

    checked: int
    dropped: int
    pairs: tuple[tuple[str, str], ...]


class LeakCheck:
    """Looks accepted samples up in the test part, piece by piece.

    Parameters
    ----------
    train : Dataset
        Gives the scales by which table rows are compared.
    test : Dataset
    """

    def __init__(self, train: Dataset, test: Dataset) -> None:
        self._index = near_index(test, train) if len(test) else None
        self._checked, self._dropped = 0, 0
        self._pairs: list[tuple[str, str]] = []

    def keep(self, samples: Samples) -> np.ndarray:
        """Return a keep mask of shape (n,)."""
        self._checked += len(samples)
        if self._index is None or not len(samples):
            return np.ones(len(samples), dtype=bool)
        distance, names = self._index.query(samples)
        leaked = distance <= self._index.tolerance
        self._dropped += int(leaked.sum())
        ids = samples.frame.index.to_numpy(dtype=object)
        self._pairs += list(zip(ids[leaked].tolist(), names[leaked].tolist(), strict=True))
        return ~leaked

    @property
    def report(self) -> LeakReport:
        """What was found so far."""
        return LeakReport(self._checked, self._dropped, tuple(self._pairs[:50]))


def leak_check(samples: Samples, train: Dataset, test: Dataset) -> tuple[np.ndarray, LeakReport]:
    """Return a keep mask of shape (n,) and the report, in one go."""
    check = LeakCheck(train, test)
    mask = check.keep(samples)
    return mask, check.report
