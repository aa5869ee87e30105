"""All fits of a comparison, shared out among processes.

Features come first, in chunks; then, per repeat, fold and arm, the new samples
are made once and every learner is trained on them, the longest first; an arm's
thresholds are tuned from a repeat's out-of-fold probabilities as soon as these
are complete. Nothing depends on how many processes there are: each task has its
own seeds, and results come in order. What is kept of an earlier contest is not
done again.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from augmentors.core.job import Job
from augmentors.evaluate.contest import Contest, FeatureTask, FitTask, Task, TuneTask
from augmentors.evaluate.fitting import fits_of
from augmentors.evaluate.ledger import Fit, Kept, Ledger
from augmentors.evaluate.semi_supervised import LONGER
from augmentors.evaluate.tuning import Tuned, tuned
from augmentors.executors import Executor
from augmentors.learners.base import Ensemble
from augmentors.learners.features import CHUNK, FeatureCache, feature_effort
from augmentors.learners.pretrained import know

# Time to make and judge one sample relative to one logistic fit, for progress and ETA only.
MAKING_EFFORT = {"table": 1 / 20_000, "text": 1 / 300, "image": 1 / 300}
# Time of a fit relative to a plain one, likewise.
ENSEMBLE_EFFORT: dict[Ensemble, float] = {"balanced_bagging": 3.0, "easy_ensemble": 10.0}


class _ChecksOnly(Job):
    """Passes on whether to stop; progress is reported task by task."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def check(self) -> None:
        self._job.check()


def all_fits(contest: Contest, workers: int, job: Job) -> list[Fit]:
    """Return the scores of every fit; progress counts features first, then fits by their effort."""
    kept = Kept(contest)
    tasks = list(_fit_tasks(contest))
    ledger = Ledger(tasks, kept)
    missing = list(ledger.missing(tasks))
    features = list(_feature_tasks(contest, missing))
    part = _Parts(contest, [*features, *missing], job)
    earlier = f"{ledger.done:,} of {ledger.total:,} fits are kept from earlier. " if ledger.done else ""
    job.progress(0.0, earlier + ("Computing features" if features else "Training the first models"))
    with TemporaryDirectory(prefix="counterweight-") as folder:
        inside = workers <= 1
        shared = replace(contest, job=_ChecksOnly(job)) if inside else _for_workers(contest, Path(folder))
        with Executor[Task, Any](_work, shared, workers) as executor:
            _compute(contest, features, executor, kept, part)
            if not inside:
                contest.cache.write(Path(folder))
                # The longest first: then no process is left alone with a long one at the end.
                missing.sort(key=lambda task: -_effort(contest, task))
            queue: deque[Task] = deque([*ledger.to_tune, *missing])
            for task, result in executor.as_ready(queue, job):
                kept.write(task, result)
                queue.extendleft(ledger.add(task, result))
                part.done(task)
    job.progress(1.0, "Compared")
    return list(ledger.results())


def _compute(
    contest: Contest, tasks: Iterable[FeatureTask], executor: Executor[Task, Any], kept: Kept, part: "_Parts"
) -> None:
    """Fill the contest's cache with features."""
    unknown: deque[Task] = deque()
    for task in tasks:
        matrix = kept.features(task)
        if isinstance(matrix, np.ndarray):
            contest.cache.add(task.name, contest.sources[task.source], task.at, matrix)
            part.done(task)
        else:
            unknown.append(task)
    for done, matrix in executor.as_ready(unknown, part.job):
        assert isinstance(done, FeatureTask)
        contest.cache.add(done.name, contest.sources[done.source], done.at, matrix)
        kept.write(done, matrix)
        part.done(done)


class _Parts:
    """Progress in parts of the whole effort."""

    def __init__(self, contest: Contest, tasks: Sequence[FeatureTask | FitTask], job: Job) -> None:
        self._contest, self.job = contest, job
        self._total, self._so_far = sum(map(self._effort, tasks)), 0.0
        self._of = Counter(type(task) for task in tasks)
        self._done: Counter[type] = Counter()

    def done(self, task: Task) -> None:
        """Tell that a task is done."""
        if isinstance(task, TuneTask):
            return
        self._so_far += self._effort(task)
        self._done[type(task)] += 1
        number = f"{self._done[type(task)]:,} of {self._of[type(task)]:,}"
        if isinstance(task, FeatureTask):
            said = f"Features: {number} parts are computed"
        else:
            titles = ", ".join(self._contest.cards[i].title for i in task.cards)
            said = f"Training {number} is done: {titles}, {self._contest.arms[task.arm].title}"
        self.job.progress(min(self._so_far / self._total, 1.0), said)

    def _effort(self, task: FeatureTask | FitTask) -> float:
        if isinstance(task, FeatureTask):
            return feature_effort(task.name) * len(task.at)
        return _effort(self._contest, task)


def _for_workers(contest: Contest, folder: Path) -> Contest:
    return replace(contest, cache=FeatureCache(), features_in=folder)


def _feature_tasks(contest: Contest, fits: Iterable[FitTask]) -> Iterator[FeatureTask]:
    """Yield what these fits miss of the features, in chunks."""
    read = {(contest.cards[card].features, task.arm) for task in fits for card in task.cards}
    for name in dict.fromkeys(card.features for card in contest.cards if card.features):
        arms = {arm for features, arm in read if features == name}
        for source, samples in contest.sources.items():
            if not any(contest.reads(contest.arms[arm], source) for arm in arms):
                continue
            missing = contest.cache.missing(name, samples)
            for start in range(0, len(missing), CHUNK):
                yield FeatureTask(name, source, missing[start : start + CHUNK])


def _fit_tasks(contest: Contest) -> Iterator[FitTask]:
    """Yield the fits; where samples are made anew, all learners share them, else each fit is a task."""
    every = tuple(range(len(contest.cards)))
    for repeat, folds in enumerate(contest.folds):
        for fold in np.unique(folds).tolist():
            for i, arm in enumerate(contest.arms):
                if not arm.is_fitted:
                    continue
                running = [card for card in every if contest.runs(arm, contest.cards[card])]
                groups = [tuple(running)] if arm.recipe is not None else [(card,) for card in running]
                yield from (FitTask(repeat, fold, i, cards) for cards in groups)


def _effort(contest: Contest, task: FitTask) -> float:
    arm, cards = contest.arms[task.arm], [contest.cards[i] for i in task.cards]
    effort = sum(card.effort for card in cards)
    if arm.free is not None and arm.free.ensemble is not None:
        effort *= ENSEMBLE_EFFORT[arm.free.ensemble]
    if arm.free is not None and arm.free.semi is not None:
        effort *= LONGER[arm.free.semi]
    if arm.recipe is not None:
        share = 1 - 1 / max(contest.split.n_folds, 2)
        each = MAKING_EFFORT[contest.dataset.kind]
        each += sum(feature_effort(name) for name in {card.features for card in cards} if name)
        effort += share * arm.given * each
    return effort


def _work(contest: Contest, task: Task) -> np.ndarray | list[Fit] | list[Tuned]:
    know(contest.encoders)  # another process than the one that was told of them
    if isinstance(task, FeatureTask):
        return contest.sources[task.source].compute(task.name, task.at)
    return tuned(contest, task) if isinstance(task, TuneTask) else fits_of(contest, task)
