"""What a learner is: fit on a training part plus new samples, give a probability per class."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, TypeVar, final

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import NotFitted, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.learners.encodings import Encodings, samples_key
from augmentors.learners.features import FeatureCache
from augmentors.learners.objectives import Objective
from augmentors.learners.weighting import Weighting, class_weights

T = TypeVar("T")
Ensemble = Literal["balanced_bagging", "easy_ensemble"]


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
    is_net : bool
        Whether it can be trained by an `Objective`.
    ensembles : tuple of str
        What it can be on balanced parts of the training samples.
    by_default : bool
        Whether it is compared without being asked for.
    """

    key: str
    title: str
    kind: Kind
    summary: str
    effort: float = 1.0
    features: str | None = None
    is_net: bool = False
    ensembles: tuple[Ensemble, ...] = ()
    by_default: bool = True


def cards_named(cards: Sequence[LearnerCard], keys: Sequence[str] | None, purpose: str) -> tuple[LearnerCard, ...]:
    """Return the cards of some keys, each once; all where no keys are given.

    Parameters
    ----------
    cards : sequence of LearnerCard
        What there is.
    keys : sequence of str, optional
    purpose : str
        What they are for, for the error: "for a target that is a number".

    Raises
    ------
    UserError
        When no card has a key, or no key is given.
    """
    known = {card.key: card for card in cards}
    if keys is None:
        return tuple(known.values())
    unknown = next((key for key in keys if key not in known), None)
    if unknown is not None or not keys:
        raise UserError(f"There is no learner '{unknown or ''}' {purpose}.", f"Known are: {', '.join(known)}.")
    return tuple(known[key] for key in dict.fromkeys(keys))


class Learner(ABC):
    """A classifier of whole datasets.

    Authors declare `card` and write `_fit` and `_proba`.

    Parameters
    ----------
    seed : int
        The only source of randomness.
    class_weight : {"balanced", "effective"}, optional
        Whether and how classes are weighted in the loss (see `weighting`); each sample counts the same
        when left out.
    features : FeatureCache, optional
        Shared by learners that look at the same samples.
    ensemble : {"balanced_bagging", "easy_ensemble"}, optional
        How several models are fitted on balanced parts and averaged; one of the card's.
    objective : Objective, optional
        How a net is trained; by cross-entropy when left out.

    Raises
    ------
    ValueError
        When the learner is no net or no such ensemble.
    """

    card: ClassVar[LearnerCard]
    # Set before `fit`, it is where inputs that other fits have turned into numbers are looked for.
    encodings: Encodings | None = None

    def __init__(
        self,
        seed: int,
        class_weight: Weighting | None = None,
        features: FeatureCache | None = None,
        ensemble: Ensemble | None = None,
        objective: Objective | None = None,
    ) -> None:
        if ensemble is not None and ensemble not in self.card.ensembles:
            raise ValueError(f"{self.card.title} cannot be fitted as {ensemble}")
        if objective is not None and not self.card.is_net:
            raise ValueError(f"{self.card.title} is no net and cannot be trained by {objective}")
        self.seed, self.ensemble, self.objective = seed, ensemble, objective
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

    def _encoded(self, name: str, train: Dataset, extra: Samples | None, learn: Callable[[], T]) -> T:
        """Return what `learn` learns from training samples, or what another fit has learnt from the same ones."""
        if self.encodings is None:
            return learn()
        self._learnt_from = (name, samples_key(train, extra))
        return self.encodings.of(self._learnt_from, learn)

    def _as_numbers(self, dataset: Dataset, turn: Callable[[], T]) -> T:
        """Return samples as `turn` turns them into numbers by what `_encoded` gave, or as another fit has done."""
        if self.encodings is None:
            return turn()
        return self.encodings.of((*self._learnt_from, samples_key(dataset)), turn)

    def _weights(self, codes: np.ndarray) -> dict[int, float] | None:
        """Return the weight of each class as scikit-learn takes it."""
        return None if self.class_weight is None else dict(enumerate(class_weights(codes, self.class_weight).tolist()))

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
    made = train.schema.labels_of(extra.frame)
    return np.concatenate([train.labels, made]).astype(str)


@contextmanager
def one_thread() -> Iterator[None]:
    """Bound numeric libraries to one thread inside: two on shared cores are several times slower."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
