"""Equal and nearly equal image files, in near-linear time.

Near images are found by perceptual and difference hashes: images that agree in
any of ten stripes of 12 or 13 bits are candidates, which are then compared by
thumbnails of 32 × 32.
"""

import hashlib
import itertools
from collections import defaultdict
from pathlib import Path

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.explore.duplicates import Links, stars

SIDE = 32
STRIPES = 5
MAX_BITS = 12  # of 64; strong JPEG compression changes up to 12 on the hardest images we tried
WINDOW = 8
MEAN_DIFFERENCE = 6.0  # of 255, over the thumbnail
PATCH_DIFFERENCE = 16.0  # of 255, over any 4 × 4 patch of it: a small object that is there or not
SHAPE_DIFFERENCE = 0.05  # of width : height


def linked_images(dataset: Dataset, near: bool, job: Job) -> Links:
    """Return positions, similarity and exactness of equal and nearly equal images."""
    paths = [dataset.image_path(i) for i in range(len(dataset))]
    left, right = stars(_file_keys(paths, job.part(0.0, 0.1)))
    exact = np.ones(len(left), dtype=bool)
    if not near:
        return left, right, np.ones(len(left)), exact
    at = np.setdiff1d(np.arange(len(paths)), right)
    thumbs, shapes, readable = _thumbnails([paths[i] for i in at], job.part(0.1, 0.9))
    at, thumbs, shapes = at[readable], thumbs[readable], shapes[readable]
    a, b, value = _near(thumbs, shapes, job.part(0.9, 1.0))
    return (
        np.append(left, at[a]),
        np.append(right, at[b]),
        np.append(np.ones(len(left)), value),
        np.append(exact, np.zeros(len(a), dtype=bool)),
    )


def _file_keys(paths: list[Path], job: Job) -> np.ndarray:
    """Return one number per file, equal for equal bytes; only files of equal size are read."""
    by_size = defaultdict(list)
    for i, path in enumerate(paths):
        by_size[path.stat().st_size].append(i)
    keys = np.arange(len(paths))
    for same in by_size.values():
        seen: dict[bytes, int] = {}
        for i in same if len(same) > 1 else ():
            job.check()
            found = hashlib.blake2b(paths[i].read_bytes(), digest_size=16).digest()
            keys[i] = seen.setdefault(found, i)
    return keys


def _thumbnails(paths: list[Path], job: Job) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return 32 × 32 RGB thumbnails, width : height, and which files could be read."""
    from PIL import Image

    from augmentors.explore.images import read_reduced

    thumbs = np.zeros((len(paths), SIDE, SIDE, 3), dtype=np.uint8)
    shapes = np.ones(len(paths))
    readable = np.ones(len(paths), dtype=bool)
    for i, path in enumerate(paths):
        if i % 32 == 0:
            job.check()
            job.progress(i / len(paths), "Looking for near-duplicate images")
        try:
            pixels = read_reduced(path, SIDE)
        except UserError:
            readable[i] = False
            continue
        shapes[i] = pixels.shape[1] / pixels.shape[0]
        image = Image.fromarray(pixels).convert("RGB")
        thumbs[i] = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))
    return thumbs, shapes, readable


def image_hashes(thumbs: np.ndarray) -> np.ndarray:
    """Return the 64-bit perceptual and difference hashes of thumbnails, shape (2, n) uint64."""
    import imagehash
    from PIL import Image

    images = [Image.fromarray(thumb).convert("L") for thumb in thumbs]
    hashes = []
    for method in (imagehash.phash, imagehash.dhash):
        bits = np.array([method(image).hash.ravel() for image in images], dtype=np.uint8)
        hashes.append(np.packbits(bits.reshape(-1, 64), axis=1).view(np.uint64).ravel())
    return np.stack(hashes)


def _near(thumbs: np.ndarray, shapes: np.ndarray, job: Job) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n = len(thumbs)
    if n < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    left, right = _candidates(image_hashes(thumbs), job)
    lean = np.abs(np.log(shapes[left] / shapes[right])) <= SHAPE_DIFFERENCE
    left, right = left[lean], right[lean]
    values = np.empty(len(left))
    good = np.zeros(len(left), dtype=bool)
    for start in range(0, len(left), 1024):
        job.check()
        part = slice(start, start + 1024)
        gap = np.abs(thumbs[left[part]].astype(np.int16) - thumbs[right[part]]).mean(axis=3)
        patches = gap.reshape(len(gap), SIDE // 4, 4, SIDE // 4, 4).mean(axis=(2, 4))
        values[part] = 1.0 - gap.mean(axis=(1, 2)) / 255.0
        good[part] = (gap.mean(axis=(1, 2)) <= MEAN_DIFFERENCE) & (patches.max(axis=(1, 2)) <= PATCH_DIFFERENCE)
    return left[good], right[good], values[good]


def _candidates(hashes: np.ndarray, job: Job) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs that agree in a stripe of a hash and differ in few bits of the perceptual one."""
    n = hashes.shape[1]
    edges = np.linspace(0, 64, STRIPES + 1).astype(int).tolist()
    found = [np.empty(0, np.int64)]
    for codes, (low, high) in itertools.product(hashes, itertools.pairwise(edges)):
        job.check()
        stripe = (codes >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)
        order = np.lexsort((codes, stripe))
        ordered = stripe[order]
        for step in range(1, WINDOW + 1):
            hit = np.flatnonzero(ordered[step:] == ordered[:-step])
            a, b = order[hit], order[hit + step]
            close = np.bitwise_count(hashes[0, a] ^ hashes[0, b]) <= MAX_BITS
            a, b = a[close], b[close]
            found.append(np.minimum(a, b) * n + np.maximum(a, b))
    return np.divmod(np.unique(np.concatenate(found)), n)
