"""Affine changes on images whose answer is known."""

import numpy as np
import pytest

STILL = {"scale_min": 1, "scale_max": 1, "shift_min": 0, "shift_max": 0, "shear_min": 0, "shear_max": 0}


def test_positive_angles_turn_anticlockwise(studio) -> None:
    dot = np.zeros((101, 101), np.uint8)
    dot[48:53, 80:90] = 255  # right of the middle
    samples = studio.make("affine", studio.dataset([dot]), angle_min=90, angle_max=90, border="black", **STILL)
    rows, columns = np.nonzero(studio.image(samples) > 128)
    assert abs(columns.mean() - 50) < 1  # now above the middle
    assert abs(rows.mean() - 15.5) < 1
    assert studio.told(samples)["angle"] == pytest.approx(90)


@pytest.mark.parametrize(("border", "corner"), [("black", 0), ("white", 255), ("edge", 120), ("reflect", 120)])
def test_border_fills_the_corners(border: str, corner: int, studio) -> None:
    flat = np.full((60, 60, 3), 120, np.uint8)
    samples = studio.make("affine", studio.dataset([flat]), angle_min=45, angle_max=45, border=border, **STILL)
    assert (studio.image(samples)[0, 0] == corner).all()
    assert (studio.image(samples)[30, 30] == 120).all()


def test_affine_shifts_by_a_share_of_the_size(studio) -> None:
    dot = np.zeros((100, 200), np.uint8)
    dot[40:43, 60:63] = 255
    params = STILL | {"shift_min": 0.1, "shift_max": 0.1, "angle_min": 0, "angle_max": 0, "border": "black"}
    samples = studio.make("affine", studio.dataset([dot]), **params)
    rows, columns = np.nonzero(studio.image(samples) > 128)
    assert (rows.mean(), columns.mean()) == pytest.approx((51, 81), abs=0.6)
    assert studio.told(samples)["shift"] == pytest.approx([0.1, 0.1])
