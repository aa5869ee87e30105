"""What each image augmenter does to pixels, on images small enough to know the answer."""

import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.catalog import for_kind, get
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.explore.images import read_pixels

KEYS = tuple(cls.card.key for cls in for_kind("image"))
# For each key, all its transforms at once.
ANY = {"flip": {"direction": "either"}, "blur": {"method": "any"}, "noise": {"method": "any"}}
STILL = {"scale_min": 1, "scale_max": 1, "shift_min": 0, "shift_max": 0, "shear_min": 0, "shear_max": 0}


def dataset(folder: Path, images: Sequence[np.ndarray | Image.Image], suffix: str = ".png") -> Dataset:
    """Write images as one class `only` and return them."""
    names = [f"{i:03d}{suffix}" for i in range(len(images))]
    for name, image in zip(names, images, strict=True):
        (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(folder / name)
    frame = pd.DataFrame({"path": names, "label": "only"}, index=pd.Index(names)).astype("str")
    return Dataset("image", frame, Schema("label", {"path": "ignored"}), str(folder), folder)


def photo(height: int = 48, width: int = 64, seed: int = 0) -> np.ndarray:
    """Return a colourful image of soft blobs."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))


def make(key: str, train: Dataset, n: int = 1, seed: int = 0, **params: Any) -> Samples:
    augmenter: Augmenter = get(key)(**params).fit(train, rng_from("fit"))
    return augmenter.augment("only", n, rng_from(seed))


def image_of(samples: Samples, i: int = 0) -> np.ndarray:
    assert samples.images is not None
    return samples.images[i]


def told(samples: Samples, i: int = 0) -> dict[str, Any]:
    return json.loads(samples.certificate["drawn"].iloc[i])


@pytest.mark.parametrize("key", KEYS)
def test_size_type_and_colours_stay(key: str, tmp_path: Path) -> None:
    colour, grey = photo(), photo(seed=1)[..., 0]
    train = dataset(tmp_path, [colour, grey, photo(31, 17, 2)])
    samples = make(key, train, 24, **ANY.get(key, {}))
    for image, parent in zip(samples.images or [], samples.parents[:, 0], strict=True):
        original = read_pixels(tmp_path / parent)
        assert image.dtype == np.uint8
        assert image.shape == original.shape
        assert not np.array_equal(image, original)


@pytest.mark.parametrize("key", KEYS)
def test_tiny_images(key: str, tmp_path: Path) -> None:
    tiny = [photo(1, 1), photo(2, 3), photo(1, 50), photo(3, 2)]
    samples = make(key, dataset(tmp_path, tiny), 16, **ANY.get(key, {}))
    shapes = {(1, 1, 3), (2, 3, 3), (1, 50, 3), (3, 2, 3)}
    assert {image.shape for image in samples.images or []} == shapes


@pytest.mark.parametrize("key", KEYS)
def test_same_seed_same_pixels_also_after_a_journey(key: str, tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo(), photo(seed=1)])
    augmenter = get(key)(**ANY.get(key, {})).fit(train, rng_from("fit"))
    travelled = pickle.loads(pickle.dumps(augmenter))
    first = augmenter.augment("only", 8, rng_from(1))
    second = travelled.augment("only", 8, rng_from(1))
    other = augmenter.augment("only", 8, rng_from(2))
    assert first.certificate.equals(second.certificate)
    assert all(np.array_equal(a, b) for a, b in zip(first.images or [], second.images or [], strict=True))
    assert first.certificate["drawn"].tolist() != other.certificate["drawn"].tolist()


@pytest.mark.parametrize("key", KEYS)
def test_every_certificate_tells_operator_seed_and_what_was_drawn(key: str, tmp_path: Path) -> None:
    samples = make(key, dataset(tmp_path, [photo()]), 4, **ANY.get(key, {}))
    for i in range(4):
        facts = told(samples, i)
        assert facts["operator"]
        assert 0 <= facts["seed"] < 2**32
        assert key == "flip" or len(facts) > 2
        assert len(samples.certificate["drawn"].iloc[i]) < 1000


def test_parents_are_used_equally_often(tmp_path: Path) -> None:
    samples = make("flip", dataset(tmp_path, [photo(seed=i) for i in range(5)]), 20)
    assert pd.Series(samples.parents[:, 0]).value_counts().tolist() == [4] * 5


def test_flip_mirrors(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo()])
    assert np.array_equal(image_of(make("flip", train)), photo()[:, ::-1])
    assert np.array_equal(image_of(make("flip", train, direction="vertical")), photo()[::-1])
    either = make("flip", train, 30, direction="either")
    assert {told(either, i)["operator"] for i in range(30)} == {"HorizontalFlip", "VerticalFlip"}


@pytest.mark.parametrize("key", ["rotate", "affine"])
def test_positive_angles_turn_anticlockwise(key: str, tmp_path: Path) -> None:
    dot = np.zeros((101, 101), np.uint8)
    dot[48:53, 80:90] = 255  # right of the middle
    still = STILL if key == "affine" else {}
    samples = make(key, dataset(tmp_path, [dot]), angle_min=90, angle_max=90, border="black", **still)
    rows, columns = np.nonzero(image_of(samples) > 128)
    assert abs(columns.mean() - 50) < 1  # now above the middle
    assert abs(rows.mean() - 15.5) < 1
    assert told(samples)["angle"] == pytest.approx(90)


@pytest.mark.parametrize("key", ["rotate", "affine"])
@pytest.mark.parametrize(("border", "corner"), [("black", 0), ("white", 255), ("edge", 120), ("reflect", 120)])
def test_border_fills_the_corners(key: str, border: str, corner: int, tmp_path: Path) -> None:
    still = STILL if key == "affine" else {}
    flat = np.full((60, 60, 3), 120, np.uint8)
    samples = make(key, dataset(tmp_path, [flat]), angle_min=45, angle_max=45, border=border, **still)
    assert (image_of(samples)[0, 0] == corner).all()
    assert (image_of(samples)[30, 30] == 120).all()


def test_affine_shifts_by_a_share_of_the_size(tmp_path: Path) -> None:
    dot = np.zeros((100, 200), np.uint8)
    dot[40:43, 60:63] = 255
    params = STILL | {"shift_min": 0.1, "shift_max": 0.1, "angle_min": 0, "angle_max": 0, "border": "black"}
    samples = make("affine", dataset(tmp_path, [dot]), **params)
    rows, columns = np.nonzero(image_of(samples) > 128)
    assert (rows.mean(), columns.mean()) == pytest.approx((51, 81), abs=0.6)
    assert told(samples)["shift"] == pytest.approx([0.1, 0.1])


def test_crop_keeps_a_part_of_the_asked_area(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo(200, 300)])
    samples = make("crop_resize", train, 40, area_min=0.3, area_max=0.5, stretch=1.0)
    for i in range(40):
        facts = told(samples, i)
        share = facts["width"] * facts["height"] / (200 * 300)
        assert 0.29 < share < 0.51
        assert facts["width"] / facts["height"] == pytest.approx(1.5, rel=0.02)
        assert image_of(samples, i).shape == (200, 300, 3)


def test_brightness_and_contrast_are_what_is_told(tmp_path: Path) -> None:
    train = dataset(tmp_path, [np.full((8, 8, 3), 100, np.uint8)])
    same_contrast = {"contrast_min": 0, "contrast_max": 0}
    lighter = make("brightness_contrast", train, brightness_min=0.2, brightness_max=0.2, **same_contrast)
    assert np.abs(image_of(lighter).astype(int) - 151).max() <= 1
    assert told(lighter)["brightness"] == pytest.approx(0.2)
    flatter = make(
        "brightness_contrast", train, brightness_min=0, brightness_max=0, contrast_min=-0.5, contrast_max=-0.5
    )
    assert np.abs(image_of(flatter).astype(int) - 50).max() <= 1
    assert told(flatter)["contrast"] == pytest.approx(-0.5)


def test_hue_turns_red_into_green(tmp_path: Path) -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 200
    fixed = {"saturation_min": 0, "saturation_max": 0, "value_min": 0, "value_max": 0}
    samples = make("hue_saturation", dataset(tmp_path, [red]), hue_min=120, hue_max=120, **fixed)
    assert np.abs(image_of(samples).astype(int) - [0, 200, 0]).max() <= 3
    assert told(samples)["hue"] == pytest.approx(120)


def test_hue_says_why_it_does_not_apply_to_grey_images(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo()[..., 0]] * 3)
    reason = get("hue_saturation")().why_not(train)
    assert reason == "Hue and saturation shifts colours; all images of this dataset are grey."
    with pytest.raises(NotApplicable, match="all images of this dataset are grey"):
        make("hue_saturation", train)


def test_hue_skips_grey_parents_and_says_so(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo()[..., 0], photo(seed=1), photo(seed=2)[..., 0]])
    samples = make("hue_saturation", train, 6)
    assert set(samples.parents[:, 0]) == {"001.png"}
    assert samples.notes == ("2 grey images of 'only' are not used as parents.",)


def test_hue_says_which_class_is_grey(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo()[..., 0], photo(seed=1)])
    train.frame["label"] = ["grey", "only"]
    reason = get("hue_saturation")().why_not(train, "grey")
    assert reason == "Hue and saturation shifts colours; all training images of 'grey' (1) are grey."


@pytest.mark.parametrize("method", ["gaussian", "box", "median", "motion"])
def test_blur_softens_and_grows_with_the_image(method: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    small, large = (rng.integers(0, 256, (side, side), dtype=np.uint8) for side in (50, 400))
    params = {"method": method, "radius_min": 2.0, "radius_max": 2.0}
    samples = make("blur", dataset(tmp_path, [small, large]), 2, **params)
    kernel = {image.shape[0]: told(samples, i)["kernel"] for i, image in enumerate(samples.images or [])}
    assert kernel[50] < kernel[400]
    assert all(image.std() < 60 for image in samples.images or [])  # uniform noise has 74


def test_gaussian_noise_has_the_asked_deviation(tmp_path: Path) -> None:
    train = dataset(tmp_path, [np.full((100, 100, 3), 128, np.uint8)])
    samples = make("noise", train, amount_min=0.05, amount_max=0.05)
    assert image_of(samples).std() == pytest.approx(0.05 * 255, rel=0.05)
    grey_grain = image_of(make("noise", train, amount_min=0.05, amount_max=0.05, coloured=False))
    assert (grey_grain == grey_grain[..., :1]).all()


def test_salt_and_pepper_hits_the_asked_share(tmp_path: Path) -> None:
    train = dataset(tmp_path, [np.full((100, 100, 3), 128, np.uint8)])
    image = image_of(make("noise", train, method="salt_and_pepper", amount_min=0.1, amount_max=0.1))
    assert (image != 128).any(axis=2).mean() == pytest.approx(0.1, abs=0.001)
    assert set(np.unique(image)) == {0, 128, 255}


@pytest.mark.parametrize(("fill", "value"), [("black", 0), ("grey", 128), ("white", 255)])
def test_cutout_covers_the_told_rectangles_and_nothing_else(fill: str, value: int, tmp_path: Path) -> None:
    parent = np.full((80, 120, 3), 60, np.uint8)
    samples = make("cutout", dataset(tmp_path, [parent]), holes_min=2, holes_max=2, fill=fill)
    expected = parent.copy()
    for left, top, width, height in told(samples)["holes"]:
        expected[top : top + height, left : left + width] = value
    assert len(told(samples)["holes"]) == 2
    assert np.array_equal(image_of(samples), expected)


@pytest.mark.parametrize(
    ("key", "params", "said"),
    [
        ("rotate", {"angle_min": 20, "angle_max": 10}, r"angle_min \(20.0\) must not be larger than angle_max"),
        ("cutout", {"holes_min": 5}, r"holes_min \(5\) must not be larger than holes_max \(3\)"),
        ("blur", {"radius_max": 0.1}, r"radius_min \(0.3\) must not be larger than radius_max \(0.1\)"),
        ("crop_resize", {"area_max": 1.2}, "area_max"),
        ("flip", {"direction": "sideways"}, "direction"),
    ],
)
def test_wrong_parameters_are_refused(key: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParams, match=said):
        get(key)(**params)


def test_two_calls_in_turns_do_not_disturb_each_other(tmp_path: Path) -> None:
    train = dataset(tmp_path, [photo()])
    alone = image_of(make("affine", train, seed=3))
    one, two = (get("affine")().fit(train, rng_from("fit")) for _ in range(2))
    two.augment("only", 5, rng_from(9))
    again = one.augment("only", 1, rng_from(3))
    assert np.array_equal(image_of(again), alone)
