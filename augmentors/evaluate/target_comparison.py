"""The result of comparing models of numbers or of several labels: scores, differences with intervals, verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from augmentors.core.dataset import Task
from augmentors.core.errors import UserError
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.comparison import FEW
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.scoring import FitFailed
from augmentors.evaluate.statistics import Interval, corrected_interval, plain
from augmentors.evaluate.target_scores import TargetFit
from augmentors.evaluate.terms import Terms
from augmentors.learners.base import LearnerCard

if TYPE_CHECKING:
    from augmentors.evaluate.target_fits import TargetContest

INTERVALS = (
    "Intervals: 95 %, Nadeau–Bengio correction for overlapping training parts; on the test part the variance over "
    "bootstraps of it is added."
)
METHOD: dict[Task, str] = {
    "regression": "Means over the fits of all folds and repeats, in the unit of the target (its square for the area). "
    f"Differences are shares of the plain model's mean. {INTERVALS}",
    "multilabel": f"Means over the fits of all folds and repeats. {INTERVALS}",
}


@dataclass(frozen=True)
class TargetComparison:
    """Arms × regressors, measured on the same folds of one training part and one untouched test part.

    Parameters
    ----------
    facts : dict
    terms : Terms
    ranges : tuple of str
        Names of the target's ranges, lowest first, or of the labels.
    rare : tuple of bool
    support : dict of str to int
        Test rows per range.
    arms : tuple of Arm
    learners : tuple of LearnerCard
    fits : list of TargetFit
    left_out_ratio : float
        n₂/n₁ of the correction.
    notes : list of str
    failures : list of FitFailed
    """

    facts: dict[str, Any]
    terms: Terms
    ranges: tuple[str, ...]
    rare: tuple[bool, ...]
    support: dict[str, int]
    arms: tuple[Arm, ...]
    learners: tuple[LearnerCard, ...]
    fits: list[TargetFit]
    left_out_ratio: float
    notes: list[str] = field(default_factory=list)
    failures: list[FitFailed] = field(default_factory=list)

    @staticmethod
    def of(contest: TargetContest, repeats: int, results: list[TargetFit | FitFailed]) -> TargetComparison:
        """Return the comparison of all fits; an arm that failed anywhere is left out for its learner."""
        failures = [one for one in results if isinstance(one, FitFailed)]
        broken = {(one.arm, one.learner) for one in failures}
        fits = [one for one in results if isinstance(one, TargetFit) and (one.arm, one.learner) not in broken]
        measured = {fit.learner for fit in fits if fit.arm == PLAIN}
        if not measured:
            first = next(one for one in failures if one.arm == PLAIN)
            raise UserError(
                f"No model could be trained on this data; {first.learner} failed with: {first.reason}.",
                "Choose other learners or look at the data's health.",
            )
        test, split = contest.test, contest.split
        facts = {
            "kind": contest.dataset.kind,
            "task": contest.terms.task,
            "dataset_fingerprint": contest.dataset.fingerprint,
            "split_hash": split.hash,
            "seed": contest.seed,
            "repeats": repeats,
            "folds": split.n_folds,
            "train": len(split.train),
            "test": len(split.test),
        }
        found = TargetComparison(
            facts,
            contest.terms,
            test.names,
            test.rare,
            dict(zip(test.names, test.support, strict=True)),
            contest.arms,
            tuple(card for card in contest.cards if card.key in measured),
            fits,
            1 / (split.n_folds - 1),
            test.notes,
            failures,
        )
        found.notes.extend(_notes(found))
        return found

    def of_arm(self, arm: str, learner: str) -> list[TargetFit]:
        """Return the fits of one arm and learner, in the order of repeats and folds."""
        return [fit for fit in self.fits if fit.arm == arm and fit.learner == learner]

    def score(self, arm: str, learner: str, metric: str) -> Interval:
        """Return a metric on the test part."""
        fits = self.of_arm(arm, learner)
        return self._interval(np.array([fit.test[metric] for fit in fits]), _mean_resampled(fits, metric))

    def fold_values(self, arm: str, learner: str, metric: str) -> np.ndarray:
        """Return a metric on each held-out fold, shape (J,)."""
        return np.array([fit.held_out[metric] for fit in self.of_arm(arm, learner)])

    def range_values(self, arm: str, learner: str, name: str) -> np.ndarray:
        """Return the mean absolute error in a range on each held-out fold, shape (J,)."""
        return np.array([fit.fold_per_class[name] for fit in self.of_arm(arm, learner)])

    def difference(self, arm: str, learner: str, metric: str) -> Interval:
        """Return arm minus plain on the test part, as a share of plain's mean."""
        ours, theirs = self.of_arm(arm, learner), self.of_arm(PLAIN, learner)
        scale = self.terms.scale(np.array([fit.test[metric] for fit in theirs]))
        values = np.array([a.test[metric] - b.test[metric] for a, b in zip(ours, theirs, strict=True)])
        moved = _mean_resampled(ours, metric) - _mean_resampled(theirs, metric)
        return self._interval(values / scale, moved / scale)

    def fold_difference(self, arm: str, learner: str, metric: str) -> Interval:
        """Return arm minus plain on the held-out folds, as a share of plain's mean."""
        theirs = self.fold_values(PLAIN, learner, metric)
        gaps = (self.fold_values(arm, learner, metric) - theirs) / self.terms.scale(theirs)
        return corrected_interval(gaps, self.left_out_ratio).unless_flat()

    def _interval(self, values: np.ndarray, resampled: np.ndarray) -> Interval:
        known = resampled[np.isfinite(resampled)]
        variance = float(known.var(ddof=1)) if len(known) > 1 else 0.0
        return corrected_interval(values, self.left_out_ratio, variance).unless_flat()

    def runs(self) -> Iterator[tuple[Arm, LearnerCard]]:
        """Yield every arm with every learner that has fits of it."""
        for card in self.learners:
            yield from ((arm, card) for arm in self.arms if self.of_arm(arm.name, card.key))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON: shaped like that of classes, with errors in place of scores."""
        from augmentors.evaluate.target_words import judged_json

        every = list(self.runs())
        pairs = [(arm, card, metric) for arm, card in every if arm.name != PLAIN for metric in self.terms.metrics]
        return {
            **self.facts,
            "classes": list(self.ranges),
            "rare": list(self.rare),
            "support": self.support,
            "metrics": [
                {"key": m, "title": t, "lower_is_better": m in self.terms.lower} for m, t in self.terms.metrics.items()
            ],
            "learners": [{"key": c.key, "title": c.title, "summary": c.summary} for c in self.learners],
            "arms": [self._arm_json(arm, card) for arm, card in every],
            "failed": self._failed_json(),
            "differences": [_named(a, c, m, self.difference(a.name, c.key, m)) for a, c, m in pairs],
            "fold_differences": [_named(a, c, m, self.fold_difference(a.name, c.key, m)) for a, c, m in pairs],
            "method": METHOD[self.terms.task],
            "notes": self.notes,
            "verdict": judged_json(self),
        }

    def _arm_json(self, arm: Arm, card: LearnerCard) -> dict[str, Any]:
        fits = self.of_arm(arm.name, card.key)
        how = None if arm.augmented is None else "made anew" if arm.recipe is not None else "taken over"
        used = [fit.used for fit in fits]
        return {
            "name": arm.name,
            "title": arm.title,
            "learner": card.key,
            "learner_title": card.title,
            "metrics": {m: self.score(arm.name, card.key, m).to_json() for m in self.terms.metrics},
            "fold_metrics": {m: self._fold_json(arm.name, card.key, m) for m in self.terms.metrics},
            "per_class": {
                name: {
                    "support": self.support[name],
                    **{
                        metric: plain(_known_mean([fit.per_class[metric][name] for fit in fits]))
                        for metric in fits[0].per_class
                    },
                }
                for name in self.ranges
            },
            "synthetic": {
                "given": arm.given,
                "used": float(np.mean(used)),
                "least": min(used),
                "most": max(used),
                "originals": float(np.mean([fit.n_fit for fit in fits])),
                "how": how,
            },
        }

    def _fold_json(self, arm: str, learner: str, metric: str) -> dict[str, float | None]:
        return corrected_interval(self.fold_values(arm, learner, metric), self.left_out_ratio).unless_flat().to_json()

    def _failed_json(self) -> list[dict[str, str]]:
        titles = {arm.name: arm.title for arm in self.arms}
        first = {(one.arm, one.learner): one for one in reversed(self.failures)}
        return [
            {"name": one.arm, "title": titles[one.arm], "learner": one.learner, "reason": one.reason}
            for one in first.values()
        ]


def _named(arm: Arm, card: LearnerCard, metric: str, interval: Interval) -> dict[str, Any]:
    return {"arm": arm.name, "learner": card.key, "metric": metric, "class": None, **interval.to_json()}


def _mean_resampled(fits: list[TargetFit], metric: str) -> np.ndarray:
    return np.asarray(np.mean([fit.resampled[metric] for fit in fits], axis=0))


def _known_mean(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def _notes(found: TargetComparison) -> list[str]:
    notes = []
    few = [f"'{name}' ({n})" for name, n in found.support.items() if n < FEW]
    if few:
        noun = found.terms.noun.capitalize()
        notes.append(f"{noun} with fewer than {FEW} test rows say little: {', '.join(few[:8])}.")
    for arm in found.arms:
        fits = [fit for fit in found.fits if fit.arm == arm.name]
        if arm.augmented is None or not fits:
            continue
        used = f"{np.mean([fit.used for fit in fits]):,.0f}"
        how = (
            "They are made anew from each fold's training part."
            if arm.recipe is not None
            else ("Children of held-out rows are left out.")
        )
        notes.append(
            f"{arm.title}: {used} new rows are trained on per fit (all of the training part gives {arm.given:,}). {how}"
        )
        refused = Counter(pair for fit in fits for pair in set(fit.refused))
        notes += [
            f"{arm.title}: in {times:,} of {len(fits):,} fits not for '{target}': {reason}."
            for (target, reason), times in sorted(refused.items())
        ]
    return notes
