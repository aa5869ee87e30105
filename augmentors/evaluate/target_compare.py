"""Train models of numbers, or of several labels, with and without new rows, on the same folds, and measure them.

As `compare` does for classes: per repeat and held-out fold a model is trained
on the remaining folds, once per arm, with one seed; new rows are made from the
remaining folds alone. The ranges of the target are those frozen with the split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm, AugmentedArm, all_arms, check_parts
from augmentors.evaluate.free_arms import resampled
from augmentors.evaluate.label_scores import LabelTest
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.regenerate import Refused, regenerate
from augmentors.evaluate.scoring import FitFailed
from augmentors.evaluate.target_arms import RELEVANCE, label_free_arms, relevance_weights, target_free_arms
from augmentors.evaluate.target_comparison import TargetComparison
from augmentors.evaluate.target_scores import TargetFit, TargetTest, bootstraps
from augmentors.evaluate.terms import TERMS, Terms
from augmentors.executors import run_in_order
from augmentors.learners.base import LearnerCard
from augmentors.learners.labellers import Labeller, labeller_cards, make_labeller
from augmentors.learners.regressors import Regressor, make_regressor, regressor_cards

MAX_REPEATS, LONGEST_REASON = 20, 300


@dataclass(frozen=True)
class TargetContest:
    """What all fits share."""

    dataset: Dataset
    split: Split
    test: TargetTest | LabelTest
    arms: tuple[Arm, ...]
    cards: tuple[LearnerCard, ...]
    folds: list[np.ndarray]
    seed: int
    terms: Terms


@dataclass(frozen=True)
class TargetTask:
    """One arm on one fold with every learner: new rows are made once."""

    repeat: int
    fold: int
    arm: int


def compare_targets(
    dataset: Dataset,
    split: Split,
    arms: Sequence[AugmentedArm] = (),
    learners: Sequence[str] | None = None,
    repeats: int = 2,
    seed: int = 0,
    job: Job = NO_JOB,
    *,
    workers: int = 1,
    pairs: Iterable[tuple[str, str]] | None = None,
    free: Sequence[str] | None = None,
) -> TargetComparison:
    """Return how models change with each free alternative and with each augmented arm.

    Parameters
    ----------
    dataset : Dataset
        For regression with the ranges of its target; see `explore.rare_ranges.with_ranges`.
    split, arms, learners, repeats, seed, job, workers, pairs, free
        As of `compare`.

    Raises
    ------
    UserError
        When a learner or arm is unknown, `repeats` is out of range, the training part has one fold, or no
        plain model could be trained.
    """
    if not 1 <= repeats <= MAX_REPEATS:
        raise UserError(f"The number of repeats must be between 1 and {MAX_REPEATS}; got {repeats}.")
    check_parts(split, dataset)
    if len(np.unique(split.folds)) < 2:
        raise UserError(
            "The training part has only one fold, since groups or duplicates link all its samples; "
            "a comparison needs at least 2.",
            "Choose another group column or switch off near-duplicates.",
        )
    part, draws = dataset.take(split.test), bootstraps(len(split.test), rng_from("bootstrap", seed, len(split.test)))
    terms, keys = TERMS[dataset.schema.task], None if learners is None else list(learners)
    number = terms.task == "regression"
    contest = TargetContest(
        dataset,
        split,
        TargetTest(part, draws) if number else LabelTest(part, draws),
        all_arms(arms, target_free_arms(free) if number else label_free_arms(free)),
        regressor_cards(keys) if number else labeller_cards(keys),
        repeated_folds(dataset, split, repeats, seed, pairs, job),
        seed,
        terms,
    )
    for arm in contest.arms:  # parents outside the training part are refused before anything is fitted
        arm.taken_over(split, contest.folds[0], -1)
    return TargetComparison.of(contest, repeats, _all_fits(contest, workers, job))


def _all_fits(contest: TargetContest, workers: int, job: Job) -> list[TargetFit | FitFailed]:
    tasks = [
        TargetTask(repeat, int(fold), arm)
        for repeat, folds in enumerate(contest.folds)
        for fold in np.unique(folds)
        for arm in range(len(contest.arms))
    ]
    found: list[TargetFit | FitFailed] = []
    job.progress(0.0, "Training the first models")
    for i, (task, fits) in enumerate(zip(tasks, run_in_order(_fits, contest, tasks, workers, job), strict=True), 1):
        found += fits
        job.progress(i / len(tasks), f"Fit {i:,} of {len(tasks):,}: {contest.arms[task.arm].title}")
    return found


def _fits(contest: TargetContest, task: TargetTask) -> list[TargetFit | FitFailed]:
    """Return the scores of each learner, or why it failed: what fails in one arm stops no other."""
    arm = contest.arms[task.arm]
    try:
        train, extra, weights, refused = _trained_on(contest, task)
    except (Cancelled, AssertionError):
        raise
    except Exception as error:  # whatever a library raises here concerns this arm alone
        return [_failed(arm, card, task, error) for card in contest.cards]
    folds, ids = contest.folds[task.repeat], contest.split.train
    held_out = contest.dataset.take(ids[folds == task.fold])
    fits: list[TargetFit | FitFailed] = []
    for card in contest.cards:
        # One seed for all arms: they differ in their data alone.
        seed = int(digest("fit", contest.seed, task.repeat, task.fold, card.key, size=6), 16) % 2**31
        try:
            model = _model(contest, card.key, seed, arm).fit(train, extra, weights)
            measured: Any = contest.test.measured(model.predict(contest.test.data), held_out, model.predict(held_out))
        except (Cancelled, AssertionError):
            raise
        except Exception as error:  # as above
            fits.append(_failed(arm, card, task, error))
            continue
        used = 0 if extra is None else len(extra)
        fits.append(TargetFit(arm.name, card.key, task.repeat, task.fold, len(train), used, refused, **measured))
    return fits


def _model(contest: TargetContest, key: str, seed: int, arm: Arm) -> Regressor | Labeller:
    if contest.terms.task == "regression":
        return make_regressor(key, seed)
    return make_labeller(key, seed, balanced=arm.free is not None and arm.free.class_weight is not None)


def _trained_on(contest: TargetContest, task: TargetTask) -> tuple[Dataset, Samples | None, np.ndarray | None, Refused]:
    """Return real rows, new rows, weights of the real ones, and which ranges got none."""
    arm, folds, ids = contest.arms[task.arm], contest.folds[task.repeat], contest.split.train
    train = contest.dataset.take(ids[folds != task.fold])
    extra, weights = None, None
    refused: Refused = ()
    dropped: set[str] = set(arm.dropped)
    if arm.recipe is not None:
        made = regenerate(arm.recipe, contest.dataset.take(ids).class_counts, train)
        extra, refused, dropped = made.samples, made.refused, set(made.dropped)
    else:
        extra = arm.taken_over(contest.split, folds, task.fold)
    if extra is not None and not set(extra.parents.ravel()) <= {"", *train.ids}:
        raise AssertionError("a child of a held-out sample was about to be trained on")
    if dropped:
        train = train.take([i for i in train.ids if i not in dropped])
    if arm.free is not None and arm.free.resampling is not None:
        train = resampled(train, arm.free.resampling, rng_from("resample", contest.seed, task.repeat, task.fold))
    if arm.name == RELEVANCE:
        weights = relevance_weights(train)
    if not set(contest.split.test).isdisjoint(train.ids):
        raise AssertionError("a test sample was about to be trained on")
    return train, extra, weights, refused


def _failed(arm: Arm, card: LearnerCard, task: TargetTask, error: Exception) -> FitFailed:
    words = error.message if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
    reason = " ".join(words.split())[:LONGEST_REASON].rstrip(".: ")
    return FitFailed(arm.name, card.key, task.repeat, task.fold, reason)
