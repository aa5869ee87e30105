"""MixUp lays two images over each other at the told shares."""

import numpy as np
import pytest

from augmentors.core.errors import NotApplicable


def test_pixels_are_the_weighted_mean_of_the_parents(studio) -> None:
    low, high = np.full((8, 9, 3), 40, np.uint8), np.full((8, 9, 3), 200, np.uint8)
    samples = studio.make("mixup", studio.dataset([low, high]), 12)
    value = {"000.png": 40, "001.png": 200}
    for i in range(12):
        (one, two), (share, rest) = samples.parents[i], samples.weights[i]
        assert one != two
        assert share + rest == pytest.approx(1)
        assert 0.1 <= share <= 0.9
        assert (studio.image(samples, i) == round(share * value[one] + rest * value[two])).all()


def test_size_and_colours_are_the_first_parents(studio) -> None:
    images = [studio.photo(20, 30), studio.photo(40, 16, 1)[..., 0]]
    samples = studio.make("mixup", studio.dataset(images), 4)
    shapes = {"000.png": (20, 30, 3), "001.png": (40, 16)}
    assert all(studio.image(samples, i).shape == shapes[samples.parents[i, 0]] for i in range(4))


def test_one_image_cannot_be_mixed(studio) -> None:
    with pytest.raises(NotApplicable, match="MixUp needs 2 images of a class; 'only' has 1"):
        studio.make("mixup", studio.dataset([studio.photo()]))
