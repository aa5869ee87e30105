"""Rejects exact or near copies of real training samples."""

from typing import Self

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.check import Check, Measure
from augmentors.gate.near_copies import Looks, near_index


class Copies(Check):
    """A new sample that is (nearly) a real training sample adds nothing and hides as new."""

    key = "copies"
    title = "Copy of a real sample"

    def fit(self, train: Dataset, targets: list[str]) -> Self:
        # Reading every image of a large class costs minutes; a copy can only come from the planned classes.
        if train.kind == "image":
            train = train.take(train.ids[np.isin(train.labels, targets)])
        self._index = near_index(train, train)
        return self

    def measure(self, samples: Samples, looks: Looks | None = None) -> Measure:
        distance, names = self._index.query(samples, looks)
        fails = distance <= self._index.tolerance
        detail = np.where(fails, "is a copy, or nearly one, of the real training sample " + names.astype(str), "")
        return Measure(distance, fails, self._index.tolerance, names, detail.astype(object))
