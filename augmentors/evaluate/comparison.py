"""The result of a comparison: scores per arm and learner, paired differences, plain data."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from augmentors.evaluate.arms import PLAIN, Arm
from augmentors.evaluate.scoring import FitScores
from augmentors.evaluate.statistics import Interval, corrected_interval, plain
from augmentors.learners.base import LearnerCard
from augmentors.learners.metrics import CLASS_METRICS, LOWER_IS_BETTER, METRIC_TITLES, METRICS

NOT_JUDGED = {
    "label": "not yet judged",
    "sentence": "These are bare differences: whether they hold up has not been judged yet.",
}
METHOD = (
    "Means over the fits of all folds and repeats. Intervals: 95 %, Nadeau–Bengio correction for overlapping "
    "training parts; on the test part the variance over bootstraps of it is added."
)
FEW = 10
MAX_MATRIX = 100
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

    def of(self, arm: str, learner: str) -> list[FitScores]:
        """Return the fits of one arm and learner, in the order of repeats and folds."""
        return [fit for fit in self.fits if fit.arm == arm and fit.learner == learner]

    def score(self, arm: str, learner: str, metric: str, label: str | None = None) -> Interval:
        """Return a score on the test part; of one class when `label` is given."""
        fits = self.of(arm, learner)
        values = _values(fits, (metric, label), "test")
        return self._interval(values, _resampled_mean(fits, (metric, label))).within(0.0, 1.0)

    def difference(self, arm: str, learner: str, metric: str, label: str | None = None) -> Interval:
        """Return arm minus plain on the test part, paired by fit and by bootstrap."""
        ours, theirs, name = self.of(arm, learner), self.of(PLAIN, learner), (metric, label)
        values = _values(ours, name, "test") - _values(theirs, name, "test")
        return self._interval(values, _resampled_mean(ours, name) - _resampled_mean(theirs, name))

    def fold_score(self, arm: str, learner: str, metric: str) -> Interval:
        """Return a score on the held-out folds of the training part."""
        values = _values(self.of(arm, learner), (metric, None), "held_out")
        return corrected_interval(values, self.left_out_ratio).within(0.0, 1.0)

    def fold_difference(self, arm: str, learner: str, metric: str) -> Interval:
        """Return arm minus plain on the held-out folds of the training part."""
        name = (metric, None)
        ours, theirs = self.of(arm, learner), self.of(PLAIN, learner)
        values = _values(ours, name, "held_out") - _values(theirs, name, "held_out")
        return corrected_interval(values, self.left_out_ratio)

    def _interval(self, values: np.ndarray, resampled: np.ndarray) -> Interval:
        variance = float(np.var(resampled, ddof=1)) if np.isfinite(resampled).all() else 0.0
        return corrected_interval(values, self.left_out_ratio, variance)

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain, documented JSON.

        Returns
        -------
        dict
            ``arms``: per arm and learner ``metrics`` and ``fold_metrics``
            ({metric: {mean, low, high}}), ``per_class`` ({label: {support,
            recall, precision, f1, average_precision}}), ``confusion`` (mean
            counts, rows are true classes in the order of ``classes``; None
            beyond 100 classes), ``pr_curves`` ({label: {recall, precision}})
            and ``synthetic`` ({given: new samples from the whole training part;
            used, least, most: those a fit was trained on, mean and ends;
            originals: real samples beside them, mean; how:
            "made anew" from each fold's training part, "taken over" without
            the children of held-out samples, or None}). ``differences``: arm minus plain
            on the test part, per metric and, with ``class``, per class;
            ``fold_differences``: the same on the held-out folds. ``verdict``.
        """
        return {
            **self.facts,
            "classes": self.classes,
            "support": self.support,
            "metrics": [
                {"key": m, "title": METRIC_TITLES[m], "lower_is_better": m in LOWER_IS_BETTER} for m in METRICS
            ],
            "learners": [{"key": c.key, "title": c.title, "summary": c.summary} for c in self.learners],
            "arms": [self._arm_json(arm, card) for card in self.learners for arm in self.arms],
            "differences": list(self._differences()),
            "fold_differences": list(self._fold_differences()),
            "method": METHOD,
            "notes": self.notes,
            "verdict": dict(NOT_JUDGED),
        }

    def _arm_json(self, arm: Arm, card: LearnerCard) -> dict[str, Any]:
        fits = self.of(arm.name, card.key)
        matrix = np.mean([fit.confusion for fit in fits], axis=0).round(3).tolist()
        return {
            "name": arm.name,
            "title": arm.title,
            "learner": card.key,
            "learner_title": card.title,
            "metrics": {m: self.score(arm.name, card.key, m).to_json() for m in METRICS},
            "fold_metrics": {m: self.fold_score(arm.name, card.key, m).to_json() for m in METRICS},
            "per_class": {label: self._class_json(fits, label) for label in self.classes},
            "confusion": matrix if len(self.classes) <= MAX_MATRIX else None,
            "pr_curves": {label: self._curve_json(fits, label) for label in fits[0].curves},
            "synthetic": _synthetic_json(arm, fits),
        }

    def _class_json(self, fits: list[FitScores], label: str) -> dict[str, Any]:
        means = {m: plain(_mean(_values(fits, (m, label), "test"))) for m in CLASS_METRICS}
        return {"support": self.support[label], **means}

    def _curve_json(self, fits: list[FitScores], label: str) -> dict[str, list[float]]:
        precision = np.mean([fit.curves[label] for fit in fits], axis=0)
        return {"recall": self.recall_grid.round(4).tolist(), "precision": precision.round(5).tolist()}

    def _differences(self) -> Iterable[dict[str, Any]]:
        measured = [label for label in self.classes if self.support[label]]
        names: list[Name] = [(m, None) for m in METRICS]
        names += [(m, label) for label in measured for m in CLASS_METRICS]
        for arm, card in self._contrasts():
            for metric, label in names:
                interval = self.difference(arm.name, card.key, metric, label)
                yield _difference_json(arm, card, metric, label, interval)

    def _fold_differences(self) -> Iterable[dict[str, Any]]:
        for arm, card in self._contrasts():
            for metric in METRICS:
                interval = self.fold_difference(arm.name, card.key, metric)
                yield _difference_json(arm, card, metric, None, interval)

    def _contrasts(self) -> Iterable[tuple[Arm, LearnerCard]]:
        return ((arm, card) for card in self.learners for arm in self.arms if arm.name != PLAIN)


def _synthetic_json(arm: Arm, fits: list[FitScores]) -> dict[str, Any]:
    used = [fit.used for fit in fits]
    how = None if not arm.given else "made anew" if arm.recipe is not None else "taken over"
    return {
        "given": arm.given,
        "used": round(float(np.mean(used)), 1),
        "least": min(used),
        "most": max(used),
        "originals": round(float(np.mean([fit.n_fit for fit in fits])), 1),
        "how": how,
    }


def _difference_json(arm: Arm, card: LearnerCard, metric: str, label: str | None, interval: Interval) -> dict[str, Any]:
    return {"arm": arm.name, "learner": card.key, "metric": metric, "class": label, **interval.to_json()}


def _values(fits: list[FitScores], name: Name, where: str) -> np.ndarray:
    """Return one value per fit, shape (J,)."""
    metric, label = name
    results = [getattr(fit, where) for fit in fits]
    return np.array([r[metric] if label is None else r["per_class"][label][metric] for r in results])


def _resampled_mean(fits: list[FitScores], name: Name) -> np.ndarray:
    """Return the mean over fits for each bootstrap of the test part, shape (b,)."""
    return np.mean([fit.resampled[name] for fit in fits], axis=0)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
