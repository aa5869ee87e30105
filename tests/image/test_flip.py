"""Flip mirrors and nothing else."""

import numpy as np


def test_flip_mirrors(studio) -> None:
    train = studio.dataset([studio.photo()])
    assert np.array_equal(studio.image(studio.make("flip", train)), studio.photo()[:, ::-1])
    assert np.array_equal(studio.image(studio.make("flip", train, direction="vertical")), studio.photo()[::-1])
    either = studio.make("flip", train, 30, direction="either")
    assert {studio.told(either, i)["operator"] for i in range(30)} == {"HorizontalFlip", "VerticalFlip"}
