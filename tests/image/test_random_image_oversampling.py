from pathlib import Path

import numpy as np

from augmentors.explore.images import read_pixels
from augmentors.image.random_image_oversampling import RandomImageOversampling
from augmentors.testing import toy_images


def test_every_image_is_that_of_its_parent(tmp_path: Path) -> None:
    train = toy_images(tmp_path)
    rng = np.random.default_rng(0)
    samples = RandomImageOversampling().fit(train, rng).augment("rare", 20, rng)
    assert samples.images is not None
    for image, parent in zip(samples.images, samples.parents[:, 0], strict=True):
        position = int(np.flatnonzero(train.ids == parent)[0])
        assert np.array_equal(image, read_pixels(train.image_path(position)))
