"""The result of a comparison: scores per arm and learner, and paired differences, each with its interval."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from augmentors.evaluate.arms import Arm
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.scoring import FitFailed, FitScores
from augmentors.evaluate.statistics import Interval, corrected_interval
from augmentors.learners.base import LearnerCard
from augmentors.learners.metrics import BOUNDS, COST, METRICS

METHOD = (
    "Means over the fits of all folds and repeats. Intervals: 95 %, Nadeau–Bengio correction for overlapping "
    "training parts; on the test part the variance over bootstraps of it is added. Where all fits and bootstraps gave "
    "one and the same value no interval is given: that is too little to say how sure it is, not certainty."
)
FEW = 10
# Beside the metrics, on the held-out folds: macro-F1 of every arm after its thresholds were tuned.
TUNED = "tuned_macro_f1"
Name = tuple[str, str | None]


@dataclass(frozen=True)
class Comparison:
    """Arms × learners, measured on the same folds of one training part and one untouched test part.

    Parameters
    ----------
    facts : dict
        Plain facts: kind, dataset_fingerprint, split_hash, seed, repeats, folds, train, test.
    classes : list of str
    support : dict of str to int
        Test samples per class.
    recall_grid : ndarray
        Where precision-recall curves are read.
    arms : tuple of Arm
    learners : tuple of LearnerCard
    fits : list of FitScores
    left_out_ratio : float
        n₂/n₁ of the Nadeau–Bengio correction.
    notes : list of str
    failures : list of FitFailed
        Fits that ended in an error; their arm is left out for their learner.
    has_costs : bool
        Whether a cost matrix was given.
    decisions : DecisionScores, optional
        What thresholds and costs are chosen on; None where there is too much of it.
    """

    facts: dict[str, Any]
    classes: list[str]
    support: dict[str, int]
    recall_grid: np.ndarray
    arms: tuple[Arm, ...]
    learners: tuple[LearnerCard, ...]
    fits: list[FitScores]
    left_out_ratio: float
    notes: list[str] = field(default_factory=list)
    failures: list[FitFailed] = field(default_factory=list)
    has_costs: bool = False
    decisions: DecisionScores | None = None

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is measured on the test part."""
        return (*METRICS, COST) if self.has_costs else METRICS

    @property
    def fold_metrics(self) -> tuple[str, ...]:
        """What is measured on the held-out folds."""
        return (*self.metrics, TUNED)

    def of(self, arm: str, learner: str) -> list[FitScores]:
        """Return the fits of one arm and learner, in the order of repeats and folds."""
        return [fit for fit in self.fits if fit.arm == arm and fit.learner == learner]

    def score(self, arm: str, learner: str, metric: str, label: str | None = None) -> Interval:
        """Return a score on the test part; of one class when `label` is given."""
        fits = self.of(arm, learner)
        values = fit_values(fits, (metric, label), "test")
        return self._interval(values, _resampled_mean(fits, (metric, label))).within(*bounds(metric))

    def difference(self, arm: str, learner: str, metric: str, label: str | None = None) -> Interval:
        """Return arm minus plain on the test part, paired by fit and by bootstrap."""
        ours, theirs, name = self.of(arm, learner), self.of(PLAIN, learner), (metric, label)
        values = fit_values(ours, name, "test") - fit_values(theirs, name, "test")
        return self._interval(values, _resampled_mean(ours, name) - _resampled_mean(theirs, name))

    def fold_score(self, arm: str, learner: str, metric: str) -> Interval:
        """Return a score on the held-out folds of the training part."""
        values = fit_values(self.of(arm, learner), (metric, None), "held_out")
        return corrected_interval(values, self.left_out_ratio).unless_flat().within(*bounds(metric))

    def fold_difference(self, arm: str, learner: str, metric: str) -> Interval:
        """Return arm minus plain on the held-out folds of the training part."""
        return corrected_interval(self.fold_gaps(arm, learner, metric), self.left_out_ratio).unless_flat()

    def fold_gaps(
        self, arm: str, learner: str, metric: str, label: str | None = None, against: str = PLAIN
    ) -> np.ndarray:
        """Return arm minus another arm on each held-out fold, shape (J,); of one class when `label` is given."""
        ours, theirs = self.of(arm, learner), self.of(against, learner)
        return fit_values(ours, (metric, label), "held_out") - fit_values(theirs, (metric, label), "held_out")

    def _interval(self, values: np.ndarray, resampled: np.ndarray) -> Interval:
        variance = float(np.var(resampled, ddof=1)) if np.isfinite(resampled).all() else 0.0
        return corrected_interval(values, self.left_out_ratio, variance).unless_flat()

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain, documented JSON; see `comparison_json`."""
        from augmentors.evaluate.comparison_json import as_json

        return as_json(self)

    def runs(self) -> list[tuple[Arm, LearnerCard]]:
        """Return arms with the learners that were measured in them."""
        there = {(fit.arm, fit.learner) for fit in self.fits}
        return [(arm, card) for card in self.learners for arm in self.arms if (arm.name, card.key) in there]

    def contrasts(self) -> list[tuple[Arm, LearnerCard]]:
        """Return what is compared with the plain arm."""
        return [(arm, card) for arm, card in self.runs() if arm.name != PLAIN]


def fit_values(fits: list[FitScores], name: Name, where: str) -> np.ndarray:
    """Return one value per fit, shape (J,)."""
    metric, label = name
    results = [getattr(fit, where) for fit in fits]
    return np.array([r[metric] if label is None else r["per_class"][label][metric] for r in results])


def _resampled_mean(fits: list[FitScores], name: Name) -> np.ndarray:
    """Return the mean over fits for each bootstrap of the test part, shape (b,)."""
    return np.mean([fit.resampled[name] for fit in fits], axis=0)


def bounds(metric: str) -> tuple[float, float]:
    """Return what a metric can be."""
    return BOUNDS.get(metric, (0.0, 1.0))


def known_mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
