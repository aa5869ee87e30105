"""New images as files."""

import io

import numpy as np
import pytest
from PIL import Image

from augmentors.image.encode import encode


def ramp(*shape: int) -> np.ndarray:
    return np.linspace(0, 255, int(np.prod(shape))).astype(np.uint8).reshape(shape)


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".jpe", ".jfif"])
def test_jpeg_parents_give_jpeg_of_good_quality(suffix: str) -> None:
    pixels = np.stack([ramp(40, 60), ramp(40, 60)[::-1], np.full((40, 60), 30, np.uint8)], axis=2)
    data, written_as = encode(pixels, suffix)
    read = Image.open(io.BytesIO(data))
    assert (written_as, read.format, read.mode) == (".jpg", "JPEG", "RGB")
    assert np.abs(np.asarray(read).astype(int) - pixels).mean() < 2
    # Quality 95 scales the first step of the standard table, 16, down to 2.
    assert read.quantization[0][0] == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize("suffix", [".png", ".gif", ".bmp", ".webp", ".tif", ""])
@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3), (9, 7, 4), (1, 1, 3)])
def test_all_others_give_png_without_loss(suffix: str, shape: tuple[int, ...]) -> None:
    data, written_as = encode(ramp(*shape), suffix)
    read = Image.open(io.BytesIO(data))
    assert (written_as, read.format) == (".png", "PNG")
    assert read.mode == {2: "L", 3: "RGB" if shape[-1] == 3 else "RGBA"}[len(shape)]
    assert np.array_equal(np.asarray(read), ramp(*shape))


def test_grey_stays_grey_in_jpeg() -> None:
    assert Image.open(io.BytesIO(encode(ramp(8, 8), ".jpg")[0])).mode == "L"


def test_transparent_images_are_not_forced_into_jpeg() -> None:
    assert encode(ramp(8, 8, 4), ".jpg")[1] == ".png"


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_same_pixels_same_bytes(suffix: str) -> None:
    pixels = ramp(30, 20, 3)
    assert encode(pixels, suffix) == encode(pixels.copy(), suffix)


def test_input_is_left_alone() -> None:
    pixels = ramp(30, 20, 3)
    pixels.setflags(write=False)
    encode(pixels, ".jpg")
    assert np.array_equal(pixels, ramp(30, 20, 3))
