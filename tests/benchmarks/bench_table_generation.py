"""Generation of table samples against imbalanced-learn's `fit_resample`, as ratios of one run.

    python -m tests.benchmarks.bench_table_generation [--rows 200000] [--pairs 7]
    python -m tests.benchmarks.bench_table_generation --rows 60000 --share 0.3334 --ratio 1 --only smote [--columns 8]
    python -m tests.benchmarks.bench_table_generation --rows 1000000 --share 0.01 --memory

Prints; never fails on a clock. The second line is 20,000 minority rows and as
many new ones; the third tells how much memory SMOTE takes at most. Both sides
start from the data in memory and end with all new rows. Where ours scales
columns, imbalanced-learn gets them scaled, so that both search the same
distances. Ours also writes each row's parents, weights and drawn values,
imbalanced-learn's also copies the originals. The order alternates. What is
compiled once per machine, at the start of the app, is compiled before.
"""

import argparse
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from imblearn import over_sampling

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset
from augmentors.core.seeds import BLOCK_SIZE, rng_from
from augmentors.table import compilation
from augmentors.table.adasyn import Adasyn
from augmentors.table.borderline_smote import BorderlineSmote
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.table.smote import Smote
from augmentors.testing import numeric_table

Work = Callable[[], object]


def ours(cls: type[Augmenter], train: Dataset, n: int, **params: Any) -> Work:
    def work() -> object:
        augmenter = cls(**params).fit(train, rng_from("fit"))
        sizes = [BLOCK_SIZE] * (n // BLOCK_SIZE) + [n % BLOCK_SIZE]
        return augmenter.augment_blocks("rare", [(size, rng_from("block", i)) for i, size in enumerate(sizes)])

    return work


def theirs(sampler: type, train: Dataset, ratio: float, scale: bool) -> Work:
    X = train.frame[train.schema.features()]
    if scale:  # Both search the same distances.
        X = X / X.std()
    y = np.asarray(train.labels.astype(str))
    return lambda: sampler(sampling_strategy=ratio, random_state=0).fit_resample(X, y)


def seconds(work: Work) -> tuple[float, float]:
    """Return wall-clock and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def compare(one: Work, other: Work, pairs: int) -> list[float]:
    """Return median seconds of both, and the median ratios of pairs run side by side: clock and processor."""
    one(), other()
    timed = []
    for i in range(pairs):
        if i % 2:
            b, a = seconds(other), seconds(one)
        else:
            a, b = seconds(one), seconds(other)
        timed.append((a[0], b[0], a[0] / b[0], a[1] / b[1]))
    return [median(column) for column in zip(*timed, strict=True)]


def print_memory(train: Dataset, n: int) -> None:
    """Print the peak memory of the process before and after SMOTE, seconds beside it."""
    before = peak_gigabytes()
    wall, _ = seconds(ours(Smote, train, n))
    print(
        f"{len(train):,} rows, {n:,} new by SMOTE in {wall:.1f} s: peak {peak_gigabytes():.2f} GB ({before:.2f} before)"
    )


def peak_gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--columns", type=int, default=30)
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--ratio", type=float, default=0.2, help="minority over majority after the work")
    parser.add_argument("--only", help="the cases whose name begins so")
    parser.add_argument("--memory", action="store_true", help="tell SMOTE's peak memory instead of ratios")
    parser.add_argument("--pairs", type=int, default=7)
    arguments = parser.parse_args()
    compilation.warm_up()
    train = numeric_table(arguments.rows, arguments.columns, arguments.share)
    counts = train.class_counts
    n = int(arguments.ratio * counts["common"]) - counts["rare"]
    if arguments.memory:
        print_memory(train, n)
        return
    cases: list[tuple[str, type[Augmenter], dict[str, Any], type]] = [
        ("random_oversampling", RandomOversampling, {}, over_sampling.RandomOverSampler),
        ("smote", Smote, {}, over_sampling.SMOTE),
        ("smote scale=False", Smote, {"scale": False}, over_sampling.SMOTE),
        ("borderline_smote", BorderlineSmote, {}, over_sampling.BorderlineSMOTE),
        ("adasyn", Adasyn, {}, over_sampling.ADASYN),
    ]
    print(f"{arguments.rows:,} rows × {arguments.columns}, {counts['rare']:,} rare, {n:,} new; {arguments.pairs} pairs")
    print(f"{'augmenter':22}{'ours s':>9}{'theirs s':>10}{'ratio':>8}{'of processor time':>20}")
    for name, cls, params, sampler in cases:
        if not name.startswith(arguments.only or ""):
            continue
        both = ours(cls, train, n, **params), theirs(sampler, train, arguments.ratio, params.get("scale", True))
        mine, other, ratio, processor = compare(*both, arguments.pairs)
        print(f"{name:22}{mine:9.3f}{other:10.3f}{ratio:8.2f}{processor:20.2f}", flush=True)


if __name__ == "__main__":
    main()
