"""What all fits of a comparison share, and the pieces its work is cut into."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm, is_fixmatch
from augmentors.evaluate.decision_scores import MAX_NUMBERS
from augmentors.evaluate.free_arms import PLAIN, THRESHOLD
from augmentors.evaluate.scoring import Probabilities, TestPart
from augmentors.evaluate.strong_views import TextViews, changed
from augmentors.learners.base import LearnerCard
from augmentors.learners.encodings import Encodings
from augmentors.learners.features import FeatureCache, Source
from augmentors.recipe import uses_unlabelled

POOL, VIEW = "unlabelled", "strong view"
SourceName = int | str | None


@dataclass(frozen=True)
class Contest:
    """What all fits of a comparison share.

    Parameters
    ----------
    every_arm : bool
        Whether arms were asked for by name: then all of them run with learners that take long, too.
    views : TextViews or None
        How strong views of unlabelled texts are made; None where no arm learns from any.
    features_in : Path or None
        Where features are read from by other processes.
    keep_in : Path or None
        Where finished fits are kept.
    job : Job
        Asked whether to go on by work in this process.
    encoders : dict of str to str
        Folders of the encoders that learners read, by hash.
    """

    dataset: Dataset
    split: Split
    test: TestPart
    arms: tuple[Arm, ...]
    cards: tuple[LearnerCard, ...]
    folds: list[np.ndarray]
    cache: FeatureCache
    seed: int
    every_arm: bool = False
    views: TextViews | None = None
    features_in: Path | None = None
    keep_in: Path | None = None
    job: Job = NO_JOB
    encoders: dict[str, str] = field(default_factory=dict)
    # Filled by each process for itself.
    encodings: Encodings = field(default_factory=Encodings, repr=False, compare=False)

    @cached_property
    def sources(self) -> dict[SourceName, Source]:
        """Samples whose features are computed before the fits, once.

        All real ones (None), new ones that are taken over (by the arm's number), unlabelled ones and their views
        (by name).
        """
        everything = self.dataset.take([*self.split.train, *self.split.test])
        sources: dict[SourceName, Source] = {None: Source(everything)}
        for i, arm in enumerate(self.arms):
            if arm.samples is not None:
                sources[i] = Source(everything, arm.samples)
        pool = self.dataset.unlabelled
        if pool is not None and len(pool):
            sources[POOL] = Source(pool)
            sources |= {} if self.views is None else {f"{VIEW} {one.number}": one for one in changed(pool, self.views)}
        return sources

    def reads(self, arm: Arm, source: SourceName) -> bool:
        """Whether the fits of an arm read the features of these samples."""
        if source is None:
            return True
        if isinstance(source, int):
            return self.arms[source] is arm
        if source != POOL:
            return is_fixmatch(arm)
        semi = arm.free is not None and arm.free.semi is not None
        return semi or (arm.recipe is not None and uses_unlabelled(arm.recipe))

    @property
    def costs(self) -> np.ndarray | None:
        """What decisions cost."""
        return self.test.costs

    @property
    def moves_threshold(self) -> bool:
        """Whether the plain arm's thresholds are moved for an arm of its own."""
        return any(arm.name == THRESHOLD for arm in self.arms)

    def keeps_test_of(self, arm: Arm, repeat: int) -> bool:
        """Whether what an arm says of the test part is needed after it was measured.

        The plain arm's is: its thresholds may be moved for an arm of its own, now or once such an arm is added.
        """
        return arm.name == PLAIN or self.keeps_scores(repeat)

    def keeps_scores(self, repeat: int) -> bool:
        """Whether probabilities stay for choosing thresholds: those of the first repeat, unless they are too many."""
        samples = len(self.split.train) + self.split.n_folds * len(self.split.test)
        return repeat == 0 and samples * len(self.test.classes) <= MAX_NUMBERS

    def runs(self, arm: Arm, card: LearnerCard) -> bool:
        """Whether a learner is part of an arm."""
        return arm.suits(card) and (self.every_arm or arm.runs_on(card))


@dataclass(frozen=True)
class FeatureTask:
    """Features of some samples of a source."""

    name: str
    source: SourceName
    at: np.ndarray


@dataclass(frozen=True)
class FitTask:
    """One arm on one fold with one or more learners."""

    repeat: int
    fold: int
    arm: int
    cards: tuple[int, ...]


@dataclass(frozen=True)
class TuneTask:
    """Thresholds of one arm and learner, from the out-of-fold probabilities of a whole repeat."""

    repeat: int
    arm: int
    card: int
    folds: tuple[int, ...]
    probabilities: tuple[Probabilities, ...]


Task = FeatureTask | FitTask | TuneTask
