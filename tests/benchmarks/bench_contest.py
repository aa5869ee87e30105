"""The default contest on two processes against the same fits in a plain sequential loop.

    python -m tests.benchmarks.bench_contest [--pairs 3] [--repeats 1] [--rows 10000]
    python -m tests.benchmarks.bench_contest --side contest      one measurement of one side, for quiet minutes
    python -m tests.benchmarks.bench_contest --added             fits and seconds once an arm is added

Prints; never fails on a clock. Every free arm and one recipe (SMOTE, made anew in
each fold), every learner, five folds, one inner thread each. The plain loop
trains the same models on the same rows, one after the other, and measures each
on the test part and the held-out fold. The contest does the same and, beyond it,
bootstraps the test part for every model, keeps curves and reliability, and tunes
thresholds; the start of its processes counts. The order alternates. The default
is two repeats of the folds; a second one doubles both sides.
"""

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.seeds import digest, rng_from
from augmentors.core.split import Split, make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.evaluate.arms import Arm, all_arms
from augmentors.evaluate.free_arms import free_arms, resampled
from augmentors.evaluate.refold import repeated_folds
from augmentors.evaluate.regenerate import regenerate
from augmentors.evaluate.scoring import aligned
from augmentors.learners.metrics import scores
from augmentors.learners.registry import learners_for, make_learner
from augmentors.recipe import Recipe
from augmentors.testing import numeric_table

SIDES = ("plain", "contest")


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
        print(f"{options.side} {seconds(options.side, data, split, options.repeats):.2f} s")
        return
    timed = []
    for i in range(options.pairs):
        order = SIDES if i % 2 == 0 else SIDES[::-1]
        taken = {side: seconds(side, data, split, options.repeats) for side in order}
        timed.append(taken)
        print(f"plain {taken['plain']:.1f} s, contest {taken['contest']:.1f} s", flush=True)
    print(f"ratio {median(taken['contest'] / taken['plain'] for taken in timed):.2f} over {options.pairs} pairs")


def recipe(data: Dataset) -> Recipe:
    """Return a recipe that doubles the rare class."""
    entry = PlanEntry(target="rare", count=data.class_counts["rare"], mix=(MixPart(augmenter="smote"),))
    return Recipe(plan=Plan(entries=(entry,)))


def seconds(side: str, data: Dataset, split: Split, repeats: int) -> float:
    """Return how long one side takes."""
    began = time.perf_counter()
    if side == "plain":
        plain_loop(data, split, repeats)
    else:
        compare(data, split, [AugmentedArm("smote", recipe=recipe(data))], repeats=repeats, workers=2)
    return time.perf_counter() - began


def plain_loop(data: Dataset, split: Split, repeats: int) -> list[dict]:
    """Train and measure every model, one after the other."""
    test, classes = data.take(split.test), sorted(data.class_counts)
    arms = all_arms([AugmentedArm("smote", recipe=recipe(data))], free_arms("table"))
    found = []
    for repeat, folds in enumerate(repeated_folds(data, split, repeats, 0)):
        for fold in range(split.n_folds):
            train, held_out = (data.take(split.train[part]) for part in (folds != fold, folds == fold))
            for arm in arms:
                if arm.is_fitted:
                    found += [
                        {"test": scores(part.labels, aligned(model, part, classes, NO_JOB), classes)}
                        for model in models(arm, data, split, train, repeat, fold)
                        for part in (test, held_out)
                    ]
    return found


def models(arm: Arm, data: Dataset, split: Split, train: Dataset, repeat: int, fold: int) -> list:
    """Return the arm's fitted learners; new samples are made once for all of them."""
    extra = None
    if arm.recipe is not None:
        extra = regenerate(arm.recipe, data.take(split.train).class_counts, train).samples
    free = arm.free
    if free is not None and free.resampling is not None:
        train = resampled(train, free.resampling, rng_from("resample", 0, repeat, fold))
    how = (None, None, None, None) if free is None else (free.class_weight, None, free.ensemble, free.objective)
    fitted = []
    for card in learners_for("table"):
        if not (arm.suits(card) and arm.runs_on(card)):
            continue
        seed = int(digest("fit", 0, repeat, fold, card.key, size=6), 16) % 2**31
        fitted.append(make_learner(card.key, seed, *how).fit(train, extra))
    return fitted


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
