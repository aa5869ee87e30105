"""Two images as one, against what can be worked out by hand."""

import numpy as np
import pytest

from augmentors.image.blending import as_one_size, in_colours_between, mixed, morphed


def bar(left: int, side: int = 40) -> np.ndarray:
    image = np.zeros((side, side), np.uint8)
    image[8:32, left : left + 8] = 200
    return image


def test_mixing_is_the_weighted_mean_rounded() -> None:
    one, two = np.full((2, 2, 3), 10, np.uint8), np.full((2, 2, 3), 21, np.uint8)
    assert mixed(one, two, 0.3).tolist() == np.full((2, 2, 3), 13).tolist()
    assert np.array_equal(mixed(one, two, 0), one) and np.array_equal(mixed(one, two, 1), two)


def test_a_moved_bar_is_found_halfway_not_twice() -> None:
    one, two = bar(12), bar(18)
    half = morphed(one, two, 0.5).astype(float)
    columns = half[16:24].mean(axis=0)
    centre = float((columns * np.arange(40)).sum() / columns.sum())
    assert abs(centre - 18.5) < 1.0  # bars of 8 that begin at 12 and 18 have their centres at 15.5 and 21.5
    wide = (columns > 50).sum()
    assert wide <= 10 < (mixed(one, two, 0.5)[16:24].mean(axis=0) > 50).sum()


@pytest.mark.parametrize("step", [0.0, 1.0])
def test_the_ends_of_a_morph_are_the_images(step: float) -> None:
    one, two = bar(12), bar(18)
    assert np.array_equal(morphed(one, two, step), two if step else one)


def test_tiny_images_are_mixed() -> None:
    one, two = np.zeros((1, 50), np.uint8), np.full((1, 50), 100, np.uint8)
    assert morphed(one, two, 0.5).tolist() == [[50] * 50]


def test_colours_lie_between() -> None:
    rng = np.random.default_rng(0)
    one = rng.normal(80, 10, (30, 30)).clip(0, 255).astype(np.uint8)
    two = rng.normal(160, 30, (30, 30)).clip(0, 255).astype(np.uint8)
    made = in_colours_between(one, one, two, 0.25)
    assert abs(made.mean() - (0.75 * one.mean() + 0.25 * two.mean())) < 0.5
    assert abs(made.std() - (0.75 * one.std() + 0.25 * two.std())) < 0.5
    assert np.abs(in_colours_between(one, one, two, 0).astype(int) - one).max() <= 1


def test_colours_of_red_and_blue_meet_in_cielab() -> None:
    red, blue = (np.full((4, 4, 3), colour, np.uint8) for colour in ((200, 30, 30), (30, 30, 200)))
    assert np.abs(in_colours_between(red, red, blue, 1).astype(int) - blue).max() <= 1
    half = in_colours_between(red, red, blue, 0.5)[0, 0].astype(int)
    assert half[0] > 90 and half[2] > 90  # purple, not black


def test_sizes_and_colours_follow_the_first() -> None:
    grey, colour = np.zeros((10, 20), np.uint8), np.zeros((5, 7, 3), np.uint8)
    assert as_one_size(grey, colour).shape == (10, 20)
    assert as_one_size(colour, grey).shape == (5, 7, 3)
    assert as_one_size(grey, grey) is grey
