"""Parents of every format: right colours and right way up before anything is done to them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.catalog import for_kind, get
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import rng_from
from augmentors.image.albumentations_base import AlbumentationsAugmenter
from augmentors.image.library_family import LIBRARY_AUGMENTERS

KEYS = tuple(
    cls.card.key
    for cls in for_kind("image")
    if issubclass(cls, AlbumentationsAugmenter) and cls not in LIBRARY_AUGMENTERS and not cls.needs_colour
)
ROTATED_BY_CAMERA = 6  # the camera lay on its right side


def one_image(folder: Path, name: str, image: Image.Image, **options: Any) -> Dataset:
    image.save(folder / name, **options)
    frame = pd.DataFrame({"path": [name], "label": ["x"]}, index=pd.Index([name])).astype("str")
    return Dataset("image", frame, Schema("label", {"path": "ignored"}), str(folder / name), folder)


def flipped(train: Dataset) -> np.ndarray:
    made = get("flip")().fit(train, rng_from("fit")).augment("x", 1, rng_from(0))
    assert made.images is not None
    return made.images[0]


def two_halves() -> Image.Image:
    """Return an image that is red on the left and blue on the right."""
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, :20, 0] = pixels[:, 20:, 2] = 200
    return Image.fromarray(pixels)


def test_camera_rotation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = ROTATED_BY_CAMERA
    image = flipped(one_image(tmp_path, "a.jpg", two_halves(), exif=exif, quality=95))
    assert image.shape == (40, 20, 3)
    assert image[5, 10, 0] > 150  # red is on top
    assert image[35, 10, 2] > 150


def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 40).astype(np.uint16)[None].repeat(20, axis=0)
    image = flipped(one_image(tmp_path, "a.png", Image.fromarray(ramp)))
    assert image.shape == (20, 40)
    assert abs(int(image[0, 20]) - 124) <= 4
    assert (image[0, 0], image[0, -1]) == (255, 0)


@pytest.mark.parametrize(("name", "mode"), [("a.jpg", "CMYK"), ("a.png", "P"), ("a.gif", "P"), ("a.png", "RGBA")])
def test_other_modes_have_the_right_colours(name: str, mode: str, tmp_path: Path) -> None:
    image = flipped(one_image(tmp_path, name, two_halves().convert(mode)))
    assert image.shape == (20, 40, 3)
    assert image[10, 5, 2] > 150  # blue is on the left now
    assert image[10, 35, 0] > 150
    assert image[10, 35, 2] < 60


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_augmenter_takes_every_mode(key: str, mode: str, tmp_path: Path) -> None:
    image = two_halves()
    if mode == "I;16":
        image = Image.fromarray(np.full((20, 40), 30000, np.uint16))
    name = "a.tif" if mode == "CMYK" else "a.png"
    train = one_image(tmp_path, name, image if mode == "I;16" else image.convert(mode))
    made = get(key)().fit(train, rng_from("fit")).augment("x", 3, rng_from(0))
    grey = mode in ("1", "L", "LA", "I;16")
    assert {i.shape for i in made.images or []} == {(20, 40) if grey else (20, 40, 3)}
