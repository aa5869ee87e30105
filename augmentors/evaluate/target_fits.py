"""The fits of a comparison of numbers or label sets: shared out, read where they were kept, measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, UserError
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.fit_keys import FitKeys
from augmentors.evaluate.free_arms import resampled
from augmentors.evaluate.kept_fits import KeptFits
from augmentors.evaluate.label_scores import LabelTest
from augmentors.evaluate.regenerate import Refused, regenerate
from augmentors.evaluate.scoring import FitFailed
from augmentors.evaluate.target_arms import RELEVANCE, relevance_weights
from augmentors.evaluate.target_scores import TargetFit, TargetTest
from augmentors.evaluate.terms import Terms
from augmentors.executors import run_in_order
from augmentors.learners.base import LearnerCard
from augmentors.learners.labellers import Labeller, make_labeller
from augmentors.learners.regressors import Regressor, make_regressor

LONGEST_REASON = 300
Place = tuple[int, int, int, int]  # repeat, fold, arm, learner


@dataclass(frozen=True)
class TargetContest:
    """What all fits share; finished ones are kept in a folder where there is one."""

    dataset: Dataset
    split: Split
    test: TargetTest | LabelTest
    arms: tuple[Arm, ...]
    cards: tuple[LearnerCard, ...]
    folds: list[np.ndarray]
    seed: int
    terms: Terms
    keep_in: Path | None = None
    costs: None = None  # only decisions between classes have costs and thresholds
    moves_threshold: bool = False
    views: None = None


@dataclass(frozen=True)
class TargetTask:
    """One arm on one fold with some learners: new rows are made once."""

    repeat: int
    fold: int
    arm: int
    cards: tuple[int, ...]


def all_target_fits(contest: TargetContest, workers: int, job: Job) -> list[TargetFit | FitFailed]:
    """Return every fit in order; what is kept of an earlier contest is not done again."""
    kept = _Kept(contest)
    found: dict[Place, TargetFit | FitFailed | None] = {place: kept.read(place) for place in _places(contest)}
    tasks = list(_missing(found))
    done = sum(fit is not None for fit in found.values())
    earlier = f"{done:,} of {len(found):,} fits are kept from earlier. " if done else ""
    job.progress(0.0, f"{earlier}Training the first models")
    for i, (task, fits) in enumerate(zip(tasks, run_in_order(_fits, contest, tasks, workers, job), strict=True), 1):
        for card, fit in zip(task.cards, fits, strict=True):
            place = (task.repeat, task.fold, task.arm, card)
            found[place] = fit
            kept.write(place, fit)
        job.progress(i / len(tasks), f"Fit {i:,} of {len(tasks):,}: {contest.arms[task.arm].title}")
    job.progress(1.0, "Compared")
    return [fit for fit in found.values() if fit is not None]


def _places(contest: TargetContest) -> Iterator[Place]:
    for repeat, folds in enumerate(contest.folds):
        for fold in np.unique(folds).tolist():
            for arm in range(len(contest.arms)):
                yield from ((repeat, fold, arm, card) for card in range(len(contest.cards)))


def _missing(found: dict[Place, TargetFit | FitFailed | None]) -> Iterator[TargetTask]:
    cards: dict[tuple[int, int, int], list[int]] = {}
    for (repeat, fold, arm, card), fit in found.items():
        if fit is None:
            cards.setdefault((repeat, fold, arm), []).append(card)
    yield from (TargetTask(*where, tuple(of)) for where, of in cards.items())


class _Kept:
    """What is kept from earlier; nothing without a folder. What failed is tried again the next time."""

    def __init__(self, contest: TargetContest) -> None:
        self._store = None if contest.keep_in is None else KeptFits(contest.keep_in)
        self._keys = None if self._store is None else FitKeys(contest)
        self._arms = contest.arms

    def read(self, place: Place) -> TargetFit | None:
        """Return a fit made earlier, under the name that its arm has now."""
        if self._store is None or self._keys is None:
            return None
        repeat, fold, arm, card = place
        fit = self._store.read(self._keys.fit(repeat, arm, card, fold))
        return replace(fit, arm=self._arms[arm].name) if isinstance(fit, TargetFit) else None

    def write(self, place: Place, fit: TargetFit | FitFailed) -> None:
        """Keep a fit."""
        if self._store is not None and self._keys is not None and isinstance(fit, TargetFit):
            repeat, fold, arm, card = place
            self._store.write(self._keys.fit(repeat, arm, card, fold), fit)


def _fits(contest: TargetContest, task: TargetTask) -> list[TargetFit | FitFailed]:
    """Return the scores of each learner, or why it failed: what fails in one arm stops no other."""
    arm, cards = contest.arms[task.arm], [contest.cards[i] for i in task.cards]
    try:
        train, extra, weights, refused = _trained_on(contest, task)
    except (Cancelled, AssertionError):
        raise
    except Exception as error:  # whatever a library raises here concerns this arm alone
        return [_failed(arm, card, task, error) for card in cards]
    folds, ids = contest.folds[task.repeat], contest.split.train
    held_out = contest.dataset.take(ids[folds == task.fold])
    fits: list[TargetFit | FitFailed] = []
    for card in cards:
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
