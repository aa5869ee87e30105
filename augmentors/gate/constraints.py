"""Rejects rows of tables that break a rule which every training row obeys."""

from dataclasses import replace
from typing import Self

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.explore.constraints import constraints_of
from augmentors.gate.check import Check, Measure, no_names
from augmentors.gate.near_copies import Looks


class Constraints(Check):
    """Equal columns, one-hot groups, sums, orders (a ≤ b) and deciding categories, as detected in the training part."""

    key = "constraints"
    title = "Breaks a rule of the data"

    def fit(self, train: Dataset, targets: list[str]) -> Self:
        self._rules = constraints_of(train)
        self.idle = not self._rules
        return self

    def measure(self, samples: Samples, looks: Looks | None = None) -> Measure:
        detail = no_names(len(samples))
        broken = np.zeros(len(samples))
        for rule in self._rules:
            wrong = rule.broken(samples.frame)
            detail[wrong & (broken == 0)] = f"breaks the rule that {rule}, which every training row obeys"
            apart = wrong & (broken == 0) & ~replace(rule, gaps=None).broken(samples.frame)
            detail[apart] = f"keeps to {rule}, but the two differ by more or less than in any training row"
            broken += wrong
        # That every training row obeys a rule does not make a real row that breaks it less real.
        return Measure(broken, broken > 0, 0.0, no_names(len(samples)), detail, broken > 0)
