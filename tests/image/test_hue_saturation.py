"""Colours move along the circle; grey images are left out, and it says so."""

import numpy as np
import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable


def test_hue_turns_red_into_green(studio) -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 200
    fixed = {"saturation_min": 0, "saturation_max": 0, "value_min": 0, "value_max": 0}
    samples = studio.make("hue_saturation", studio.dataset([red]), hue_min=120, hue_max=120, **fixed)
    assert np.abs(studio.image(samples).astype(int) - [0, 200, 0]).max() <= 3
    assert studio.told(samples)["hue"] == pytest.approx(120)


def test_hue_says_why_it_does_not_apply_to_grey_images(studio) -> None:
    train = studio.dataset([studio.photo()[..., 0]] * 3)
    reason = get("hue_saturation")().why_not(train)
    assert reason == "Hue and saturation shifts colours; all images of this dataset are grey."
    with pytest.raises(NotApplicable, match="all images of this dataset are grey"):
        studio.make("hue_saturation", train)


def test_hue_skips_grey_parents_and_says_so(studio) -> None:
    train = studio.dataset([studio.photo()[..., 0], studio.photo(seed=1), studio.photo(seed=2)[..., 0]])
    samples = studio.make("hue_saturation", train, 6)
    assert set(samples.parents[:, 0]) == {"001.png"}
    assert samples.notes == ("2 grey images of 'only' are not used as parents.",)


def test_hue_says_which_class_is_grey(studio) -> None:
    train = studio.dataset([studio.photo()[..., 0], studio.photo(seed=1)])
    train.frame["label"] = ["grey", "only"]
    reason = get("hue_saturation")().why_not(train, "grey")
    assert reason == "Hue and saturation shifts colours; all training images of 'grey' (1) are grey."
