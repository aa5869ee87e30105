"""Decode + augment + encode through the contract against a plain cv2 + Albumentations loop.

    python -m tests.benchmarks.bench_image_pipeline [--images 256] [--pairs 7] [--augmenters KEY …]

Both sides read the same JPEG files of 500 × 375, use two processes that are
already warm, and write one JPEG of quality 95 per image. The plain loop is what
the library's own pages show: read, `Compose`, write. A ratio above 1 means that
ours made more images per second; pairs alternate in order and medians count.
Each file is used once (256 files), and, as for a rare class, several times
(32 files). The ratio of processor time says the same on a busy machine.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.catalog import get
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import BLOCK_SIZE, rng_from
from augmentors.image.encode import encode

WIDTH, HEIGHT = 500, 375
PROCESSES = 2
TARGET = "photo"
KEYS = ("flip", "affine", "brightness_contrast", "hue_saturation", "crop_resize")
WANTED = 0.95
Took = tuple[float, float]


def main() -> None:
    """Print one line per augmenter: images per second of both sides and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--augmenters", nargs="+", default=KEYS, metavar="KEY")
    options = parser.parse_args()
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        dataset = photographs(Path(folder), options.images)
        rare = dataset.take(dataset.ids[: max(options.images // 8, 1)])
        print(f"{options.images} new JPEGs of {WIDTH}×{HEIGHT}, {PROCESSES} processes, {options.pairs} pairs")
        print(f"{'augmenter':<22}{'files':>6}{'plain img/s':>12}{'ours img/s':>12}{'ratio':>8}{'CPU':>7}   ratios")
        for parents in (dataset, rare):
            for key in options.augmenters:
                report(key, parents, options.images // BLOCK_SIZE, Path(folder), options.pairs)


def photographs(folder: Path, count: int) -> Dataset:
    """Write crops of scikit-learn's two photographs as JPEG files and return them as one class."""
    import cv2
    from sklearn.datasets import load_sample_images

    scenes, rng = load_sample_images().images, np.random.default_rng(0)
    (folder / TARGET).mkdir()
    paths = [f"{TARGET}/{i:05d}.jpg" for i in range(count)]
    for i, path in enumerate(paths):
        scene = scenes[i % len(scenes)]
        height, width = (int(side * rng.uniform(0.7, 1.0)) for side in scene.shape[:2])
        top, left = (int(rng.integers(s - c + 1)) for s, c in zip(scene.shape, (height, width), strict=False))
        crop = cv2.resize(scene[top : top + height, left : left + width], (WIDTH, HEIGHT))
        cv2.imwrite(str(folder / path), crop[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    frame = pd.DataFrame({"path": paths, "label": TARGET}, index=pd.Index(paths)).astype("str")
    return Dataset("image", frame, Schema("label", {"path": "ignored"}), "photographs", folder)


def report(key: str, dataset: Dataset, count: int, folder: Path, pairs: int) -> None:
    """Time both sides in turns and print the medians."""
    augmenter = get(key)().fit(dataset, rng_from("fit"))
    augmenter.prepare(TARGET)
    context = get_context("forkserver")
    with (
        context.Pool(PROCESSES, start_ours, (augmenter, folder / "ours")) as ours,
        context.Pool(PROCESSES, start_plain, (augmenter, folder / "plain", dataset)) as plain,
    ):
        sides: dict[str, Callable[[], Took]] = {
            "plain": lambda: took(plain, plain_block, count),
            "ours": lambda: took(ours, our_block, count),
        }
        for side in sides.values():  # imports and file cache are paid here
            side()
        times: dict[str, list[Took]] = {"plain": [], "ours": []}
        for turn in range(pairs):
            for name in sorted(sides, reverse=bool(turn % 2)):
                times[name].append(sides[name]())
    walls, cpus = (sorted(a[i] / b[i] for a, b in zip(times["plain"], times["ours"], strict=True)) for i in (0, 1))
    speeds = [count * BLOCK_SIZE / statistics.median(t[0] for t in times[name]) for name in ("plain", "ours")]
    ratio, cpu = statistics.median(walls), statistics.median(cpus)
    listed = " ".join(f"{r:.2f}" for r in walls) + ("" if ratio >= WANTED else f"   below {WANTED}")
    line = f"{key:<22}{len(dataset):>6}{speeds[0]:>12.0f}{speeds[1]:>12.0f}{ratio:>8.3f}{cpu:>7.3f}"
    print(f"{line}   {listed}", flush=True)


def took(pool: Pool, function: Callable[[int], float], count: int) -> Took:
    """Return wall and processor seconds of a pool for all blocks."""
    began = time.perf_counter()
    cpu = sum(pool.imap(function, range(count)))
    return time.perf_counter() - began, cpu


_held: dict[str, Any] = {}


def start_ours(augmenter: Augmenter, out: Path) -> None:
    """Keep what a worker of ours needs."""
    out.mkdir(exist_ok=True)
    _held.update(augmenter=augmenter, out=out)


def our_block(block: int) -> float:
    """Make, encode and write one block through the contract; return its processor seconds."""
    began = time.process_time()

    def put(place: int, image: np.ndarray, parent: str) -> None:
        data, suffix = encode(image, os.path.splitext(parent)[1])  # noqa: PTH122
        with open(f"{_held['out']}/{block}-{place}{suffix}", "wb") as file:  # noqa: PTH123
            file.write(data)

    _held["augmenter"].augment_images(TARGET, [(BLOCK_SIZE, rng_from("block", block))], put)
    return time.process_time() - began


def start_plain(augmenter: Any, out: Path, dataset: Dataset) -> None:
    """Keep the same transform and the files, as a script of one's own would."""
    import albumentations
    import cv2

    cv2.setNumThreads(1)
    out.mkdir(exist_ok=True)
    (operator,) = augmenter._operators()
    transform = augmenter._build(operator)
    augmenter._suit(transform, np.empty((HEIGHT, WIDTH, 3), np.uint8))
    files = [str(dataset.image_path(i)) for i in range(len(dataset))]
    _held.update(transform=albumentations.Compose([transform]), out=out, files=files)


def plain_block(block: int) -> float:
    """Read, transform and write 64 files with nothing around it; return its processor seconds."""
    import cv2

    began = time.process_time()
    transform, files = _held["transform"], _held["files"]
    for i in range(block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE):
        image = cv2.cvtColor(cv2.imread(files[i % len(files)]), cv2.COLOR_BGR2RGB)
        image = transform(image=image)["image"]
        path = f"{_held['out']}/{i:05d}.jpg"
        cv2.imwrite(path, cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 95])
    return time.process_time() - began


if __name__ == "__main__":
    main()
