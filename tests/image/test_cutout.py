"""Cutout covers what it tells."""

import numpy as np
import pytest


@pytest.mark.parametrize(("fill", "value"), [("black", 0), ("grey", 128), ("white", 255)])
def test_cutout_covers_the_told_rectangles_and_nothing_else(fill: str, value: int, studio) -> None:
    parent = np.full((80, 120, 3), 60, np.uint8)
    samples = studio.make("cutout", studio.dataset([parent]), holes_min=2, holes_max=2, fill=fill)
    expected = parent.copy()
    for left, top, width, height in studio.told(samples)["holes"]:
        expected[top : top + height, left : left + width] = value
    assert len(studio.told(samples)["holes"]) == 2
    assert np.array_equal(studio.image(samples), expected)
