"""Train the same models with and without new samples, on the same folds, and measure them on the test part.

For each repeat and each held-out fold a model is trained on the remaining
folds, once per arm, with one seed: plain, class-weighted, and with those new
samples whose parents all lie in the remaining folds. Every model is scored on
the untouched test part at its natural balance and, beside it, on the fold that
was held out. No test sample is ever trained on; that is asserted by id.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split
from augmentors.evaluate.arms import Arm, AugmentedArm, all_arms, check_parts
from augmentors.evaluate.comparison import FEW, Comparison
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.scoring import FitScores, TestPart
from augmentors.learners.base import LearnerCard
from augmentors.learners.features import FEATURE_EFFORT, FeatureCache
from augmentors.learners.registry import learners_for, make_learner

MAX_REPEATS = 20


@dataclass(frozen=True)
class _Contest:
    """What all fits of a comparison share."""

    dataset: Dataset
    split: Split
    test: TestPart
    arms: tuple[Arm, ...]
    cards: tuple[LearnerCard, ...]
    folds: list[np.ndarray]
    cache: FeatureCache
    seed: int


def compare(
    dataset: Dataset,
    split: Split,
    arms: Sequence[AugmentedArm] = (),
    learners: Sequence[str] | None = None,
    repeats: int = 2,
    seed: int = 0,
    job: Job = NO_JOB,
    *,
    pairs: Iterable[tuple[str, str]] | None = None,
    features: FeatureCache | None = None,
) -> Comparison:
    """Return how models change with class weights and with each augmented arm.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Its test part is only scored, never trained on.
    arms : sequence of AugmentedArm
        Compared beside the plain and the class-weighted model, which are always there.
    learners : sequence of str, optional
        Keys; all learners of the kind when left out.
    repeats : int
        How often the folds are gone through, 1 to 20; the first time they are the split's own.
    seed : int
        With the same seed the result is the same.
    job : Job
        Asked whether to go on before every fit and at every batch of a net.
    pairs : iterable of (str, str), optional
        Duplicates that further repeats keep together; found again when left out.
    features : FeatureCache, optional
        Embeddings computed earlier.

    Raises
    ------
    UserError
        When a learner is unknown or of another kind, `repeats` is out of range, the
        training part has one class or one fold, or a parent lies outside the training part.
    """
    cards = _chosen(dataset, learners)
    _check(dataset, split, repeats)
    contest = _Contest(
        dataset,
        split,
        _test_part(dataset, split, seed),
        all_arms(arms),
        cards,
        repeated_folds(dataset, split, repeats, seed, pairs, job),
        features if features is not None else FeatureCache(),
        seed,
    )
    _check_parents(contest)
    fits = list(_run(contest, job))
    return Comparison(
        _facts(contest, repeats),
        contest.test.classes,
        dict(zip(contest.test.classes, contest.test.support.tolist(), strict=True)),
        contest.test.grid,
        contest.arms,
        cards,
        fits,
        1 / (split.n_folds - 1),
        _notes(contest, fits),
    )


def _run(contest: _Contest, job: Job) -> Iterator[FitScores]:
    """Yield the scores of every fit; progress counts features first, then fits by their effort."""
    per_round = sum(card.effort for card in contest.cards) * len(contest.arms)
    rounds = [(r, f) for r, folds in enumerate(contest.folds) for f in np.unique(folds).tolist()]
    preparing = _feature_effort(contest)
    total = preparing + per_round * len(rounds)
    _prepare_features(contest, job.part(0.0, preparing / total))
    done = preparing
    for number, (repeat, fold) in enumerate(rounds):
        for arm in contest.arms:
            extra = arm.extra(contest.split, contest.folds[repeat], fold)
            for card in contest.cards:
                job.check()
                job.progress(done / total, f"Fold {number + 1} of {len(rounds)}: {card.title}, {arm.title}")
                yield _fit(contest, repeat, fold, arm, card, extra, job)
                done += card.effort
    job.progress(1.0, "Compared")


def _fit(
    contest: _Contest, repeat: int, fold: int, arm: Arm, card: LearnerCard, extra: Samples | None, job: Job
) -> FitScores:
    folds, ids = contest.folds[repeat], contest.split.train
    train = contest.dataset.take(ids[folds != fold])
    held_out = contest.dataset.take(ids[folds == fold])
    _assert_no_test_sample(contest.split, train, extra)
    # One seed for all arms: they differ in their data alone.
    seed = int(digest("fit", contest.seed, repeat, fold, card.key, size=6), 16) % 2**31
    learner = make_learner(card.key, seed, arm.class_weight, contest.cache)
    learner.fit(train, extra, job)
    used = len(extra) if extra is not None else 0
    measured = contest.test.measure(learner, held_out, job)
    return FitScores(arm.name, card.key, repeat, fold, len(train), used, **measured)


def _assert_no_test_sample(split: Split, train: Dataset, extra: Samples | None) -> None:
    test = set(split.test)
    if not test.isdisjoint(train.ids):
        raise AssertionError("a test sample was about to be trained on")
    if extra is not None and not (test.isdisjoint(extra.frame.index) and test.isdisjoint(extra.parents.ravel())):
        raise AssertionError("a test sample, or a child of one, was about to be trained on")


def _chosen(dataset: Dataset, learners: Sequence[str] | None) -> tuple[LearnerCard, ...]:
    known = learners_for(dataset.kind)
    if learners is None:
        return known
    by_key = {card.key: card for card in known}
    unknown = next((key for key in learners if key not in by_key), None)
    if unknown is not None or not learners:
        raise UserError(
            f"There is no learner '{unknown or ''}' for {dataset.kind} data.",
            f"Known are: {', '.join(by_key)}.",
        )
    return tuple(by_key[key] for key in dict.fromkeys(learners))


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


def _check_parents(contest: _Contest) -> None:
    """Refuse arms with parents outside the training part before anything is fitted."""
    for arm in contest.arms:
        arm.extra(contest.split, contest.folds[0], -1)


def _test_part(dataset: Dataset, split: Split, seed: int) -> TestPart:
    classes = sorted(set(dataset.take(split.train).labels) | set(dataset.take(split.test).labels))
    return TestPart(dataset.take(split.test), classes, rng_from("bootstrap", seed, len(split.test)))


def _feature_names(contest: _Contest) -> list[str]:
    return list(dict.fromkeys(card.features for card in contest.cards if card.features))


def _feature_effort(contest: _Contest) -> float:
    samples = len(contest.split.train) + len(contest.split.test)
    samples += sum(len(arm.samples) for arm in contest.arms if arm.samples is not None)
    return sum(FEATURE_EFFORT[name] * samples for name in _feature_names(contest))


def _prepare_features(contest: _Contest, job: Job) -> None:
    """Compute the features of all real and new samples once; the fits find them in the cache."""
    everything = contest.dataset.take([*contest.split.train, *contest.split.test])
    wanted = [None, *(arm.samples for arm in contest.arms if arm.samples is not None)]
    steps = [(name, extra) for name in _feature_names(contest) for extra in wanted]
    weights = [FEATURE_EFFORT[n] * (len(everything) if e is None else len(e)) for n, e in steps]
    ends = np.cumsum([0.0, *weights]) / max(sum(weights), 1e-9)
    for (name, extra), start, end in zip(steps, ends[:-1], ends[1:], strict=True):
        real = everything if extra is None else everything.take([])
        if len(real) or (extra is not None and len(extra)):
            contest.cache.of(name, real, extra, job.part(float(start), float(end)))


def _facts(contest: _Contest, repeats: int) -> dict[str, object]:
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


def _notes(contest: _Contest, fits: list[FitScores]) -> list[str]:
    notes = []
    few = [(c, int(n)) for c, n in zip(contest.test.classes, contest.test.support, strict=True) if n < FEW]
    if few:
        named = ", ".join(f"'{label}' ({n})" for label, n in few[:8]) + (" …" if len(few) > 8 else "")
        notes.append(f"Classes with fewer than {FEW} test samples say little: {named}.")
    for arm in contest.arms:
        if arm.samples is None or not len(arm.samples):
            continue
        given, used = len(arm.samples), np.mean([fit.used for fit in fits if fit.arm == arm.name])
        notes.append(
            f"{arm.title}: of {given:,} new samples {used:,.0f} are trained on per fit, because children of "
            "held-out samples are left out."
        )
        lost = int((arm.samples.parents == "").all(axis=1).sum())
        if lost:
            notes.append(
                f"{arm.title}: {lost:,} new samples have no parents, so their generator saw every fold; "
                "they are left out here."
            )
    return notes
