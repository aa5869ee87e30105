"""Nearest rows in double precision, where ties are many and where numbers are far from zero."""

import numpy as np
import pytest

from augmentors.table.double_precision import SPARE, first_of_each, nearest_in_double


def plainly(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    difference = wanted[:, None] - points
    distances = np.einsum("qij,qij->qi", difference, difference)
    return np.array([np.lexsort([np.arange(len(points)), row])[:count] for row in distances])


@pytest.mark.parametrize("count", [1, 6, 90])
def test_more_ties_than_spare_rows_are_broken_by_position(count: int) -> None:
    points = np.eye(120)[::-1]
    assert len(points) > count + SPARE or count == 90
    assert (nearest_in_double(points, points, count) == plainly(points, points, count)).all()
    grid = np.random.default_rng(0).integers(0, 2, (600, 7)).astype(float)
    assert (nearest_in_double(grid, grid[:50], count) == plainly(grid, grid[:50], count)).all()


def test_far_from_zero() -> None:
    points = np.random.default_rng(0).normal(size=(400, 3)) * 1e-3 + 1e8
    assert (nearest_in_double(points, points[::7], 5) == plainly(points, points[::7], 5)).all()


def test_distances_beyond_the_largest_number_are_ties() -> None:
    points = np.array([[0.0], [1e200], [2e200], [1.0]])
    assert nearest_in_double(points, points[:1], 4).tolist() == [[0, 3, 1, 2]]


def test_nobody_asks() -> None:
    assert nearest_in_double(np.zeros((3, 2)), np.zeros((0, 2)), 2).shape == (0, 2)


def test_first_of_each_ranks_by_distance_then_position() -> None:
    owner, distance = np.array([1, 0, 1, 0, 1]), np.array([2.0, 1.0, 2.0, 0.5, 3.0])
    assert first_of_each(owner, distance, np.array([9, 4, 7, 5, 1]), 2).tolist() == [[5, 4], [7, 9]]
