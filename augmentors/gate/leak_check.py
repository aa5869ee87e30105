"""The one look at the test part: accepted samples that copy a test sample are dropped, counted and shown.

It runs at the very end and never tunes, ranks or steers anything.
"""

from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.near_copies import Looks, near_index


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


def leak_check(
    samples: Samples, train: Dataset, test: Dataset, looks: Looks | None = None
) -> tuple[np.ndarray, LeakReport]:
    """Return a keep mask of shape (n,) and the report.

    Parameters
    ----------
    samples : Samples
        Accepted new samples.
    train : Dataset
        Gives the scales by which table rows are compared.
    test : Dataset
    looks : Looks, optional
        Of images whose pixels the samples no longer hold.
    """
    if not len(samples) or not len(test):
        return np.ones(len(samples), dtype=bool), LeakReport(len(samples), 0, ())
    index = near_index(test, train)
    distance, names = index.query(samples, looks)
    leaked = distance <= index.tolerance
    ids = samples.frame.index.to_numpy(dtype=object)
    pairs = list(zip(ids[leaked].tolist(), names[leaked].tolist(), strict=True))
    return ~leaked, LeakReport(len(samples), len(pairs), tuple(pairs[:50]))
