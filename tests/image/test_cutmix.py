"""CutMix sets one rectangle of the told share."""

import numpy as np
import pytest

from augmentors.image.cutmix import rectangle, with_rectangle


def test_rectangle_of_a_quarter_worked_by_hand() -> None:
    # A quarter of the area is half of each side: 20 × 30 of 40 × 60, in the room of 21 × 31 places.
    assert rectangle((40, 60), 0.25, np.array([0.0, 0.0])) == (0, 0, 30, 20)
    assert rectangle((40, 60), 0.25, np.array([0.999, 0.999])) == (30, 20, 30, 20)
    assert rectangle((1, 1), 0.1, np.array([0.5, 0.5])) == (0, 0, 1, 1)


def test_with_rectangle_by_hand() -> None:
    first, second = np.zeros((3, 4), np.uint8), np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert with_rectangle(first, second, (1, 1, 2, 2)).tolist() == [[0, 0, 0, 0], [0, 5, 6, 0], [0, 9, 10, 0]]
    assert not first.any()


def test_pixels_are_those_of_the_parents_at_the_told_shares(studio) -> None:
    low, high = np.full((50, 80, 3), 40, np.uint8), np.full((50, 80, 3), 200, np.uint8)
    samples = studio.make("cutmix", studio.dataset([low, high]), 12)
    value = {"000.png": 40, "001.png": 200}
    for i in range(12):
        own = studio.image(samples, i) == value[samples.parents[i, 0]]
        assert own.mean() == pytest.approx(samples.weights[i, 0], abs=0.02)
        left, top, width, height = studio.told(samples, i)["rectangle"]
        assert not own[top : top + height, left : left + width].any()
