"""Each transform of Albumentations through the contract against the bare call, in one process.

    python tests/benchmarks/bench_image_transforms.py [--side 256] [--pairs 7] [--in-memory] [KEY …]

Both sides read a JPEG file, transform it and encode it, with the same random
streams, so that they draw and compute the same: the bare one with cv2 and the
library's call alone, ours with seeding, what depends on the size of the image,
the trace and the checks. With ``--in-memory`` nothing but the call is timed. A
ratio above 1 means that ours was faster; below 256 pixels what counts is the
time added, in microseconds.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.explore.images import read_pixels
from augmentors.image.encode import encode
from augmentors.image.library_family import LIBRARY_AUGMENTERS, LibraryAugmenter, LibraryReference

REPEATS = 12
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
    """Return median seconds of the bare call and of ours, and the median ratio."""
    import cv2

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        cv2.imwrite(str(path), photograph(side), [cv2.IMWRITE_JPEG_QUALITY, 95])
        trial = Trial(cls(), path, in_memory)
        repeats = REPEATS if trial.bare(0) < SLOWEST_S else 2
        sides: dict[str, Callable[[int], float]] = {"bare": trial.bare, "ours": trial.ours}
        times: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(pairs):
            for name in sorted(sides, reverse=bool(turn % 2)):
                times[name].append(statistics.median(sides[name](seed) for seed in range(repeats)))
    ratio = statistics.median(b / o for b, o in zip(times["bare"], times["ours"], strict=True))
    return statistics.median(times["bare"]), statistics.median(times["ours"]), ratio


class Trial:
    """One transform on one file, bare and through the contract."""

    def __init__(self, augmenter: LibraryAugmenter, path: Path, in_memory: bool) -> None:
        self.augmenter, self.path, self.in_memory = augmenter, path, in_memory
        self.pixels = read_pixels(path)
        self.others = (self.pixels[::-1].copy(),) if isinstance(augmenter, LibraryReference) else ()
        self.transform: Any = augmenter._build(augmenter.transform)
        self.extra = augmenter._extra(self.transform, self.pixels, self.others)

    def bare(self, seed: int) -> float:
        """Return the seconds of a plain script."""
        import cv2

        self.transform.set_random_state(np.random.default_rng(seed), random.Random(seed))
        began = time.perf_counter()
        if self.in_memory:
            self.transform(image=self.pixels, **self.extra)
            return time.perf_counter() - began
        image = cv2.cvtColor(cv2.imread(str(self.path)), cv2.COLOR_BGR2RGB)
        image = self.transform(image=image, **self.extra)["image"]
        cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
        return time.perf_counter() - began

    def ours(self, seed: int) -> float:
        """Return the seconds of what the contract does for one image."""
        began = time.perf_counter()
        pixels = self.pixels if self.in_memory else read_pixels(self.path)
        self.augmenter._suit(self.transform, pixels)
        self.transform.set_random_state(np.random.default_rng(seed), random.Random(seed))
        image, _ = self.augmenter._transformed(self.transform, pixels, *self.others)
        if not self.in_memory:
            encode(image, ".jpg")
        return time.perf_counter() - began


def photograph(side: int) -> np.ndarray:
    """Return a part of one of scikit-learn's photographs."""
    import cv2
    from sklearn.datasets import load_sample_images

    return cv2.resize(load_sample_images().images[0][:400, :400], (side, side))


if __name__ == "__main__":
    main()
