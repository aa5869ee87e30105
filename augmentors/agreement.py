"""Is this still a '6'? Whether a classifier that has not seen the originals knows new samples as well as them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from augmentors import catalog
from augmentors.core.dataset import Dataset, Kind
from augmentors.core.errors import NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.learners.base import Learner
from augmentors.learners.features import FeatureCache, Source
from augmentors.learners.registry import make_learner

FOLDS = 3
FEWEST = 6
# Rows the classifiers learn from, and originals that are asked about: enough to tell, few enough to wait for.
MOST_OF_A_CLASS, MOST_ROWS, MOST_ASKED = 150, 2_000, 60
# A warning needs a fall that chance rarely gives and that is worth a word.
CHANCE, WORTH_A_WORD = 0.01, 0.05
# Classifiers that know held-out originals this much worse than the best one are not asked.
COMPETENT = 0.05
CANDIDATES: dict[Kind, tuple[str, ...]] = {
    "table": ("forest", "logistic"),
    "text": ("minilm_logistic", "tfidf_logistic"),
    "image": ("efficientnet_logistic", "pixel_forest"),
}


@dataclass(frozen=True)
class Rate:
    """How many of some samples were taken for their class."""

    hits: int
    n: int

    @classmethod
    def of(cls, hits: Sequence[bool]) -> Self:
        """Return the rate of a list of hits and misses."""
        return cls(sum(hits), len(hits))

    @property
    def share(self) -> float:
        """The share, 0 of none."""
        return self.hits / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval at 95 %.

        Examples
        --------
        >>> [round(limit, 3) for limit in Rate(9, 10).interval]
        [0.596, 0.982]
        """
        from scipy.stats import binomtest

        if not self.n:
            return 0.0, 1.0
        found = binomtest(self.hits, self.n).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Agreement:
    """What the classifier said of originals and of new samples of a class.

    Parameters
    ----------
    target, augmenter : str
        Class, and title of the augmenter.
    originals, made : Rate
    learner : str
        Title of the classifier.
    chance : float
        How often chance alone gives a fall as large as this (Fisher's exact test, one-sided).
    """

    target: str
    augmenter: str
    originals: Rate
    made: Rate
    learner: str
    chance: float

    @property
    def changes_meaning(self) -> bool:
        """Whether agreement falls by more than chance explains and by more than a few points."""
        return self.chance < CHANCE and self.originals.share - self.made.share >= WORTH_A_WORD

    @property
    def can_tell(self) -> bool:
        """Whether so many originals are recognised that losing all of them would be more than chance."""
        return fall_by_chance(self.originals, Rate(0, self.made.n)) < CHANCE

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        if not self.can_tell:
            return (
                f"The classifier recognises only {self.originals.hits:,} of {self.originals.n:,} originals of "
                f"'{self.target}', too few to tell whether new samples keep the meaning."
            )
        said = (
            f"a classifier that has not seen them takes {self.made.share:.0%} of {self.made.n:,} new samples for "
            f"'{self.target}', against {self.originals.share:.0%} of {self.originals.n:,} originals"
        )
        if self.changes_meaning:
            return f"{self.augmenter} changes what '{self.target}' means: {said}."
        return f"{said[0].upper()}{said[1:]}."


def compared(target: str, augmenter: str, originals: Rate, made: Rate, learner: str) -> Agreement:
    """Return the agreement of two rates.

    Examples
    --------
    >>> compared("6", "Flip", Rate(19, 20), Rate(8, 20), "").changes_meaning
    True
    >>> compared("6", "Blur", Rate(19, 20), Rate(17, 20), "").changes_meaning
    False
    """
    return Agreement(target, augmenter, originals, made, learner, fall_by_chance(originals, made))


def fall_by_chance(originals: Rate, made: Rate) -> float:
    """Return how often chance alone gives a fall as large as this: Fisher's exact test, one-sided.

    Examples
    --------
    >>> round(fall_by_chance(Rate(3, 3), Rate(0, 3)), 4)  # 1 of the 20 ways to deal 3 hits to 6 samples
    0.05
    """
    from scipy.stats import fisher_exact

    table = [[made.hits, made.n - made.hits], [originals.hits, originals.n - originals.hits]]
    return float(fisher_exact(table, alternative="less").pvalue)


class HeldOutJudge:
    """Classifiers of a training part, each fitted without one of three folds, which is then asked about.

    Two kinds of classifier are asked, unless one knows held-out originals much
    worse than the other, and the milder answer counts: one that merely never
    saw a mirrored shoe is not evidence that it is no shoe. All of it is the
    training part: the test part is never looked at.

    Parameters
    ----------
    train : Dataset
        The training part only; up to 150 samples of each class are learnt from.
    seed : int
    features : FeatureCache, optional
        Embeddings known already.
    """

    def __init__(self, train: Dataset, seed: int = 0, features: FeatureCache | None = None, job: Job = NO_JOB) -> None:
        if train.schema.task == "multilabel":
            raise NotApplicable("Classifiers that tell one class from another cannot judge samples of several labels.")
        self._seed = seed
        self._part = _some_of(train, seed)
        self._folds = _folds(self._part, seed)
        cache = features or FeatureCache()
        tried = []
        for i, key in enumerate(CANDIDATES[train.kind]):
            job.progress(i / len(CANDIDATES[train.kind]), "Fitting held-out classifiers")
            tried.append(self._fitted(key, cache, job))
        best = max(_balanced(self._part, one.hits) for one in tried)
        self._asked = [one for one in tried if _balanced(self._part, one.hits) >= best - COMPETENT]
        job.progress(1.0, "Fitting held-out classifiers")

    def judge(self, target: str, key: str, params: Mapping[str, Any], job: Job = NO_JOB) -> Agreement:
        """Return the agreement on originals of a class and on new samples made of them.

        In each fold the augmenter sees the held-out originals only, and the
        classifier all others, so neither is judged on what it was fitted to.

        Raises
        ------
        NotApplicable
            When the class is too small, or the augmenter cannot work on it.
        """
        # In no order of the file: rows that stand together are often alike.
        own = rng_from("agreement asked", self._seed).permutation(self._part.positions(target))
        if len(own) < FEWEST:
            raise NotApplicable(
                f"Whether '{target}' keeps its meaning can be told from {FEWEST} samples on; it has {len(own)}."
            )
        found = [_Tally() for _ in self._asked]
        refused: NotApplicable | None = None
        for fold in range(FOLDS):
            job.check()
            asked = own[self._folds[own] == fold][: MOST_ASKED // FOLDS]
            try:
                part, samples = self._made_of(asked, fold, target, key, params)
            except NotApplicable as reason:
                refused = reason
                continue
            for tally, one in zip(found, self._asked, strict=True):
                tally.add(one.hits[asked], _takes_for(one.learners[fold], part, samples, target))
        if not found[0].made:
            raise refused or NotApplicable(f"No fold holds a sample of '{target}'.")
        title = catalog.get(key).card.title
        answers = [
            compared(target, title, Rate.of(tally.originals), Rate.of(tally.made), one.learners[0].card.title)
            for tally, one in zip(found, self._asked, strict=True)
        ]
        return max(answers, key=lambda answer: (answer.can_tell, answer.chance, answer.made.share))

    def _made_of(
        self, asked: np.ndarray, fold: int, target: str, key: str, params: Mapping[str, Any]
    ) -> tuple[Dataset, Samples]:
        """Return the held-out fold, its class cut to the originals asked about, and as many samples made of them."""
        if not len(asked):
            raise NotApplicable(f"No fold holds a sample of '{target}'.")
        others = np.flatnonzero((self._folds == fold) & (self._part.labels != target))
        part = self._part.take(self._part.ids[np.sort(np.concatenate([asked, others]))])
        augmenter, _ = catalog.get(key)(**params).preview_version()
        augmenter.fit(part, rng_from("agreement fit", key, self._seed))
        augmenter.prepare(target)
        supply = augmenter.supply(target)
        n = len(asked) if supply is None else min(supply, len(asked))
        return part, augmenter.augment(target, n, rng_from("agreement", key, self._seed))

    def _fitted(self, key: str, cache: FeatureCache, job: Job) -> "_Candidate":
        learners, hits = [], np.zeros(len(self._part), bool)
        for fold in range(FOLDS):
            seen, held = (self._part.take(self._part.ids[at]) for at in (self._folds != fold, self._folds == fold))
            learner = make_learner(key, self._seed, class_weight="balanced", features=cache).fit(seen, job=job)
            if len(held):
                hits[self._folds == fold] = _guesses(learner, held) == held.labels
            learners.append(learner)
        return _Candidate(learners, hits)


@dataclass(frozen=True)
class _Candidate:
    """A kind of classifier: one fitted without each fold, and which originals it knows when they are held out."""

    learners: list[Learner]
    hits: np.ndarray


@dataclass
class _Tally:
    originals: list[bool] = field(default_factory=list)
    made: list[bool] = field(default_factory=list)

    def add(self, originals: np.ndarray, made: np.ndarray) -> None:
        self.originals += originals.tolist()
        self.made += made.tolist()


def _some_of(train: Dataset, seed: int) -> Dataset:
    """Return up to 150 samples of each class, fewer where there are many classes."""
    most = max(min(MOST_OF_A_CLASS, MOST_ROWS // len(train.class_counts)), 2 * FEWEST)
    rng = rng_from("agreement rows", seed)
    at = [rng.permutation(train.positions(name))[:most] for name in sorted(train.class_counts)]
    return train.take(train.ids[np.sort(np.concatenate(at))])


def _folds(part: Dataset, seed: int) -> np.ndarray:
    """Return the fold of each row: dealt evenly within each class, groups together."""
    rng = rng_from("agreement folds", seed)
    group = part.schema.group
    if group is not None:
        names = part.frame[group].astype(str).to_numpy()
        dealt = {name: i % FOLDS for i, name in enumerate(rng.permutation(np.unique(names)))}
        return np.array([dealt[name] for name in names])
    folds = np.empty(len(part), np.int64)
    for name in sorted(part.class_counts):
        own = rng.permutation(part.positions(name))
        folds[own] = np.arange(len(own)) % FOLDS
    return folds


def _balanced(part: Dataset, hits: np.ndarray) -> float:
    return float(np.mean([hits[part.positions(name)].mean() for name in part.class_counts]))


def _takes_for(learner: Learner, part: Dataset, samples: Samples, target: str) -> np.ndarray:
    """Return which new samples a learner takes for a class."""
    named = digest("agreement", samples.frame.index.tolist(), samples.certificate["entry"].tolist())
    dataset = Dataset(part.kind, samples.frame, part.schema, named, part.root)
    kept, learner.features = learner.features, FeatureCache()
    if (name := learner.card.features) is not None:
        # Read from the new pixels or texts, under the name that the learner will ask for.
        learner.features.put(name, dataset, Source(part, samples).compute(name, np.arange(len(samples))))
    try:
        return _guesses(learner, dataset) == target
    finally:
        learner.features = kept


def _guesses(learner: Learner, dataset: Dataset) -> np.ndarray:
    return np.asarray(learner.classes_[learner.predict_proba(dataset).argmax(axis=1)])
