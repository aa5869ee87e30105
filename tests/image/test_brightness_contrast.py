"""Brightness and contrast do what the certificate tells."""

import numpy as np
import pytest


def test_brightness_and_contrast_are_what_is_told(studio) -> None:
    train = studio.dataset([np.full((8, 8, 3), 100, np.uint8)])
    same_contrast = {"contrast_min": 0, "contrast_max": 0}
    lighter = studio.make("brightness_contrast", train, brightness_min=0.2, brightness_max=0.2, **same_contrast)
    assert np.abs(studio.image(lighter).astype(int) - 151).max() <= 1
    assert studio.told(lighter)["brightness"] == pytest.approx(0.2)
    flatter = studio.make(
        "brightness_contrast", train, brightness_min=0, brightness_max=0, contrast_min=-0.5, contrast_max=-0.5
    )
    assert np.abs(studio.image(flatter).astype(int) - 50).max() <= 1
    assert studio.told(flatter)["contrast"] == pytest.approx(-0.5)
