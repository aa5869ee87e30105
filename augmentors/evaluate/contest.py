"""All fits of a comparison, shared out among processes.

Features come first, in chunks; then, per repeat, fold and arm, the new samples
are made once and every learner is trained on them. Nothing depends on how many
processes there are: each task has its own seeds, and results come in order.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.regenerate import regenerate
from augmentors.evaluate.scoring import FitScores, TestPart
from augmentors.executors import Executor
from augmentors.learners.base import LearnerCard
from augmentors.learners.features import CHUNK, FEATURE_EFFORT, FeatureCache, Source
from augmentors.learners.registry import make_learner

# Time to make and judge one sample relative to one logistic fit, for progress and ETA only.
MAKING_EFFORT = {"table": 1 / 20_000, "text": 1 / 300, "image": 1 / 300}


@dataclass(frozen=True)
class Contest:
    """What all fits of a comparison share.

    Parameters
    ----------
    features_in : Path or None
        Where features are read from by other processes.
    job : Job
        Asked whether to go on by work in this process.
    """

    dataset: Dataset
    split: Split
    test: TestPart
    arms: tuple[Arm, ...]
    cards: tuple[LearnerCard, ...]
    folds: list[np.ndarray]
    cache: FeatureCache
    seed: int
    features_in: Path | None = None
    job: Job = NO_JOB

    @cached_property
    def sources(self) -> dict[int | None, Source]:
        """Samples whose features are computed before the fits: all real ones, and new ones that are taken over."""
        everything = self.dataset.take([*self.split.train, *self.split.test])
        sources: dict[int | None, Source] = {None: Source(everything)}
        for i, arm in enumerate(self.arms):
            if arm.samples is not None:
                sources[i] = Source(everything, arm.samples)
        return sources


@dataclass(frozen=True)
class FeatureTask:
    """Features of some real samples, or of some new ones of an arm."""

    name: str
    arm: int | None
    at: np.ndarray


@dataclass(frozen=True)
class FitTask:
    """One arm on one fold with one or more learners."""

    repeat: int
    fold: int
    arm: int
    cards: tuple[int, ...]


class _ChecksOnly(Job):
    """Passes on whether to stop; progress is reported task by task."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def check(self) -> None:
        self._job.check()


def all_fits(contest: Contest, workers: int, job: Job) -> list[FitScores]:
    """Return the scores of every fit; progress counts features first, then fits by their effort."""
    features, fits = list(_feature_tasks(contest)), list(_fit_tasks(contest))
    weights = [FEATURE_EFFORT[task.name] * len(task.at) for task in features]
    weights += [_effort(contest, task) for task in fits]
    done = np.cumsum(weights) / sum(weights)
    job.progress(0.0, "Computing features" if features else "Training the first models")
    with TemporaryDirectory(prefix="counterweight-") as folder:
        inside = workers <= 1
        shared = replace(contest, job=_ChecksOnly(job)) if inside else _for_workers(contest, Path(folder))
        with Executor[FeatureTask | FitTask, Any](_work, shared, workers) as executor:
            for i, (part, matrix) in enumerate(zip(features, executor.run(features, job), strict=True)):
                contest.cache.add(part.name, contest.sources[part.arm], part.at, matrix)
                job.progress(done[i], f"Features: {i + 1:,} of {len(features):,} parts are computed")
            if not inside:
                contest.cache.write(Path(folder))
            found: list[FitScores] = []
            for i, (task, scores) in enumerate(zip(fits, executor.run(fits, job), strict=True), len(features)):
                found += scores
                job.progress(done[i], _said(contest, task))
    job.progress(1.0, "Compared")
    return found


def _for_workers(contest: Contest, folder: Path) -> Contest:
    return replace(contest, cache=FeatureCache(), features_in=folder)


def _said(contest: Contest, task: FitTask) -> str:
    rounds = sum(len(np.unique(folds)) for folds in contest.folds)
    number = 1 + sum(len(np.unique(folds)) for folds in contest.folds[: task.repeat])
    number += int(np.searchsorted(np.unique(contest.folds[task.repeat]), task.fold))
    titles = ", ".join(contest.cards[i].title for i in task.cards)
    return f"Fold {number} of {rounds}: {titles}, {contest.arms[task.arm].title}"


def _feature_tasks(contest: Contest) -> Iterator[FeatureTask]:
    """Yield what is missing of the features, in chunks."""
    for name in dict.fromkeys(card.features for card in contest.cards if card.features):
        for arm, source in contest.sources.items():
            missing = contest.cache.missing(name, source)
            for start in range(0, len(missing), CHUNK):
                yield FeatureTask(name, arm, missing[start : start + CHUNK])


def _fit_tasks(contest: Contest) -> Iterator[FitTask]:
    """Yield the fits; where samples are made anew, all learners share them, else each fit is a task."""
    every = tuple(range(len(contest.cards)))
    for repeat, folds in enumerate(contest.folds):
        for fold in np.unique(folds).tolist():
            for i, arm in enumerate(contest.arms):
                groups = [every] if arm.recipe is not None else [(card,) for card in every]
                yield from (FitTask(repeat, fold, i, cards) for cards in groups)


def _effort(contest: Contest, task: FitTask) -> float:
    arm, cards = contest.arms[task.arm], [contest.cards[i] for i in task.cards]
    effort = sum(card.effort for card in cards)
    if arm.recipe is not None:
        share = 1 - 1 / max(contest.split.n_folds, 2)
        each = MAKING_EFFORT[contest.dataset.kind]
        each += sum(FEATURE_EFFORT[name] for name in {card.features for card in cards} if name)
        effort += share * arm.given * each
    return effort


def _work(contest: Contest, task: FeatureTask | FitTask) -> np.ndarray | list[FitScores]:
    if isinstance(task, FeatureTask):
        return contest.sources[task.arm].compute(task.name, task.at)
    return _fits(contest, task)


@lru_cache(maxsize=1)
def _features_of(folder: Path) -> FeatureCache:
    return FeatureCache.read(folder)


def _fits(contest: Contest, task: FitTask) -> list[FitScores]:
    """Make an arm's new samples for a fold, then train and measure the learners."""
    arm, folds, ids = contest.arms[task.arm], contest.folds[task.repeat], contest.split.train
    train = contest.dataset.take(ids[folds != task.fold])
    held_out = contest.dataset.take(ids[folds == task.fold])
    cache = contest.cache if contest.features_in is None else _features_of(contest.features_in)
    refused: tuple[tuple[str, str], ...] = ()
    if arm.recipe is not None:
        made = regenerate(arm.recipe, contest.dataset.take(ids).class_counts, train, contest.job)
        extra, refused, cache = made.samples, made.refused, cache.of_real_samples()
        _assert_children_of(extra, train)
        train = _without(train, made.dropped)
    else:
        extra = arm.taken_over(contest.split, folds, task.fold)
        train = _without(train, arm.dropped)
    _assert_no_test_sample(contest.split, train, extra)
    found = []
    for card in (contest.cards[i] for i in task.cards):
        contest.job.check()
        # One seed for all arms: they differ in their data alone.
        seed = int(digest("fit", contest.seed, task.repeat, task.fold, card.key, size=6), 16) % 2**31
        learner = make_learner(card.key, seed, arm.class_weight, cache).fit(train, extra, contest.job)
        used = len(extra) if extra is not None else 0
        measured = contest.test.measure(learner, held_out, contest.job)
        found.append(FitScores(arm.name, card.key, task.repeat, task.fold, len(train), used, refused, **measured))
    return found


def _without(train: Dataset, dropped: Collection[str]) -> Dataset:
    return train.take([i for i in train.ids if i not in set(dropped)]) if len(dropped) else train


def _assert_children_of(extra: Samples | None, train: Dataset) -> None:
    if extra is not None and not set(extra.parents.ravel()) <= {"", *train.ids}:
        raise AssertionError("a child of a held-out sample was about to be trained on")


def _assert_no_test_sample(split: Split, train: Dataset, extra: Samples | None) -> None:
    test = set(split.test)
    if not test.isdisjoint(train.ids):
        raise AssertionError("a test sample was about to be trained on")
    if extra is not None and not (test.isdisjoint(extra.frame.index) and test.isdisjoint(extra.parents.ravel())):
        raise AssertionError("a test sample, or a child of one, was about to be trained on")
