"""What one fitted model is measured by, on the test part and on its held-out fold."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.learners.base import Learner
from augmentors.learners.metrics import confusion, precision_at, scores
from augmentors.learners.resampled import ScoreArrays, bootstrap_weights, resampled_scores

_MAX_CURVES = 20


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
    resampled : ScoreArrays
        Test scores under each bootstrap of the test part.
    confusion : ndarray of int64, shape (k, k)
    curves : dict of str to ndarray
        Precision of each class on the common grid of recalls.
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


class TestPart:
    """The untouched test part and the bootstraps of it that all fits share.

    Parameters
    ----------
    data : Dataset
    classes : list of str
        Classes of training and test part, sorted.
    rng : Generator
        Draws the bootstraps.
    """

    __test__ = False  # not a test class, whatever pytest makes of the name

    def __init__(self, data: Dataset, classes: list[str], rng: np.random.Generator) -> None:
        self.data = data
        self.classes = classes
        codes = np.searchsorted(np.array(classes), data.labels.astype(str))
        self.support = np.bincount(codes, minlength=len(classes))
        self.weights = bootstrap_weights(codes, len(classes), rng)
        self.grid = np.linspace(0, 1, 101 if len(classes) <= _MAX_CURVES else 21)

    def measure(self, learner: Learner, held_out: Dataset, job: Job) -> dict[str, Any]:
        """Return the measured fields of `FitScores`."""
        y = self.data.labels.astype(str)
        proba = aligned(learner, self.data, self.classes, job)
        own = aligned(learner, held_out, self.classes, job)
        return {
            "test": scores(y, proba, self.classes),
            "held_out": scores(held_out.labels, own, self.classes),
            "resampled": resampled_scores(y, proba, self.classes, self.weights),
            "confusion": confusion(y, proba, self.classes),
            "curves": {
                label: precision_at(y == label, proba[:, i], self.grid)
                for i, label in enumerate(self.classes)
                if self.support[i]
            },
        }


def aligned(learner: Learner, data: Dataset, classes: list[str], job: Job) -> np.ndarray:
    """Return probabilities with one column per class; 0 for classes the fit never saw."""
    proba = np.zeros((len(data), len(classes)))
    at = np.searchsorted(np.array(classes), learner.classes_.astype(str))
    proba[:, at] = learner.predict_proba(data, job)
    return proba
