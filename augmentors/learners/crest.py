"""Class-rebalancing self-training: the rarer a class, the larger the share of its predictions that is believed.

References
----------
Wei, Sohn, Mellina, Yuille & Yang (2021), CReST: a class-rebalancing self-training framework for imbalanced
semi-supervised learning, CVPR, 10857–10866.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Learner
from augmentors.learners.pool_samples import labelled, share_features

# The paper's exponent, and fewer generations than its six: each is a fit.
ALPHA = 1 / 3
GENERATIONS = 3


@dataclass(frozen=True)
class SelfTrained:
    """A learner of the last generation, and the pseudo-labelled samples it was fitted with."""

    learner: Learner
    extra: Samples | None


def self_trained(make: Callable[[], Learner], train: Dataset, job: Job = NO_JOB) -> SelfTrained:
    """Return a learner fitted with labels that the generations before it gave to unlabelled samples.

    Each generation begins anew from the training part and what the one before believed.

    Parameters
    ----------
    make : callable
        Returns the learner, unfitted; the same each time.
    train : Dataset
        With ``unlabelled``.
    job : Job

    Raises
    ------
    NotApplicable
        When there are no unlabelled samples.
    """
    pool = train.unlabelled
    if pool is None or not len(pool):
        raise NotApplicable(
            "Self-training needs unlabelled data, and there is none.", "Give it with --unlabelled FILE."
        )
    learner = make()
    share_features(learner.features, learner.card.features, train, pool, job)
    learner.fit(train, None, job)
    extra: Samples | None = None
    for _ in range(GENERATIONS):
        names, counts = np.unique(train.labels.astype(str), return_counts=True)
        rates = dict(zip(names.tolist(), sampling_rates(counts).tolist(), strict=True))
        proba = learner.predict_proba(pool, job)
        at, codes = believed(proba, np.array([rates[str(name)] for name in learner.classes_]), pool.ids)
        extra = labelled(train, pool, at, learner.classes_[codes]) if len(at) else None
        learner = make().fit(train, extra, job)
    return SelfTrained(learner, extra)


def sampling_rates(counts: np.ndarray, alpha: float = ALPHA) -> np.ndarray:
    """Return the share of each class's predictions that is believed: (N of the class at the mirrored rank / N₁)^α.

    Parameters
    ----------
    counts : ndarray of int, shape (k,)
        Labelled samples per class, in any order.
    alpha : float
        0 believes everything; the larger, the less is believed of frequent classes.

    Examples
    --------
    The rarest class is believed in full, the largest least:

    >>> sampling_rates(np.array([10, 1000, 100]), 1.0).tolist()
    [1.0, 0.01, 0.1]
    """
    order = np.argsort(-counts, kind="stable")
    rates = np.empty(len(counts))
    rates[order] = (counts[order[::-1]] / counts.max()) ** alpha
    return rates


def believed(proba: np.ndarray, rates: np.ndarray, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the samples whose predicted class is believed, ascending, and those classes.

    Of each class's predictions the surest share is taken, rounded up; equally sure ones by id.

    Examples
    --------
    >>> sure = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.7, 0.3]])
    >>> believed(sure, np.array([0.5, 1.0]), np.array(["a", "b", "c", "d"]))
    (array([0, 1, 2]), array([0, 0, 1]))
    """
    predicted = proba.argmax(axis=1)
    taken = []
    for code, rate in enumerate(rates):
        own = np.flatnonzero(predicted == code)
        order = np.lexsort((ids[own].astype(str), -proba[own, code]))
        taken.append(own[order[: int(np.ceil(rate * len(own)))]])
    at = np.sort(np.concatenate(taken))
    return at, predicted[at]
