"""On what terms arms are compared where a label is no class: metrics, the one that decides, margin, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Task
from augmentors.evaluate.free_arms import PLAIN
from augmentors.learners.label_metrics import LABEL_METRICS, LOWER, MACRO_AP
from augmentors.learners.target_metrics import MACRO, TARGET_METRICS

PRIMARY_LEARNER = "boosting"


@dataclass(frozen=True)
class Terms:
    """The terms of a task; the learner that decides is histogram gradient boosting in each.

    Parameters
    ----------
    task : {"regression", "multilabel"}
    metrics : dict of str to str
        Titles by key.
    lower : frozenset of str
        Metrics of which less is better.
    primary : str
        Metric that decides.
    margin : float
        Smallest change that counts: a share of plain's mean where `relative`.
    relative : bool
        Whether differences are shares of the plain arm's mean.
    own : str
        Metric of single ranges or labels.
    noun, what : str
        What the parts of the data are called, and what decides, in words.
    """

    task: Task
    metrics: Mapping[str, str]
    lower: frozenset[str]
    primary: str
    margin: float
    relative: bool
    own: str
    noun: str
    what: str

    def said(self, change: float) -> str:
        """Return a change with its sign: per cent where relative, else points.

        Examples
        --------
        >>> REGRESSION.said(-0.0312), MULTILABEL.said(0.0001)
        ('-3.1 %', '0.0 points')
        """
        rounded = round(100 * change, 1)
        return f"{rounded:+.1f} {self.unit}" if rounded else f"0.0 {self.unit}"

    @property
    def unit(self) -> str:
        """Unit of a change."""
        return "%" if self.relative else "points"

    @property
    def sign(self) -> int:
        """1 where more of the metric that decides is better, −1 where less is."""
        return -1 if self.primary in self.lower else 1

    def scale(self, plain: np.ndarray) -> float:
        """Return what differences are divided by."""
        return (float(np.nanmean(plain)) or float("nan")) if self.relative else 1.0

    def gains(self, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return by how much each arm but plain is better on each fold, by the metric that decides."""
        plain = values[PLAIN]
        scale = self.scale(plain)
        return {arm: self.sign * (own - plain) / scale for arm, own in values.items() if arm != PLAIN}


REGRESSION = Terms(
    "regression",
    TARGET_METRICS,
    frozenset(TARGET_METRICS),
    MACRO,
    0.02,
    True,
    "mae",
    "ranges",
    "the error of histogram gradient boosting, each range counting the same,",
)
MULTILABEL = Terms(
    "multilabel",
    LABEL_METRICS,
    LOWER,
    MACRO_AP,
    0.01,
    False,
    "average_precision",
    "labels",
    "the average precision of histogram gradient boosting, each label counting the same,",
)
TERMS: dict[Task, Terms] = {"regression": REGRESSION, "multilabel": MULTILABEL}
