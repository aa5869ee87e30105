"""The default contest on two processes against the same fits in a plain sequential loop.

    python -m tests.benchmarks.bench_contest [--pairs 3] [--repeats 1] [--rows 10000]
    python -m tests.benchmarks.bench_contest --side contest      one measurement of one side, for quiet minutes
    python -m tests.benchmarks.bench_contest --added             fits and seconds once an arm is added

Prints; never fails on a clock. The arms and learners that run unasked, one recipe
(SMOTE, made anew in each fold), five folds, one inner thread each. The plain loop
trains the same learners with the same seeds on the same rows, one after the other,
and measures each on the test part and the held-out fold; after each pair both sides'
scores are compared fit by fit, so neither side can do more or other fits. Both make
SMOTE's rows once per fold for all learners. The contest does the same and, beyond it,
bootstraps the test part for every model, keeps curves and reliability, and tunes
thresholds; the start of its processes counts. The order alternates. A contest has two
repeats of the folds unless told otherwise; a second one doubles both sides.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split, make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.evaluate.arms import Arm, all_arms
from augmentors.evaluate.chosen import chosen_learners
from augmentors.evaluate.free_arms import free_arms, resampled
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.regenerate import regenerate
from augmentors.evaluate.scoring import aligned
from augmentors.learners.base import Learner, LearnerCard
from augmentors.learners.metrics import scores
from augmentors.learners.registry import make_learner
from augmentors.recipe import Recipe
from augmentors.testing import numeric_table

SIDES = ("plain", "contest")
Scores = dict[tuple[str, str, int, int], tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--added", action="store_true")
    options = parser.parse_args()
    data = numeric_table(options.rows, options.columns, 0.05)
    split = make_split(data)
    if options.added:
        print_added(data, split, options.repeats)
        return
    if options.side:
        print(f"{options.side} {measured(options.side, data, split, options.repeats)[0]:.2f} s")
        return
    timed = []
    for i in range(options.pairs):
        order = SIDES if i % 2 == 0 else SIDES[::-1]
        sides = {side: measured(side, data, split, options.repeats) for side in order}
        check_same_fits(sides["plain"][1], sides["contest"][1])
        timed.append(sides["contest"][0] / sides["plain"][0])
        fits = len(sides["plain"][1])
        print(f"{fits} fits: plain {sides['plain'][0]:.1f} s, contest {sides['contest'][0]:.1f} s", flush=True)
    print(f"ratio {median(timed):.2f} ({min(timed):.2f} to {max(timed):.2f}) over {options.pairs} pairs")


def recipe(data: Dataset) -> Recipe:
    """Return a recipe that doubles the rare class."""
    entry = PlanEntry(target="rare", count=data.class_counts["rare"], mix=(MixPart(augmenter="smote"),))
    return Recipe(plan=Plan(entries=(entry,)))


def measured(side: str, data: Dataset, split: Split, repeats: int) -> tuple[float, Scores]:
    """Return how long one side takes, and macro-F1 of every fit on the test part and on its held-out fold."""
    began = time.perf_counter()
    if side == "plain":
        found = plain_loop(data, split, repeats)
        return time.perf_counter() - began, found
    result = compare(data, split, [AugmentedArm("smote", recipe=recipe(data))], repeats=repeats, workers=2)
    taken = time.perf_counter() - began
    trained = {arm.name for arm in result.arms if arm.is_fitted}
    return taken, {
        (fit.arm, fit.learner, fit.repeat, fit.fold): (fit.test["macro_f1"], fit.held_out["macro_f1"])
        for fit in result.fits
        if fit.arm in trained
    }


def check_same_fits(plain: Scores, contest: Scores) -> None:
    """Stop where the sides did not train the same models."""
    if plain.keys() != contest.keys():
        raise SystemExit(f"only one side trained {sorted(plain.keys() ^ contest.keys())[:5]}")
    other = [fit for fit in plain if not np.allclose(plain[fit], contest[fit], atol=1e-12, rtol=0)]
    if other:
        raise SystemExit(
            f"{len(other)} fits have other scores, first {other[0]}: {plain[other[0]]}, {contest[other[0]]}"
        )


def plain_loop(data: Dataset, split: Split, repeats: int) -> Scores:
    """Train and measure every model, one after the other."""
    test, classes = data.take(split.test), sorted(data.class_counts)
    arms = all_arms([AugmentedArm("smote", recipe=recipe(data))], free_arms("table"))
    cards = chosen_learners("table", None, arms)
    found = {}
    for repeat, folds in enumerate(repeated_folds(data, split, repeats, 0)):
        for fold in range(split.n_folds):
            train, held_out = (data.take(split.train[part]) for part in (folds != fold, folds == fold))
            for arm in (arm for arm in arms if arm.is_fitted):
                for card, model in models(arm, cards, data, split, train, repeat, fold):
                    on_test, on_fold = (
                        scores(part.labels, aligned(model, part, classes, NO_JOB), classes)["macro_f1"]
                        for part in (test, held_out)
                    )
                    found[arm.name, card.key, repeat, fold] = (on_test, on_fold)
    return found


def models(
    arm: Arm, cards: Sequence[LearnerCard], data: Dataset, split: Split, train: Dataset, repeat: int, fold: int
) -> Iterator[tuple[LearnerCard, Learner]]:
    """Yield the arm's fitted learners; new samples are made once for all of them."""
    extra = None
    if arm.recipe is not None:
        extra = regenerate(arm.recipe, data.take(split.train).class_counts, train).samples
    free = arm.free
    if free is not None and free.resampling is not None:
        train = resampled(train, free.resampling, rng_from("resample", 0, repeat, fold))
    how = (None, None, None, None) if free is None else (free.class_weight, None, free.ensemble, free.objective)
    for card in cards:
        if arm.suits(card) and arm.runs_on(card):
            seed = int(digest("fit", 0, repeat, fold, card.key, size=6), 16) % 2**31
            yield card, make_learner(card.key, seed, *how).fit(train, extra)


def print_added(data: Dataset, split: Split, repeats: int) -> None:
    """Print what a contest takes with one arm less, then with all, then once more."""
    every = [arm.key for arm in free_arms("table")]
    with TemporaryDirectory() as folder:
        for name, free in (("one arm less", every[:-2] + every[-1:]), ("that arm added", every), ("once more", every)):
            kept, began = fits_in(folder), time.perf_counter()
            compare(data, split, repeats=repeats, workers=2, free=free, keep_in=Path(folder))
            print(f"{name}: {fits_in(folder) - kept} results made, {time.perf_counter() - began:.1f} s", flush=True)


def fits_in(folder: str) -> int:
    return len(list(Path(folder).iterdir()))


if __name__ == "__main__":
    main()
