"""Labels for samples that have none: calibrated confidence, a threshold per class, an order.

Everything is learnt from the training part: thresholds come from samples that
the model which judged them had not seen, with groups and duplicates together.

References
----------
Lee (2013), Pseudo-Label: the simple and efficient semi-supervised learning method, ICML workshop.
Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, ICML (temperature).
"""

from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import refold
from augmentors.explore.duplicates import duplicate_pairs
from augmentors.learners.calibration import log_loss_terms
from augmentors.learners.features import FeatureCache
from augmentors.learners.registry import make_learner
from augmentors.learners.weighting import Weighting

FOLDS = 5
# A precision measured on fewer samples says nothing.
FEWEST = 3
# Below a half, a learner that makes no mistake on few samples would be made surer than anything it was seen to know.
TEMPERATURES = (0.5, 20.0)


@dataclass(frozen=True)
class Threshold:
    """From which confidence on a class's predictions are right often enough.

    Parameters
    ----------
    confidence : float
        Inf where no confidence will do.
    precision : float
        Out of fold, at that confidence; the best there is where none will do (NaN when the class is never predicted).
    support : int
        Out-of-fold predictions at or above it.
    """

    confidence: float
    precision: float
    support: int

    @property
    def reached(self) -> bool:
        """Whether some confidence will do."""
        return bool(np.isfinite(self.confidence))


@dataclass(frozen=True)
class Teacher:
    """What a learner says of samples without labels, and how far it can be believed.

    Parameters
    ----------
    classes : ndarray of str, shape (k,)
    temperature : float
        By which log-probabilities are divided; above 1 where the learner is too sure.
    thresholds : dict of str to Threshold
    proba : ndarray, shape (n_unlabelled, k)
        Calibrated.
    """

    classes: np.ndarray
    temperature: float
    thresholds: dict[str, Threshold]
    proba: np.ndarray

    def taken(self, target: str, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the positions of the unlabelled samples taken for a class, surest first, and their confidence."""
        return by_confidence(self.proba, self.classes.tolist().index(target), self.thresholds[target].confidence, ids)


def taught(
    train: Dataset,
    unlabelled: Dataset,
    learner: str,
    precision: float,
    seed: int,
    *,
    weighting: Weighting | None = None,
    cache: FeatureCache | None = None,
    job: Job = NO_JOB,
) -> Teacher:
    """Return what a learner fitted on a training part says of unlabelled samples.

    Parameters
    ----------
    train, unlabelled : Dataset
    learner : str
        Key of a learner of this kind of data.
    precision : float
        What predictions of a class must reach out of fold.
    seed : int
    weighting : {"balanced", "effective"}, optional
        Of the classes in the learner's loss.
    cache : FeatureCache, optional
    """
    # By id, so that the order of rows decides nothing.
    train = train.take(np.sort(train.ids.astype(str)).astype(object))
    features = FeatureCache() if cache is None else cache
    classes, codes = np.unique(train.labels.astype(str), return_inverse=True)
    proba = out_of_fold(train, classes, learner, seed, weighting, features, job.part(0.0, 0.8))
    heat = temperature(codes, proba)
    proba = tempered(proba, heat)
    decided = proba.argmax(axis=1)
    thresholds = {
        str(name): threshold(proba[decided == i, i], codes[decided == i] == i, precision)
        for i, name in enumerate(classes)
    }
    model = make_learner(learner, seed, weighting, features).fit(train, None, job.part(0.8, 0.9))
    return Teacher(classes, heat, thresholds, tempered(model.predict_proba(unlabelled, job.part(0.9, 1.0)), heat))


def out_of_fold(
    train: Dataset,
    classes: np.ndarray,
    learner: str,
    seed: int,
    weighting: Weighting | None = None,
    cache: FeatureCache | None = None,
    job: Job = NO_JOB,
) -> np.ndarray:
    """Return what models say of training samples that they were not fitted on, shape (n, k).

    Groups, duplicates and near-duplicates share a fold; a class that a model never saw has probability 0.
    """
    linked = [(pair.a, pair.b) for pair in duplicate_pairs(train, job=job.part(0.0, 0.2))]
    folds = refold(train, n_folds=FOLDS, seed=seed, duplicate_pairs=linked)
    proba = np.zeros((len(train), len(classes)))
    for fold in range(FOLDS):
        part = job.part(0.2 + 0.8 * fold / FOLDS, 0.2 + 0.8 * (fold + 1) / FOLDS)
        held_out = folds == fold
        if held_out.all() or not held_out.any():
            proba[held_out] = 1 / len(classes)  # all samples are linked: nobody can judge them
            continue
        model = make_learner(learner, seed, weighting, cache).fit(train.take(train.ids[~held_out]), None, part)
        at = np.searchsorted(classes, model.classes_.astype(str))
        proba[np.ix_(held_out, at)] = model.predict_proba(train.take(train.ids[held_out]), part)
    return proba


def temperature(codes: np.ndarray, proba: np.ndarray) -> float:
    """Return the temperature that gives labels the smallest log loss, between 0.5 and 20.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
    proba : ndarray, shape (n, k)

    Examples
    --------
    Three of four are right at an odds of 9 : 1. Odds of 3 : 1 fit, and 9 is 3 squared:

    >>> round(temperature(np.array([0, 0, 0, 1]), np.tile([0.9, 0.1], (4, 1))), 3)
    2.0
    """
    from scipy.optimize import minimize_scalar

    def loss(log_heat: float) -> float:
        return float(log_loss_terms(codes, tempered(proba, float(np.exp(log_heat)))).mean())

    low, high = np.log(TEMPERATURES)
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def tempered(proba: np.ndarray, heat: float) -> np.ndarray:
    """Return probabilities whose logarithms are divided by a temperature; 0 stays 0.

    Examples
    --------
    >>> tempered(np.array([[0.9, 0.1]]), 2.0).round(3).tolist()
    [[0.75, 0.25]]
    """
    # Scaled by the largest before the power, so that none underflows to all zeros.
    powered = (proba / proba.max(axis=1, keepdims=True)) ** (1 / heat)
    return np.asarray(powered / powered.sum(axis=1, keepdims=True))


def threshold(confidence: np.ndarray, right: np.ndarray, precision: float, fewest: int = FEWEST) -> Threshold:
    """Return the lowest confidence from which on predictions of a class reach a precision.

    Parameters
    ----------
    confidence : ndarray, shape (n,)
        Of the samples predicted as the class.
    right : ndarray of bool, shape (n,)
    precision : float
    fewest : int
        Predictions that must lie at or above it.

    Examples
    --------
    >>> threshold(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True]), 0.75)
    Threshold(confidence=0.6, precision=0.75, support=4)
    >>> threshold(np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, False, True, False]), 0.75).reached
    False
    """
    order = np.argsort(-confidence, kind="stable")
    ordered = confidence[order]
    # Equal confidences cannot be told apart: a threshold lies at the last of them.
    last = np.append(ordered[1:] != ordered[:-1], True) if len(ordered) else np.empty(0, dtype=bool)
    support = np.arange(1, len(ordered) + 1)
    reached = np.cumsum(right[order]) / support
    usable = last & (support >= fewest)
    good = np.flatnonzero(usable & (reached >= precision))
    if len(good):
        at = int(good[-1])
        return Threshold(float(ordered[at]), float(reached[at]), int(support[at]))
    if not usable.any():
        return Threshold(float("inf"), float("nan"), len(ordered))
    best = int(np.flatnonzero(usable)[np.argmax(reached[usable])])
    return Threshold(float("inf"), float(reached[best]), int(support[best]))


def by_confidence(proba: np.ndarray, code: int, least: float, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of samples predicted as a class with at least some confidence, surest first, and that.

    Examples
    --------
    >>> sure = np.array([[0.6, 0.4], [0.2, 0.8], [0.9, 0.1]])
    >>> by_confidence(sure, 0, 0.5, np.array(["a", "b", "c"]))[0].tolist()
    [2, 0]
    """
    confidence = proba[:, code]
    at = np.flatnonzero((proba.argmax(axis=1) == code) & (confidence >= least))
    order = np.lexsort((ids[at].astype(str), -confidence[at]))
    return at[order], confidence[at[order]]
