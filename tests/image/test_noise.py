"""Noise has the asked strength."""

import numpy as np
import pytest


def test_gaussian_noise_has_the_asked_deviation(studio) -> None:
    train = studio.dataset([np.full((100, 100, 3), 128, np.uint8)])
    samples = studio.make("noise", train, amount_min=0.05, amount_max=0.05)
    assert studio.image(samples).std() == pytest.approx(0.05 * 255, rel=0.05)
    grey_grain = studio.image(studio.make("noise", train, amount_min=0.05, amount_max=0.05, coloured=False))
    assert (grey_grain == grey_grain[..., :1]).all()


def test_salt_and_pepper_hits_the_asked_share(studio) -> None:
    train = studio.dataset([np.full((100, 100, 3), 128, np.uint8)])
    image = studio.image(studio.make("noise", train, method="salt_and_pepper", amount_min=0.1, amount_max=0.1))
    assert (image != 128).any(axis=2).mean() == pytest.approx(0.1, abs=0.001)
    assert set(np.unique(image)) == {0, 128, 255}
