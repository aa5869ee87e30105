"""All fits of a comparison, shared out among processes.

Features come first, in chunks; then, per repeat, fold and arm, the new samples
are made once and every learner is trained on them; then thresholds are tuned
from the repeat's out-of-fold probabilities. Nothing depends on how many
processes there are: each task has its own seeds, and results come in order.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from augmentors.core.job import Job
from augmentors.evaluate.contest import Contest, FeatureTask, FitTask, TuneTask
from augmentors.evaluate.fitting import fits_of
from augmentors.evaluate.free_arms import THRESHOLD
from augmentors.evaluate.scoring import FitFailed, FitScores
from augmentors.evaluate.tuning import Tuned, tuned
from augmentors.executors import Executor
from augmentors.learners.features import CHUNK, FEATURE_EFFORT, FeatureCache

# Time to make and judge one sample relative to one logistic fit, for progress and ETA only.
MAKING_EFFORT = {"table": 1 / 20_000, "text": 1 / 300, "image": 1 / 300}
BAGS_EFFORT = 3.0
Task = FeatureTask | FitTask | TuneTask


class _ChecksOnly(Job):
    """Passes on whether to stop; progress is reported task by task."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def check(self) -> None:
        self._job.check()


def all_fits(contest: Contest, workers: int, job: Job) -> list[FitScores | FitFailed]:
    """Return the scores of every fit; progress counts features first, then fits by their effort."""
    features, fits = list(_feature_tasks(contest)), list(_fit_tasks(contest))
    weights = [FEATURE_EFFORT[task.name] * len(task.at) for task in features]
    weights += [_effort(contest, task) for task in fits]
    done = np.cumsum(weights) / sum(weights)
    job.progress(0.0, "Computing features" if features else "Training the first models")
    with TemporaryDirectory(prefix="counterweight-") as folder:
        inside = workers <= 1
        shared = replace(contest, job=_ChecksOnly(job)) if inside else _for_workers(contest, Path(folder))
        with Executor[Task, Any](_work, shared, workers) as executor:
            for i, (part, matrix) in enumerate(zip(features, executor.run(features, job), strict=True)):
                contest.cache.add(part.name, contest.sources[part.arm], part.at, matrix)
                job.progress(done[i], f"Features: {i + 1:,} of {len(features):,} parts are computed")
            if not inside:
                contest.cache.write(Path(folder))
            found: list[FitScores | FitFailed] = []
            at = len(features)
            for repeat in range(len(contest.folds)):
                own = [task for task in fits if task.repeat == repeat]
                measured: list[FitScores | FitFailed] = []
                for i, (task, scores) in enumerate(zip(own, executor.run(own, job), strict=True), at):
                    measured += scores
                    job.progress(done[i], _said(contest, task))
                at += len(own)
                found += _with_thresholds(contest, measured, executor, job)
    job.progress(1.0, "Compared")
    return found


def _for_workers(contest: Contest, folder: Path) -> Contest:
    return replace(contest, cache=FeatureCache(), features_in=folder)


def _with_thresholds(
    contest: Contest, measured: list[FitScores | FitFailed], executor: Executor[Task, Any], job: Job
) -> Iterator[FitScores | FitFailed]:
    """Yield the fits of a repeat with tuned thresholds beside them, and those of the arm that moves them."""
    yield from (fit for fit in measured if isinstance(fit, FitFailed))
    groups: dict[tuple[str, str], list[FitScores]] = {}
    for fit in measured:
        if isinstance(fit, FitScores):
            groups.setdefault((fit.arm, fit.learner), []).append(fit)
    names = [arm.name for arm in contest.arms]
    # Where a fold failed, the whole arm is shown as failed.
    complete = [fits for fits in groups.values() if len(fits) == len(np.unique(contest.folds[fits[0].repeat]))]
    tasks = [
        TuneTask(
            fits[0].repeat,
            names.index(fits[0].arm),
            tuple(fit.fold for fit in fits),
            tuple(fit.probabilities for fit in fits if fit.probabilities is not None),
        )
        for fits in complete
    ]
    for fits, results in zip(complete, executor.run(tasks, job), strict=True):
        for fit, result in zip(fits, results, strict=True):
            yield from _tuned_pair(fit, result)


def _tuned_pair(fit: FitScores, result: Tuned) -> Iterator[FitScores]:
    beside = {"tuned_macro_f1": result.macro_f1}
    yield replace(fit, held_out=fit.held_out | beside, probabilities=None)
    if result.fields is not None:
        fields = result.fields | {"held_out": result.fields["held_out"] | beside}
        yield replace(fit, arm=THRESHOLD, probabilities=None, **fields)


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
                if not arm.is_fitted:
                    continue
                running = [card for card in every if contest.runs(arm, contest.cards[card])]
                groups = [tuple(running)] if arm.recipe is not None else [(card,) for card in running]
                yield from (FitTask(repeat, fold, i, cards) for cards in groups)


def _effort(contest: Contest, task: FitTask) -> float:
    arm, cards = contest.arms[task.arm], [contest.cards[i] for i in task.cards]
    effort = sum(card.effort for card in cards)
    if arm.free is not None and arm.free.bags:
        effort *= BAGS_EFFORT
    if arm.recipe is not None:
        share = 1 - 1 / max(contest.split.n_folds, 2)
        each = MAKING_EFFORT[contest.dataset.kind]
        each += sum(FEATURE_EFFORT[name] for name in {card.features for card in cards} if name)
        effort += share * arm.given * each
    return effort


def _work(contest: Contest, task: Task) -> np.ndarray | list[FitScores | FitFailed] | list[Tuned]:
    if isinstance(task, FeatureTask):
        return contest.sources[task.arm].compute(task.name, task.at)
    return tuned(contest, task) if isinstance(task, TuneTask) else fits_of(contest, task)
