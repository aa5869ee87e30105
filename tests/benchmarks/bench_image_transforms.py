"""Each transform of Albumentations through the contract against the bare call, in one process.

    python tests/benchmarks/bench_image_transforms.py [--side 256] [--pairs 7] [--in-memory] [KEY …]

Ours is the path of a run: a block's draws made beforehand, then seeding, reading
the parents, whatever depends on the size of the image, the call, the trace and the
checks, one image after the other. The bare side is a plain script: a loop with cv2
and the library's call alone, its generators handed over beforehand, so that both
draw and compute the same. Each reads another JPEG file per image and encodes what it
made; with ``--in-memory`` the pixels are at hand and nothing is encoded. A ratio
above 1 means that ours was faster; below 256 pixels what counts is the time added,
in microseconds per image.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.job import NO_JOB, Job
from augmentors.explore.images import read_pixels
from augmentors.image.encode import encode
from augmentors.image.library_family import LIBRARY_AUGMENTERS, LibraryAugmenter

BLOCK, BLOCK_OF_SLOW = 64, 4
SLOWEST_S = 0.02


def main() -> None:
    """Print one line per transform and how many meet the aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", metavar="KEY")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--in-memory", action="store_true")
    options = parser.parse_args()
    import cv2

    cv2.setNumThreads(1)
    met = []
    print(f"{options.side} × {options.side} pixels, {options.pairs} pairs")
    print(f"{'augmenter':<30}{'bare µs':>10}{'ours µs':>10}{'ratio':>8}{'added µs':>10}")
    for cls in LIBRARY_AUGMENTERS:
        if options.keys and cls.card.key not in options.keys:
            continue
        bare, ours, ratio = compared(cls, options.side, options.pairs, options.in_memory)
        met.append(ratio >= 0.95 if options.side >= 256 else ours - bare <= 100e-6)
        mark = "" if met[-1] else "   misses its aim"
        print(
            f"{cls.card.key:<30}{bare * 1e6:>10.0f}{ours * 1e6:>10.0f}{ratio:>8.3f}{(ours - bare) * 1e6:>10.0f}{mark}",
            flush=True,
        )
    print(f"{sum(met)} of {len(met)} meet the aim")


def compared(cls: type[LibraryAugmenter], side: int, pairs: int, in_memory: bool) -> tuple[float, float, float]:
    """Return median seconds per image of the bare call and of ours, and the median ratio."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(cls, side, Path(folder), in_memory)
        slow = trial.bare(2) > SLOWEST_S
        block = BLOCK_OF_SLOW if slow else BLOCK
        trial.ours(2)
        sides: dict[str, Callable[[int], float]] = {"bare": trial.bare, "ours": trial.ours}
        times: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(pairs):
            for name in sorted(sides, reverse=bool(turn % 2)):
                times[name].append(sides[name](block))
    ratio = statistics.median(b / o for b, o in zip(times["bare"], times["ours"], strict=True))
    return statistics.median(times["bare"]), statistics.median(times["ours"]), ratio


class Trial:
    """One transform on a folder of files, bare and through the contract."""

    def __init__(self, cls: type[LibraryAugmenter], side: int, folder: Path, in_memory: bool) -> None:
        import cv2

        self.paths = [folder / f"{i:02d}.jpg" for i in range(BLOCK)]
        for i, path in enumerate(self.paths):
            pixels = np.roll(photograph(side), i, axis=1)
            cv2.imwrite(str(path), pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])
        self.in_memory = in_memory
        self.pixels = [read_pixels(path) for path in self.paths]
        columns = {"path": [path.name for path in self.paths], "label": ["one"] * BLOCK}
        frame = pd.DataFrame(columns, index=[path.name for path in self.paths])
        train = Dataset("image", frame, Schema(label="label"), "benchmark", root=folder)
        self.augmenter = cls().fit(train, np.random.default_rng(0))
        self.augmenter.prepare("one")
        if in_memory:
            self.augmenter._with_parents = self._at_hand  # type: ignore[method-assign]

    def _at_hand(self, parents: np.ndarray, job: Job) -> Iterator[tuple[int, list[np.ndarray]]]:
        yield from ((place, [self.pixels[i] for i in row]) for place, row in enumerate(parents.tolist()))

    def bare(self, n: int) -> float:
        """Return the seconds per image of a plain script."""
        import cv2

        draws = self.augmenter._draw("one", n, np.random.default_rng(1))
        transform: Any = self.augmenter._build(self.augmenter.transform)
        states = [(np.random.default_rng(seed), random.Random(seed)) for seed in draws.values["seed"].tolist()]
        jobs = []
        for (first, *rest), state in zip(draws.parents.tolist(), states, strict=True):
            self.augmenter._suit(transform, self.pixels[first])
            extra = self.augmenter._extra(transform, self.pixels[first], tuple(self.pixels[i] for i in rest))
            jobs.append((first, state, extra))
        began = time.perf_counter()
        for first, state, extra in jobs:
            transform.set_random_state(*state)
            if self.in_memory:
                transform(image=self.pixels[first], **extra)
                continue
            image = cv2.cvtColor(cv2.imread(str(self.paths[first])), cv2.COLOR_BGR2RGB)
            image = transform(image=image, **extra)["image"]
            cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
        return (time.perf_counter() - began) / n

    def ours(self, n: int) -> float:
        """Return the seconds per image of the contract."""
        draws = self.augmenter._draw("one", n, np.random.default_rng(1))
        began = time.perf_counter()
        for _, image, _ in self.augmenter._each_image("one", draws, NO_JOB):
            if not self.in_memory:
                encode(image, ".jpg")
        return (time.perf_counter() - began) / n


def photograph(side: int) -> np.ndarray:
    """Return a part of one of scikit-learn's photographs."""
    import cv2
    from sklearn.datasets import load_sample_images

    return cv2.resize(load_sample_images().images[0][:400, :400], (side, side))


if __name__ == "__main__":
    main()
