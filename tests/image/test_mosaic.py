"""Mosaic shows four images of the class around a point, with their shares."""

import numpy as np
import pytest

from augmentors.image.mosaic import four_around


def flat(value: int, height: int = 10, width: int = 20) -> np.ndarray:
    return np.full((height, width), value, np.uint8)


def test_quarters_by_hand() -> None:
    made = four_around([flat(1), flat(2), flat(3), flat(4)], np.array([0.25, 0.5]), whole=True)
    expected = np.empty((10, 20), np.uint8)
    expected[:5, :5], expected[:5, 5:], expected[5:, :5], expected[5:, 5:] = 1, 2, 3, 4
    assert np.array_equal(made, expected)


def test_part_shows_what_lies_in_the_quarter_and_whole_shows_all() -> None:
    ramp = np.tile(np.arange(20, dtype=np.uint8) * 10, (10, 1))
    images = [ramp] * 4
    assert np.array_equal(four_around(images, np.array([0.5, 0.5]), whole=False), ramp)
    whole = four_around(images, np.array([0.5, 0.5]), whole=True)
    assert whole[0, :10].tolist() == [5, 25, 45, 65, 85, 105, 125, 145, 165, 185]  # pairs of columns, averaged


def test_shares_are_those_of_the_area(studio) -> None:
    values = [30, 90, 150, 210]
    train = studio.dataset([np.full((40, 60, 3), v, np.uint8) for v in values])
    samples = studio.make("mosaic", train, 8)
    assert samples.parents.shape == (8, 4)
    for i in range(8):
        image = studio.image(samples, i)
        for value in values:
            share = samples.weights[i][samples.parents[i] == f"{values.index(value):03d}.png"].sum()
            assert (image == value).mean() == pytest.approx(share, abs=0.03)
