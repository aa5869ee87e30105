"""Every odd image file comes out with its right colours and the right way up."""

import io

import numpy as np
import pytest
from PIL import Image

from augmentors.core.errors import UserError
from augmentors.explore.images import (
    decode_pixels,
    image_facts,
    read_pixels,
    read_rgb,
    thumbnail_png,
)

RED, BLUE = (220, 30, 40), (20, 40, 200)


def _halves(width=40, height=20):
    """Left half red, right half blue."""
    array = np.empty((height, width, 3), np.uint8)
    array[:, : width // 2], array[:, width // 2 :] = RED, BLUE
    return array


def _close(pixel, colour, tolerance=12):
    return np.abs(pixel.astype(int) - np.asarray(colour)).max() <= tolerance


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp", "a.tif", "a.gif"])
def test_plain_colours(tmp_path, name):
    Image.fromarray(_halves()).save(tmp_path / name)
    pixels = read_pixels(tmp_path / name)
    assert pixels.shape == (20, 40, 3) and pixels.dtype == np.uint8
    assert _close(pixels[10, 5], RED) and _close(pixels[10, 35], BLUE)


@pytest.mark.parametrize("name", ["g.png", "g.jpg", "g.gif"])
def test_grey_files_stay_grey(tmp_path, name):
    Image.fromarray(np.full((8, 9), 77, np.uint8)).save(tmp_path / name)
    assert read_pixels(tmp_path / name).shape == (8, 9)
    assert (read_rgb(tmp_path / name) == 77).all()
    assert read_rgb(tmp_path / name).shape == (8, 9, 3)
    assert image_facts(tmp_path / name).colour == "grey"


@pytest.mark.parametrize("name", ["d.png", "d.tif"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path, name):
    ramp = np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8)
    Image.fromarray(ramp).save(tmp_path / name)
    pixels = read_pixels(tmp_path / name)
    assert np.abs(pixels.astype(int) - ramp / 257).max() <= 1


def test_float_and_32_bit_images_are_scaled(tmp_path):
    Image.fromarray(np.linspace(0, 1, 16, dtype=np.float32).reshape(4, 4)).save(tmp_path / "f.tif")
    assert read_pixels(tmp_path / "f.tif").ravel().tolist() == list(range(0, 256, 17))
    Image.fromarray(np.array([[-1000, 0, 1000]], np.int32)).save(tmp_path / "i.tif")
    assert read_pixels(tmp_path / "i.tif").tolist() == [[0, 128, 255]]


def test_cmyk(tmp_path):
    Image.fromarray(_halves()).convert("CMYK").save(tmp_path / "c.jpg", quality=95)
    pixels = read_pixels(tmp_path / "c.jpg")
    assert _close(pixels[10, 5], RED, 20) and _close(pixels[10, 35], BLUE, 20)


def test_palette_and_transparency_are_laid_on_white(tmp_path):
    rgba = np.dstack([_halves(), np.full((20, 40), 255, np.uint8)])
    rgba[:5, :, 3] = 0
    Image.fromarray(rgba).save(tmp_path / "t.png")
    Image.fromarray(rgba).quantize(8).save(tmp_path / "p.png")
    for name in ("t.png", "p.png"):
        pixels = read_pixels(tmp_path / name)
        assert _close(pixels[0, 0], (255, 255, 255), 2), name
        assert _close(pixels[10, 5], RED) and _close(pixels[10, 35], BLUE), name
        assert image_facts(tmp_path / name).colour == "transparent"


def test_grey_with_alpha_stays_grey(tmp_path):
    array = np.zeros((4, 4, 2), np.uint8)
    array[:, :2, 1] = 255
    Image.fromarray(array, "LA").save(tmp_path / "la.png")
    assert read_pixels(tmp_path / "la.png").tolist() == [[0, 0, 255, 255]] * 4


def test_animation_gives_its_first_frame(tmp_path):
    frames = [Image.new("RGB", (6, 4), colour) for colour in (RED, BLUE)]
    for name in ("a.gif", "a.webp", "a.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        assert image_facts(tmp_path / name).frames == 2
        assert _close(read_pixels(tmp_path / name)[2, 2], RED), name


@pytest.mark.parametrize("name", ["e.jpg", "e.png"])
def test_camera_rotation_is_applied(tmp_path, name):
    image = Image.fromarray(_halves())
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: left edge is the bottom … red must end on top
    image.save(tmp_path / name, exif=exif)
    pixels = read_pixels(tmp_path / name)
    assert pixels.shape == (40, 20, 3)
    assert _close(pixels[5, 10], RED) and _close(pixels[35, 10], BLUE)
    facts = image_facts(tmp_path / name)
    assert (facts.width, facts.height) == (20, 40)


def test_fast_and_slow_decoders_agree(tmp_path):
    rng = np.random.default_rng(0)
    smooth = np.asarray(Image.fromarray(rng.integers(0, 255, (6, 6, 3), np.uint8)).resize((64, 48)))
    Image.fromarray(smooth).save(tmp_path / "a.png")
    assert (read_pixels(tmp_path / "a.png") == smooth).all()
    Image.fromarray(smooth).save(tmp_path / "a.jpg", quality=95)
    with Image.open(tmp_path / "a.jpg") as image:
        reference = np.asarray(image).astype(int)
    assert np.abs(read_pixels(tmp_path / "a.jpg") - reference).mean() < 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF"])
def test_cut_off_files_are_refused(kind, capfd):
    rng = np.random.default_rng(1)
    buffer = io.BytesIO()
    Image.fromarray(rng.integers(0, 255, (64, 64, 3), np.uint8)).save(buffer, kind)
    whole = buffer.getvalue()
    decode_pixels(whole)
    with pytest.raises(UserError, match=r"'photo\.x' cannot be decoded"):
        decode_pixels(whole[: len(whole) // 2], "photo.x")
    assert capfd.readouterr().err == ""


def test_what_is_not_an_image_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"not an image")
    with pytest.raises(UserError, match="it is not an image"):
        read_pixels(tmp_path / "a.png")
    with pytest.raises(UserError, match="it is not an image"):
        image_facts(tmp_path / "a.png")
    with pytest.raises(UserError, match="cannot be read"):
        read_pixels(tmp_path / "absent.png")


def test_thumbnails_keep_proportions_and_enlarge_tiny_images(tmp_path):
    Image.fromarray(_halves(400, 200)).save(tmp_path / "big.jpg")
    with Image.open(io.BytesIO(thumbnail_png(tmp_path / "big.jpg", 160))) as image:
        assert image.format == "PNG" and image.size == (160, 80)
    digit = np.arange(28 * 28, dtype=np.uint16).reshape(28, 28).astype(np.uint8)
    Image.fromarray(digit).save(tmp_path / "tiny.png")
    with Image.open(io.BytesIO(thumbnail_png(tmp_path / "tiny.png", 160))) as image:
        assert image.size == (140, 140)
        assert (np.asarray(image)[::5, ::5] == digit).all()
