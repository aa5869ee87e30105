"""Patches come from one image of the class and land in another."""

import numpy as np
import pytest

from augmentors.image.copy_paste import covered_share, pasted


def test_a_sharp_patch_by_hand() -> None:
    first, second = np.zeros((4, 4), np.uint8), np.arange(16, dtype=np.uint8).reshape(4, 4)
    # Half of each side, from the bottom right to the top left.
    made = pasted(first, second, np.array([[0.5, 0.5, 0.99, 0.99, 0.0, 0.0]]), 0.0)
    assert made.tolist() == [[10, 11, 0, 0], [14, 15, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert not first.any()


def test_soft_edges_fade_in() -> None:
    first, second = np.zeros((4, 4), np.uint8), np.full((4, 4), 160, np.uint8)
    made = pasted(first, second, np.array([[1.0, 1.0, 0, 0, 0, 0]]), 0.5)
    # Strengths 1/4 and 3/4 along each side: 160/16 = 10, 160·3/16 = 30, 160·9/16 = 90.
    assert made.tolist() == [[10, 30, 30, 10], [30, 90, 90, 30], [30, 90, 90, 30], [10, 30, 30, 10]]


def test_overlap_counts_once() -> None:
    left, right = [1.0, 0.5, 0, 0, 0, 0.0], [1.0, 0.5, 0, 0, 0, 0.999]
    assert covered_share(np.array([left, right])) == 1.0
    assert covered_share(np.array([left, left])) == 0.5


def test_shares_are_those_of_the_area(studio) -> None:
    low, high = np.full((64, 96, 3), 40, np.uint8), np.full((64, 96, 3), 200, np.uint8)
    samples = studio.make("copy_paste", studio.dataset([low, high]), 10, soft_edge=0.0)
    value = {"000.png": 40, "001.png": 200}
    for i in range(10):
        own = (studio.image(samples, i) == value[samples.parents[i, 0]]).mean()
        assert own == pytest.approx(samples.weights[i, 0], abs=0.06)
        assert 1 <= studio.told(samples, i)["count"] <= 3
