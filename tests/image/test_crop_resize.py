"""Crops keep what was asked."""

import pytest


def test_crop_keeps_a_part_of_the_asked_area(studio) -> None:
    train = studio.dataset([studio.photo(200, 300)])
    samples = studio.make("crop_resize", train, 40, area_min=0.3, area_max=0.5, stretch=1.0)
    for i in range(40):
        facts = studio.told(samples, i)
        share = facts["width"] * facts["height"] / (200 * 300)
        assert 0.29 < share < 0.51
        assert facts["width"] / facts["height"] == pytest.approx(1.5, rel=0.02)
        assert studio.image(samples, i).shape == (200, 300, 3)
