"""What one fitted model is measured by, on the test part and on its held-out fold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.evaluate.free_arms import PLAIN
from augmentors.learners.base import Learner
from augmentors.learners.calibration import reliability_bins
from augmentors.learners.metrics import confusion, precision_at, scores
from augmentors.learners.resampled import ScoreArrays, bootstrap_weights, resampled_scores

_MAX_CURVES = 20


@dataclass(frozen=True)
class Probabilities:
    """What one fit says of its held-out fold and, where it is needed, of the test part."""

    held_out: np.ndarray
    test: np.ndarray | None


@dataclass(frozen=True)
class FitScores:
    """Everything kept of one fit; the model itself is thrown away.

    Parameters
    ----------
    arm, learner : str
    repeat, fold : int
    n_fit : int
        Real samples it was trained on.
    used : int
        New samples it was trained on.
    refused : tuple of (str, str)
        Classes for which new samples could not be made, with the reason.
    test, held_out : dict
        As `metrics.scores` returns them.
        ``held_out`` also holds ``tuned_macro_f1``, once thresholds are tuned.
    resampled : ScoreArrays
        Test scores under each bootstrap of the test part.
    confusion : ndarray of int64, shape (k, k)
    curves : dict of str to ndarray
        Precision of each class on the common grid of recalls.
    reliability : ndarray, shape (k, bins, 3)
        See `calibration.reliability_bins`, on the test part.
    probabilities : Probabilities, optional
        Dropped once thresholds are tuned; those of the first repeat stay until they are gathered.
    """

    arm: str
    learner: str
    repeat: int
    fold: int
    n_fit: int
    used: int
    refused: tuple[tuple[str, str], ...]
    test: dict[str, Any]
    held_out: dict[str, Any]
    resampled: ScoreArrays
    confusion: np.ndarray
    curves: dict[str, np.ndarray]
    reliability: np.ndarray
    probabilities: Probabilities | None = None


@dataclass(frozen=True)
class FitFailed:
    """A learner could not be trained or measured in an arm, with the reason in words."""

    arm: str
    learner: str
    repeat: int
    fold: int
    reason: str


class TestPart:
    """The untouched test part and the bootstraps of it that all fits share.

    Parameters
    ----------
    data : Dataset
    classes : list of str
        Classes of training and test part, sorted.
    rng : Generator
        Draws the bootstraps.
    costs : ndarray, shape (k, k), optional
        What it costs to decide for the column's class when the row's is true.
    """

    __test__ = False  # not a test class, whatever pytest makes of the name

    def __init__(
        self, data: Dataset, classes: list[str], rng: np.random.Generator, costs: np.ndarray | None = None
    ) -> None:
        self.data, self.costs = data, costs
        self.classes = classes
        self.labels = data.labels.astype(str)
        self.codes = np.searchsorted(np.array(classes), self.labels)
        self.support = np.bincount(self.codes, minlength=len(classes))
        self.weights = bootstrap_weights(self.codes, len(classes), rng)
        self.grid = np.linspace(0, 1, 101 if len(classes) <= _MAX_CURVES else 21)

    def measure(self, learner: Learner, held_out: Dataset, keep_test: bool, job: Job) -> dict[str, Any]:
        """Return the measured fields of `FitScores`; the test part's probabilities are kept where asked for."""
        proba = aligned(learner, self.data, self.classes, job)
        own = aligned(learner, held_out, self.classes, job)
        return {
            "held_out": scores(held_out.labels, own, self.classes, costs=self.costs),
            "curves": {
                label: precision_at(self.labels == label, proba[:, i], self.grid)
                for i, label in enumerate(self.classes)
                if self.support[i]
            },
            "reliability": reliability_bins(self.codes, proba),
            "probabilities": Probabilities(own, proba if keep_test else None),
            **self.decided(proba, proba.argmax(axis=1)),
        }

    def decided(self, proba: np.ndarray, decided: np.ndarray) -> dict[str, Any]:
        """Return the fields of `FitScores` that depend on what is decided on the test part."""
        y, classes = self.labels, self.classes
        return {
            "test": scores(y, proba, classes, decided, self.costs),
            "resampled": resampled_scores(y, proba, classes, self.weights, decided, self.costs),
            "confusion": confusion(y, proba, classes, decided),
        }


def aligned(learner: Learner, data: Dataset, classes: list[str], job: Job) -> np.ndarray:
    """Return probabilities with one column per class; 0 for classes the fit never saw."""
    proba = np.zeros((len(data), len(classes)))
    at = np.searchsorted(np.array(classes), learner.classes_.astype(str))
    proba[:, at] = learner.predict_proba(data, job)
    return proba


def without_failures(results: Iterable[FitScores | FitFailed]) -> tuple[list[FitScores], list[FitFailed]]:
    """Return the fits of what ran on every fold, and what failed.

    An arm that failed in one fold of a learner is failed for that learner;
    where the plain arm failed, nothing can be compared and the learner is left out.
    """
    results = list(results)
    failures = [one for one in results if isinstance(one, FitFailed)]
    lost = {(one.arm, one.learner) for one in failures}
    fits = [
        one
        for one in results
        if isinstance(one, FitScores) and not {(one.arm, one.learner), (PLAIN, one.learner)} & lost
    ]
    return fits, failures
