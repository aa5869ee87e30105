"""Train the same models with and without new samples, on the same folds, and measure them on the test part.

For each repeat and each held-out fold a model is trained on the remaining
folds, once per arm, with one seed: plain, by each free alternative (see
`free_arms`), and with new samples made from the remaining folds alone. Every model is scored on
the untouched test part at its natural balance and, beside it, on the fold that
was held out. No test sample is ever trained on; that is asserted by id.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm, AugmentedArm, all_arms, check_parts, is_fixmatch
from augmentors.evaluate.chosen import chosen_learners, partial_arms
from augmentors.evaluate.comparison import FEW, Comparison
from augmentors.evaluate.contest import Contest
from augmentors.evaluate.decision_scores import decision_scores
from augmentors.evaluate.free_arms import PLAIN, free_arms
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.safe_folds import is_unlabelled
from augmentors.evaluate.schedule import all_fits
from augmentors.evaluate.scoring import FitFailed, FitScores, TestPart, without_failures
from augmentors.evaluate.strong_views import views_for
from augmentors.learners.base import LearnerCard
from augmentors.learners.costs import cost_array
from augmentors.learners.features import FeatureCache
from augmentors.learners.metrics import class_codes
from augmentors.learners.pretrained import check_seen, places_of

MAX_REPEATS = 20


def compare(
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
    features: FeatureCache | None = None,
    free: Sequence[str] | None = None,
    costs: pd.DataFrame | None = None,
    keep_in: Path | None = None,
    strong_views: str = "auto",
) -> Comparison:
    """Return how models change with each free alternative and with each augmented arm.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Its test part is only scored, never trained on.
    arms : sequence of AugmentedArm
        Compared beside the plain model, which is always there, and the free alternatives.
    learners : sequence of str, optional
        Keys; when left out all of the kind but those that are only trained for certain arms, and these where such
        an arm was asked for. ``package.module:name`` is an estimator of one's own; given alone, it runs beside all
        learners of the kind. ``encoder:FOLDER`` is logistic regression on an embedding that `pretrain` learnt.
    repeats : int
        How often the folds are gone through, 1 to 20; the first time they are the split's own.
    seed : int
        With the same seed the result is the same.
    job : Job
        Asked whether to go on before every fit and at every batch of a net.
    workers : int
        Processes; the result does not depend on it. With more than one, a script must guard its start by
        ``if __name__ == "__main__":``.
    pairs : iterable of (str, str), optional
        Duplicates that further repeats keep together; found again when left out.
    features : FeatureCache, optional
        Embeddings computed earlier.
    free : sequence of str, optional
        Keys or groups of the free alternatives (see `free_arms`). When left out those that run by default, and
        learners that take long run the light ones alone; ``["none"]`` runs none.
    costs : DataFrame, optional
        What it costs to decide for the column's class when the row's is true.
    keep_in : Path, optional
        Folder where each finished fit is kept under a hash of all it depends on, and looked for: a comparison
        that is resumed, or has one arm more, trains only what is new.
    strong_views : {"auto", "eda", "apertium", "model"}
        How FixMatch changes unlabelled texts (see `text.strong_views`); what is done is among the notes.

    Raises
    ------
    UserError
        When a learner or arm is unknown or of another kind, `repeats` is out of range, the
        training part has one class or one fold, a parent lies outside the training part,
        the cost matrix does not fit the classes, or no plain model could be trained.
    """
    every = all_arms(arms, free_arms(dataset.kind, free, dataset.unlabelled is not None))
    cards = chosen_learners(dataset.kind, learners, every, free or ())
    _check(dataset, split, repeats)
    check_seen(cards, dataset.take(split.train))
    contest = Contest(
        dataset,
        split,
        _test_part(dataset, split, seed, costs),
        every,
        cards,
        repeated_folds(dataset, split, repeats, seed, pairs, job),
        features if features is not None else FeatureCache(),
        seed,
        every_arm=free is not None,
        views=views_for(dataset, strong_views) if any(map(is_fixmatch, every)) else None,
        keep_in=keep_in,
        encoders=places_of(cards),
    )
    _check_parents(contest)
    return _result(contest, repeats, all_fits(contest, workers, job.part(0.0, 1.0)))


def _result(contest: Contest, repeats: int, results: list[FitScores | FitFailed]) -> Comparison:
    fits, failures = without_failures(results)
    test = contest.test
    codes = class_codes(contest.dataset.take(contest.split.train).labels, test.classes)
    decisions = decision_scores(fits, test.classes, codes, contest.folds[0], test.codes)
    fits = [replace(fit, probabilities=None) for fit in fits]
    return Comparison(
        _facts(contest, repeats),
        test.classes,
        dict(zip(test.classes, test.support.tolist(), strict=True)),
        test.grid,
        contest.arms,
        _measured(contest.cards, fits, failures),
        fits,
        1 / (contest.split.n_folds - 1),
        _notes(contest, fits),
        failures,
        test.costs is not None,
        decisions,
    )


def _check(dataset: Dataset, split: Split, repeats: int) -> None:
    if not 1 <= repeats <= MAX_REPEATS:
        raise UserError(f"The number of repeats must be between 1 and {MAX_REPEATS}; got {repeats}.")
    check_parts(split, dataset)
    classes = dataset.take(split.train).class_counts
    if len(classes) < 2:
        raise UserError(
            f"The training part has {len(classes)} class; a comparison needs at least 2.",
            "Choose another label column.",
        )
    if len(np.unique(split.folds)) < 2:
        raise UserError(
            "The training part has only one fold, since groups or duplicates link all its samples; "
            "a comparison needs at least 2.",
            "Choose another group column or switch off near-duplicates.",
        )


def _check_parents(contest: Contest) -> None:
    """Refuse arms with parents outside the training part before anything is fitted."""
    for arm in contest.arms:
        arm.taken_over(contest.split, contest.folds[0], -1)


def _test_part(dataset: Dataset, split: Split, seed: int, costs: pd.DataFrame | None) -> TestPart:
    classes = sorted(set(dataset.take(split.train).labels) | set(dataset.take(split.test).labels))
    matrix = None if costs is None else cost_array(costs, classes)
    return TestPart(dataset.take(split.test), classes, rng_from("bootstrap", seed, len(split.test)), matrix)


def _measured(
    cards: tuple[LearnerCard, ...], fits: list[FitScores], failures: list[FitFailed]
) -> tuple[LearnerCard, ...]:
    """Return the learners whose plain model could be trained: without it there is nothing to compare with."""
    plain = {fit.learner for fit in fits if fit.arm == PLAIN}
    if not plain:
        first = next(failure for failure in failures if failure.arm == PLAIN)
        raise UserError(
            f"No model could be trained on this data; {first.learner} failed with: {first.reason}.",
            "Choose other learners or look at the data's health.",
        )
    return tuple(card for card in cards if card.key in plain)


def _facts(contest: Contest, repeats: int) -> dict[str, object]:
    return {
        "kind": contest.dataset.kind,
        "dataset_fingerprint": contest.dataset.fingerprint,
        "split_hash": contest.split.hash,
        "seed": contest.seed,
        "repeats": repeats,
        "folds": contest.split.n_folds,
        "train": len(contest.split.train),
        "test": len(contest.split.test),
    }


def _notes(contest: Contest, fits: list[FitScores]) -> list[str]:
    notes = []
    few = [(c, int(n)) for c, n in zip(contest.test.classes, contest.test.support, strict=True) if n < FEW]
    if few:
        named = ", ".join(f"'{label}' ({n})" for label, n in few[:8]) + (" …" if len(few) > 8 else "")
        notes.append(f"Classes with fewer than {FEW} test samples say little: {named}.")
    plain = [fit for fit in fits if fit.arm == PLAIN]
    skipped = [
        (arm.title, card.title)
        for card in contest.cards
        for arm in contest.arms
        if arm.suits(card) and not contest.runs(arm, card)
    ]
    if skipped:
        notes.append(
            f"{skipped[0][1]} takes long and is trained in the light arms alone; not by default: "
            f"{', '.join(dict.fromkeys(arm for arm, _ in skipped))}."
        )
    notes += partial_arms(contest.arms, contest.cards)
    if contest.views is not None:
        notes += [f"{arm.title}: {contest.views.told}" for arm in contest.arms if is_fixmatch(arm)]
    for arm in contest.arms:
        notes += _arm_notes(arm, [fit for fit in fits if fit.arm == arm.name], plain)
    return notes


def _arm_notes(arm: Arm, fits: list[FitScores], plain: list[FitScores]) -> list[str]:
    """Return how many new samples an arm's models were trained on, and why not more."""
    if arm.free is not None and arm.free.between_vectors and fits:
        return _vector_notes(arm, fits)
    if arm.augmented is None or not fits:
        return []
    whole = {(other.repeat, other.fold): other.n_fit for other in plain}
    fewer = np.mean([whole.get((fit.repeat, fit.fold), fit.n_fit) - fit.n_fit for fit in fits])
    notes = [f"{arm.title}: its selectors drop {fewer:,.0f} originals per fit."] if fewer else []
    return notes + (_new_notes(arm, fits) if arm.given else [])


def _new_notes(arm: Arm, fits: list[FitScores]) -> list[str]:
    assert arm.augmented is not None
    used = f"{np.mean([fit.used for fit in fits]):,.0f}"
    notes = [f"{arm.title}: {used} new samples are trained on per fit (all of the training part gives {arm.given:,}). "]
    if arm.recipe is not None:
        notes[0] += "They are made anew from each fold's training part."
        notes += _refused_notes(arm, fits)
    elif arm.samples is not None:
        notes[0] += "Children of held-out samples are left out"
        notes[0] += f": {arm.augmented.why_kept}." if arm.augmented.why_kept else "."
        parents = arm.samples.parents
        lost = int(((parents == "") | is_unlabelled(parents)).all(axis=1).sum())
        if lost:
            notes.append(
                f"{arm.title}: {lost:,} new samples have no parents among the training samples, so what made or "
                "labelled them saw every fold; they are left out here."
            )
    return notes


def _vector_notes(arm: Arm, fits: list[FitScores]) -> list[str]:
    used = f"{np.mean([fit.used for fit in fits]):,.0f}"
    said = "They are no samples: what helps here cannot be exported."
    return [f"{arm.title}: {used} vectors are added per fit. {said}", *_refused_notes(arm, fits)]


def _refused_notes(arm: Arm, fits: list[FitScores]) -> list[str]:
    refused = Counter(pair for fit in fits for pair in set(fit.refused))
    return [
        f"{arm.title}: in {times:,} of {len(fits):,} fits not for '{target}': {reason}."
        for (target, reason), times in sorted(refused.items())
    ]
