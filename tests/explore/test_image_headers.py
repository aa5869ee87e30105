"""The short look at a header agrees with Pillow's long one, or leaves the file to it."""

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from augmentors.explore.image_headers import plain_channels
from augmentors.explore.images import decode_pixels

GREY = np.arange(24 * 20, dtype=np.uint16).reshape(24, 20).astype(np.uint8)
COLOUR = np.dstack([GREY, GREY[::-1], 255 - GREY])


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_exif() -> dict[str, Any]:
    exif = Image.Exif()
    exif[0x0112] = 6
    return {"exif": exif}


def text(key: str, value: str) -> dict[str, Any]:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, value)
    return {"pnginfo": info}


@pytest.mark.parametrize(
    ("pixels", "kind", "options", "channels"),
    [
        (GREY, "JPEG", {}, 1),
        (COLOUR, "JPEG", {}, 3),
        (COLOUR, "JPEG", {"progressive": True, "subsampling": 0}, 3),
        (COLOUR, "JPEG", {"icc_profile": b"x" * 70_000, "comment": b"hello"}, 3),
        (GREY, "PNG", {}, 1),
        (COLOUR, "PNG", {"icc_profile": b"x" * 100, "dpi": (72, 72)}, 3),
    ],
)
def test_plain_files_are_known_and_decode_as_pillow_decodes_them(
    pixels: np.ndarray, kind: str, options: dict[str, Any], channels: int
) -> None:
    data = saved(Image.fromarray(pixels), kind, **options)
    assert plain_channels(data) == channels
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(image)
    decoded = decode_pixels(data)
    assert decoded.shape == pixels.shape
    assert np.abs(decoded.astype(int) - expected).max() <= (0 if kind == "PNG" else 3)


@pytest.mark.parametrize(
    ("image", "kind", "options"),
    [
        (Image.fromarray(COLOUR), "JPEG", with_exif()),
        (Image.fromarray(COLOUR).convert("CMYK"), "JPEG", {}),
        (Image.fromarray(COLOUR), "PNG", with_exif()),
        (Image.fromarray(COLOUR), "PNG", text("Raw profile type exif", "x")),
        (Image.fromarray(GREY), "PNG", {"transparency": 7}),
        (Image.fromarray(COLOUR).convert("RGBA"), "PNG", {}),
        (Image.fromarray(COLOUR).convert("P"), "PNG", {}),
        (Image.fromarray(COLOUR).convert("1"), "PNG", {}),
        (Image.fromarray(GREY.astype(np.uint16) * 257), "PNG", {}),
        (Image.fromarray(COLOUR), "PNG", {"save_all": True, "append_images": [Image.fromarray(COLOUR[::-1])]}),
        (Image.fromarray(COLOUR), "MPO", {"save_all": True, "append_images": [Image.fromarray(COLOUR[::-1])]}),
        (Image.fromarray(COLOUR), "BMP", {}),
    ],
)
def test_all_others_go_the_long_way(image: Image.Image, kind: str, options: dict[str, Any]) -> None:
    assert plain_channels(saved(image, kind, **options)) is None


def test_a_rotation_mark_behind_the_pixels_is_seen() -> None:
    data = saved(Image.fromarray(COLOUR), "PNG", **with_exif())
    at = data.index(b"eXIf") - 4
    length = 12 + int.from_bytes(data[at : at + 4], "big")
    moved = data[:at] + data[at + length : -12] + data[at : at + length] + data[-12:]
    assert plain_channels(moved) is None
    assert decode_pixels(moved).shape == (20, 24, 3)  # turned


def test_huge_sizes_are_left_to_pillow() -> None:
    data = bytearray(saved(Image.fromarray(COLOUR), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    assert plain_channels(bytes(data)) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_is_cut_off_is_not_plain(kind: str) -> None:
    data = saved(Image.fromarray(COLOUR), kind)
    assert not any(plain_channels(data[:end]) for end in range(0, len(data), 7))


def test_a_flipped_bit_in_a_png_is_seen() -> None:
    data = saved(Image.fromarray(COLOUR), "PNG")
    for at in range(0, len(data), 11):
        damaged = bytearray(data)
        damaged[at] ^= 0x10
        assert plain_channels(bytes(damaged)) is None, at


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]), st.booleans())
def test_no_bytes_make_it_fail(body: bytes, start: bytes, ended: bool) -> None:
    end = b"\xff\xd9" if start[:1] == b"\xff" else b"\x00\x00\x00\x00IEND\xaeB`\x82"
    assert plain_channels(start + body + (end if ended else b"")) in (1, 3, None)
