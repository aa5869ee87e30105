"""Pairs of a class: who is near whom, and which real images lie next to a point between two."""

import numpy as np

from augmentors.core.seeds import rng_from
from augmentors.image.class_neighbours import ClassNeighbours

LINE = ClassNeighbours.of(np.array([4, 7, 9]), np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 0.0]]), 1)


def test_mates_are_the_nearest() -> None:
    assert LINE.mates.tolist() == [[1], [0], [1]]


def test_pairs_are_dealt_evenly_within_the_share() -> None:
    first, second, step = LINE.pick(9, rng_from("pairs"), 0.3)
    assert sorted(first.tolist()) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert all(LINE.mates[a, 0] == b for a, b in zip(first, second, strict=True))
    assert step.min() >= 0.3 and step.max() < 0.7


def test_draws_name_rows_and_weights() -> None:
    draws = LINE.draws(np.array([0, 2]), np.array([1, 1]), np.array([0.25, 0.5]))
    assert draws.parents.tolist() == [[4, 7], [9, 7]]
    assert draws.weights.tolist() == [[0.75, 0.25], [0.5, 0.5]]


def test_the_nearest_two_of_a_point_between_neighbours_are_these() -> None:
    assert LINE.nearest_two(0, 1, 0.25) == (0, 1, 0.25)
    assert LINE.nearest_two(0, 1, 0.75) == (1, 0, 0.25)


def test_an_image_that_lies_between_takes_over() -> None:
    # From (0, 0) to (4, 0) at 0.5 is (2, 0): (1, 0) is nearest, then (0, 0) and (4, 0), the lower one first.
    assert LINE.nearest_two(0, 2, 0.5) == (1, 0, 0.0)
    # At 0.7 it is (2.8, 0): nearest (4, 0), next (1, 0), and 0.4 of the way from the one to the other.
    one, two, step = LINE.nearest_two(0, 2, 0.7)
    assert (one, two) == (2, 1) and abs(step - 0.4) < 1e-12


def test_equal_vectors_keep_the_pair() -> None:
    same = ClassNeighbours.of(np.arange(2), np.ones((2, 3)), 1)
    assert same.nearest_two(0, 1, 0.4) == (0, 1, 0.4)
