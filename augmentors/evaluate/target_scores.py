"""Scores of one model of a numeric target on the test part and on the held-out fold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.ranges import Ranges
from augmentors.evaluate.regenerate import Refused
from augmentors.learners.target_metrics import MACRO, RARE, range_biases, range_errors, target_scores

BOOTSTRAPS = 100


@dataclass(frozen=True)
class TargetFit:
    """What one fit was trained on and how far its predictions are off.

    Parameters
    ----------
    arm, learner : str
    repeat, fold : int
    n_fit : int
        Real rows it was trained on.
    used : int
        New rows beside them.
    refused : tuple of (str, str)
        Ranges for which an augmenter did not apply in this fold, with the reason.
    test, held_out : dict of str to float
    per_class : dict of str to dict
        {metric: {range or label: value}} on the test part.
    fold_per_class : dict of str to float
        The metric of single ranges or labels, on the held-out fold.
    resampled : dict of str to ndarray, shape (B,)
        Metrics on bootstraps of the test part.
    """

    arm: str
    learner: str
    repeat: int
    fold: int
    n_fit: int
    used: int
    refused: Refused
    test: dict[str, float]
    held_out: dict[str, float]
    per_class: dict[str, dict[str, float]]
    fold_per_class: dict[str, float]
    resampled: dict[str, np.ndarray]


@dataclass(frozen=True)
class TargetTest:
    """The untouched test part, and bootstraps of it that all fits share.

    Parameters
    ----------
    data : Dataset
    draws : ndarray of float32, shape (B, n)
        How often each row is in each bootstrap.
    """

    data: Dataset
    draws: np.ndarray

    @property
    def ranges(self) -> Ranges:
        """The ranges of the target."""
        assert self.data.schema.ranges is not None, "ranges are frozen with the split"
        return self.data.schema.ranges

    @property
    def names(self) -> tuple[str, ...]:
        """The ranges, lowest first."""
        return self.ranges.names

    @property
    def rare(self) -> tuple[bool, ...]:
        """Whether each range is rare."""
        return self.ranges.rare

    @property
    def support(self) -> list[int]:
        """Test rows in each range."""
        return [int(n) for n in self._in_range.sum(axis=0)]

    @property
    def notes(self) -> list[str]:
        """What to know of these scores."""
        none = "No range is rare here, so the error in rare ranges and the area are not told."
        return [self.ranges.sentence, *([] if any(self.rare) else [none])]

    @cached_property
    def _in_range(self) -> np.ndarray:
        """Return whether each row lies in each range, shape (n, k)."""
        return self.ranges.codes(self.data.targets)[:, None] == np.arange(len(self.ranges.names))

    def measured(self, predicted: np.ndarray, held_out: Dataset, held_predicted: np.ndarray) -> dict[str, object]:
        """Return the fields of `TargetFit` that come from predictions."""
        true, ranges = self.data.targets, self.ranges
        return {
            "test": target_scores(true, predicted, ranges),
            "held_out": target_scores(held_out.targets, held_predicted, ranges),
            "per_class": {
                "mae": range_errors(true, predicted, ranges),
                "bias": range_biases(true, predicted, ranges),
            },
            "fold_per_class": range_errors(held_out.targets, held_predicted, ranges),
            "resampled": self._resampled(np.abs(predicted - true)),
        }

    def _resampled(self, errors: np.ndarray) -> dict[str, np.ndarray]:
        """Return each metric on each bootstrap: ratios of sums, so a few matrix products give them all."""
        inside = self._in_range
        rare = inside[:, np.asarray(self.ranges.rare)].any(axis=1)
        relevance = self.ranges.relevances(self.data.targets)
        sums = np.column_stack([errors, errors**2, relevance * errors**2, errors * rare, rare])
        total, squared, relevant, rare_sum, rare_rows = (self.draws @ sums).T
        n = len(errors)
        with np.errstate(divide="ignore", invalid="ignore"):
            by_range = (self.draws @ (inside * errors[:, None])) / (self.draws @ inside.astype(np.float64))
            rare_mean = rare_sum / rare_rows
        known = np.isfinite(by_range)
        macro = np.where(known, by_range, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return {
            MACRO: macro,
            RARE: rare_mean,
            "mae": total / n,
            "rmse": np.sqrt(squared / n),
            "sera": relevant / n,
        }


def bootstraps(n: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each of n rows is in each bootstrap, shape (B, n), float32."""
    draws = np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(BOOTSTRAPS)])
    return draws.astype(np.float32)
