"""A worker process gives the same pixels and leaves the cores to the others."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from augmentors.catalog import get
from augmentors.core.augmenter import Augmenter
from augmentors.core.seeds import rng_from
from augmentors.image.library import settle_in_worker
from augmentors.testing import toy_images


def work(augmenter: Augmenter) -> tuple[int, list[np.ndarray]]:
    """Return the number of OpenCV's threads after some work, and what was made."""
    import cv2

    made = augmenter.augment("rare", 5, rng_from(4)).images or []
    return cv2.getNumThreads(), made


def test_worker_makes_the_same_with_one_thread(tmp_path: Path) -> None:
    augmenter = get("affine")().fit(toy_images(tmp_path), rng_from("fit"))
    here = augmenter.augment("rare", 5, rng_from(4)).images or []
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        threads, there = pool.submit(work, augmenter).result()
    assert threads == 1
    assert all(np.array_equal(a, b) for a, b in zip(here, there, strict=True))


def test_main_process_keeps_its_threads() -> None:
    import cv2

    before = cv2.getNumThreads()
    settle_in_worker()
    assert cv2.getNumThreads() == before
