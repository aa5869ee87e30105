"""Each transform of Albumentations through the contract against the bare call, in one process.

    python -m tests.benchmarks.bench_image_transforms [--side 256] [--pairs 7] [--files] [--part 1/3] [KEY …]

Both sides get the same decoded pixels and leave an image in memory. Ours is the path
of a run: a block's draws made beforehand, then beginning the stream of each image,
what depends on the size of the image, the call, the trace for the birth certificate
and the checks, one image after the other. The bare side is a loop over the
library's call alone, its generators seeded beforehand and uncounted, so that both
draw and compute the same. With ``--files`` each also reads another JPEG file per
image and encodes what it made. Sides alternate every few milliseconds, for at least
a quarter of a second each, and the ratio is the median over pairs: what else runs
on the machine meets both. A ratio above 1 means that ours was faster; below 256
pixels what counts is the time added, in microseconds per image.
"""

import argparse
import multiprocessing
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
from augmentors.image.library import settle_in_worker
from augmentors.image.library_family import LIBRARY_AUGMENTERS, LibraryAugmenter
from augmentors.image.sample_streams import Streams

BLOCK, BLOCK_OF_SLOW, BLOCK_OF_SLOWEST = 64, 4, 1
SLOW_S, SLOWEST_S = 0.002, 0.1
LEAST_S = 0.25
MOST_PAIRS = 101


def main() -> None:
    """Measure in a process of its own, which is set up as a worker of a run is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", metavar="KEY")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--files", action="store_true")
    parser.add_argument("--part", default="1/1", help="such as 2/3: the second third of the transforms")
    worker = multiprocessing.get_context("spawn").Process(target=print_all, args=(parser.parse_args(),))
    worker.start()
    worker.join()


def print_all(options: argparse.Namespace) -> None:
    """Print one line per transform and how many meet the aim."""
    settle_in_worker()
    met = []
    part, parts = map(int, options.part.split("/"))
    chosen = [cls for cls in LIBRARY_AUGMENTERS if not options.keys or cls.card.key in options.keys]
    print(f"{options.side} × {options.side} pixels, at least {options.pairs} pairs")
    print(f"{'augmenter':<30}{'bare µs':>10}{'ours µs':>10}{'ratio':>8}{'added µs':>10}")
    for cls in chosen[part - 1 :: parts]:
        bare, ours, ratio = compared(cls, options.side, options.pairs, not options.files)
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
        once = trial.bare(2)
        block = BLOCK if once < SLOW_S else BLOCK_OF_SLOW if once < SLOWEST_S else BLOCK_OF_SLOWEST
        trial.ours(2)
        sides: dict[str, Callable[[int], float]] = {"bare": trial.bare, "ours": trial.ours}
        times: dict[str, list[float]] = {name: [] for name in sides}
        spent, turn = 0.0, 0
        while turn < pairs or (spent < LEAST_S and turn < MOST_PAIRS):
            turn += 1
            for name in sorted(sides, reverse=bool(turn % 2)):
                times[name].append(sides[name](block))
            spent += times["bare"][-1] * block
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
        streams = [Streams([seed]) for seed in draws.values["seed"].tolist()]
        states = [(one.numpy(0), one.plain(0)) for one in streams]
        jobs = []
        for (first, *rest), state in zip(draws.parents.tolist(), states, strict=True):
            self.augmenter._suit(transform, self.pixels[first])
            extra = self.augmenter._extra(transform, self.pixels[first], tuple(self.pixels[i] for i in rest))
            jobs.append((first, state, extra))
        began = time.perf_counter()
        for first, state, extra in jobs:
            transform.set_random_state(*state)
            if self.in_memory:
                image = transform(image=self.pixels[first], **extra)["image"]
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
