"""Train models of numbers, or of several labels, with and without new rows, on the same folds, and measure them.

As `compare` does for classes: per repeat and held-out fold a model is trained
on the remaining folds, once per arm, with one seed; new rows are made from the
remaining folds alone. The ranges of the target are those frozen with the split.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import AugmentedArm, all_arms, check_parts
from augmentors.evaluate.label_scores import LabelTest
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.target_arms import label_free_arms, target_free_arms
from augmentors.evaluate.target_comparison import TargetComparison
from augmentors.evaluate.target_fits import TargetContest, all_target_fits
from augmentors.evaluate.target_scores import TargetTest, bootstraps
from augmentors.evaluate.terms import TERMS
from augmentors.learners.labellers import labeller_cards
from augmentors.learners.regressors import regressor_cards

MAX_REPEATS = 20


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
    keep_in: Path | None = None,
) -> TargetComparison:
    """Return how models change with each free alternative and with each augmented arm.

    Parameters
    ----------
    dataset : Dataset
        For regression with the ranges of its target; see `explore.rare_ranges.with_ranges`.
    split, arms, learners, repeats, seed, job, workers, pairs, free, keep_in
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
        keep_in,
    )
    for arm in contest.arms:  # parents outside the training part are refused before anything is fitted
        arm.taken_over(split, contest.folds[0], -1)
    return TargetComparison.of(contest, repeats, all_target_fits(contest, workers, job))
