"""Rejects rows whose number does not lie in the range they were made for."""

from typing import Self

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.check import Check, Measure, no_names
from augmentors.gate.near_copies import Looks


class TargetRange(Check):
    """The target of a new row lies in its range and among the values seen in training (regression)."""

    key = "target_range"
    title = "Target outside its range"

    def fit(self, train: Dataset, targets: list[str]) -> Self:
        self.idle = train.schema.task != "regression"
        if not self.idle:
            self._schema, self._seen = train.schema, (train.targets.min(), train.targets.max())
        return self

    def measure(self, samples: Samples, looks: Looks | None = None) -> Measure:
        values = samples.frame[self._schema.label].to_numpy(dtype=np.float64)
        wanted, name = samples.certificate["target"].to_numpy(dtype=object), self._schema.label
        elsewhere = self._schema.labels_of(samples.frame) != wanted
        low, high = self._seen
        beyond = (values < low) | (values > high)
        detail = no_names(len(samples))
        for at in np.flatnonzero(elsewhere):
            detail[at] = f"'{name}' is {values[at]:.6g}, outside the range '{wanted[at]}' that it was made for"
        for at in np.flatnonzero(beyond):
            detail[at] = f"'{name}' is {values[at]:.6g}, outside {low:.6g} to {high:.6g}, the range seen in training"
        fails = elsewhere | beyond
        return Measure(fails.astype(float), fails, 0.0, no_names(len(samples)), detail)
