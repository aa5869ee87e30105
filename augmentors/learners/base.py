"""What a learner is: fit on a training part plus new samples, give a probability per class."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import NotFitted
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.learners.features import FeatureCache


@dataclass(frozen=True)
class LearnerCard:
    """What a learner is, for people and for the comparison.

    Parameters
    ----------
    key : str
        Unique lower-case name.
    title, summary : str
        Name, and one or two sentences that also say what was bounded to stay fast.
    kind : {"table", "text", "image"}
    effort : float
        Time of one fit relative to logistic regression, for progress and ETA only.
    features : str or None
        Name of the features it reads from the cache (see `FeatureCache`).
    """

    key: str
    title: str
    kind: Kind
    summary: str
    effort: float = 1.0
    features: str | None = None


class Learner(ABC):
    """A classifier of whole datasets.

    Authors declare `card` and write `_fit` and `_proba`.

    Parameters
    ----------
    seed : int
        The only source of randomness.
    class_weight : bool
        Whether each class counts the same in the loss (weights inversely
        proportional to its share), instead of each sample.
    features : FeatureCache, optional
        Shared by learners that look at the same samples.
    """

    card: ClassVar[LearnerCard]

    def __init__(self, seed: int, class_weight: bool = False, features: FeatureCache | None = None) -> None:
        self.seed = seed
        self.class_weight = class_weight
        self.features = features if features is not None else FeatureCache()
        self._classes: np.ndarray | None = None

    @property
    def classes_(self) -> np.ndarray:
        """Classes seen in `fit`, sorted, shape (k,), object array of str."""
        if self._classes is None:
            raise NotFitted(f"{self.card.title} has not been fitted: call fit(train) before predict_proba.")
        return self._classes

    @final
    def fit(self, train: Dataset, extra: Samples | None = None, job: Job = NO_JOB) -> Self:
        """Learn from real samples and, when given, from new ones.

        Parameters
        ----------
        train : Dataset
        extra : Samples, optional
            New samples; they count like real ones.
        job : Job
            Asked whether to go on before the fit, and at every batch of a net.
        """
        job.check()
        if extra is not None and not len(extra):
            extra = None
        classes, codes = np.unique(fit_labels(train, extra), return_inverse=True)
        if len(classes) > 1:
            with one_thread():
                self._fit(train, extra, codes, job)
        self._classes = classes.astype(object)
        return self

    @final
    def predict_proba(self, dataset: Dataset, job: Job = NO_JOB) -> np.ndarray:
        """Return the probability of each class, shape (n, k), columns in the order of `classes_`."""
        k = len(self.classes_)
        if k == 1 or not len(dataset):
            return np.ones((len(dataset), k)) / k
        with one_thread():
            return np.asarray(self._proba(dataset, job), dtype=np.float64)

    @property
    def _sklearn_weight(self) -> str | None:
        return "balanced" if self.class_weight else None

    @abstractmethod
    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        """Learn; `codes` number the classes of the real samples, then of the new ones."""

    @abstractmethod
    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        """Return probabilities, shape (n, k)."""


def fit_labels(train: Dataset, extra: Samples | None) -> np.ndarray:
    """Return labels as text: those of the real samples, then those of the new ones."""
    if extra is None:
        return train.labels.astype(str)
    made = extra.frame[train.schema.label].astype(str).to_numpy(dtype=object)
    return np.concatenate([train.labels, made]).astype(str)


@contextmanager
def one_thread() -> Iterator[None]:
    """Bound numeric libraries to one thread inside: two on shared cores are several times slower."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
