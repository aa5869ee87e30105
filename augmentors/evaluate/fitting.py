"""One arm on one fold: make its training data, then train and measure the learners."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.contest import Contest, FitTask
from augmentors.evaluate.free_arms import NOTHING, resampled
from augmentors.evaluate.regenerate import Refused, regenerate
from augmentors.evaluate.scoring import FitFailed, FitScores
from augmentors.evaluate.semi_supervised import fit_with_unlabelled
from augmentors.evaluate.vector_smote import with_vectors
from augmentors.explore.unlabelled import without_groups_of
from augmentors.learners.base import LearnerCard
from augmentors.learners.encodings import Encodings
from augmentors.learners.features import FeatureCache
from augmentors.learners.registry import make_learner

LONGEST_REASON = 300


class _Data:
    """What the fits of a task train on and are measured by."""

    def __init__(self, contest: Contest, task: FitTask) -> None:
        self.arm: Arm = contest.arms[task.arm]
        folds, ids = contest.folds[task.repeat], contest.split.train
        train = contest.dataset.take(ids[folds != task.fold])
        self.held_out = contest.dataset.take(ids[folds == task.fold])
        self.cache = contest.cache if contest.features_in is None else _features_of(contest.features_in)
        self.refused: Refused = ()
        if self.arm.recipe is not None:
            train = without_groups_of(train, self.held_out)
            made = regenerate(self.arm.recipe, contest.dataset.take(ids).class_counts, train, contest.job)
            self.extra, self.refused, self.cache = made.samples, made.refused, self.cache.of_real_samples()
            _assert_children_of(self.extra, train)
            self.train = _without(train, made.dropped)
        else:
            self.extra = self.arm.taken_over(contest.split, folds, task.fold)
            self.train = _without(train, self.arm.dropped)
        free = self.arm.free
        if free is not None and free.semi is not None:
            self.train = without_groups_of(self.train, self.held_out)
        if free is not None and free.resampling is not None:
            rng = rng_from("resample", contest.seed, task.repeat, task.fold)
            self.train = resampled(self.train, free.resampling, rng)
        if free is not None and free.between_vectors:
            self._add_vectors(contest, task)
        # New samples of two arms may have the same ids: they share with this task's learners alone.
        self.encodings = contest.encodings if self.extra is None else Encodings()
        _assert_no_test_sample(contest.split, self.train, self.extra)

    def _add_vectors(self, contest: Contest, task: FitTask) -> None:
        """Fill classes up with vectors between the embeddings that the learner reads."""
        (card,) = task.cards
        name = str(contest.cards[card].features)
        self.cache = self.cache.of_real_samples()
        rng = rng_from("vectors", contest.seed, task.repeat, task.fold)
        self.extra, self.refused = with_vectors(self.train, name, self.cache, rng)
        _assert_children_of(self.extra, self.train)


def fits_of(contest: Contest, task: FitTask) -> list[FitScores | FitFailed]:
    """Return the scores of each learner, or why it failed: what fails in one arm stops no other."""
    cards = [contest.cards[i] for i in task.cards]
    try:
        data = _Data(contest, task)
    except (Cancelled, AssertionError):
        raise
    except Exception as error:  # whatever a library raises here concerns this arm alone
        return [_failed(contest, task, card, error) for card in cards]
    return [_fit(contest, task, data, card) for card in cards]


def _fit(contest: Contest, task: FitTask, data: _Data, card: LearnerCard) -> FitScores | FitFailed:
    contest.job.check()
    # One seed for all arms: they differ in their data alone.
    seed = int(digest("fit", contest.seed, task.repeat, task.fold, card.key, size=6), 16) % 2**31
    free = data.arm.free or NOTHING
    how = (free.class_weight, data.cache, free.ensemble, free.objective)
    used = len(data.extra) if data.extra is not None else 0
    try:
        if free.semi is not None:
            learner, used = fit_with_unlabelled(
                free.semi, card.key, seed, data.cache, data.train, contest.job, contest.views
            )
        else:
            learner = make_learner(card.key, seed, *how)
            learner.encodings = data.encodings
            learner.fit(data.train, data.extra, contest.job)
        keep_test = contest.keeps_test_of(data.arm, task.repeat)
        measured = contest.test.measure(learner, data.held_out, keep_test, contest.job)
    except (Cancelled, AssertionError):
        raise
    except Exception as error:  # as above
        return _failed(contest, task, card, error)
    names = (data.arm.name, card.key, task.repeat, task.fold)
    return FitScores(*names, len(data.train), used, data.refused, **measured)


def _failed(contest: Contest, task: FitTask, card: LearnerCard, error: Exception) -> FitFailed:
    words = error.message if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    reason = " ".join(words.split())[:LONGEST_REASON].rstrip(".: ")
    return FitFailed(contest.arms[task.arm].name, card.key, task.repeat, task.fold, reason)


@lru_cache(maxsize=1)
def _features_of(folder: Path) -> FeatureCache:
    return FeatureCache.read(folder)


def _without(train: Dataset, dropped: Collection[str]) -> Dataset:
    return train.take([i for i in train.ids if i not in set(dropped)]) if len(dropped) else train


def _assert_children_of(extra: Samples | None, train: Dataset) -> None:
    unlabelled = () if train.unlabelled is None else train.unlabelled.ids
    if extra is not None and not set(extra.parents.ravel()) <= {"", *train.ids, *unlabelled}:
        raise AssertionError("a child of a held-out sample was about to be trained on")


def _assert_no_test_sample(split: Split, train: Dataset, extra: Samples | None) -> None:
    test = set(split.test)
    if not test.isdisjoint(train.ids):
        raise AssertionError("a test sample was about to be trained on")
    if extra is not None and not (test.isdisjoint(extra.frame.index) and test.isdisjoint(extra.parents.ravel())):
        raise AssertionError("a test sample, or a child of one, was about to be trained on")
