"""Image files as pixels: right colours, right way up, whatever the format."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from augmentors.core.errors import UserError
from augmentors.explore.image_headers import plain_channels

ORIENTATION_TAG = 0x0112
WIDE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
OPAQUE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})
_JPEG_END = b"\xff\xd9"
_PNG_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class ImageFacts:
    """What the header of an image file says, without decoding it.

    Parameters
    ----------
    width, height : int
        Pixels, the right way up.
    mode : str
        Pillow's mode (``L``, ``RGB``, ``CMYK``, ``I;16`` …).
    format : str
    frames : int
        1 unless animated or a stack; the first one is used.
    colour : {"grey", "colour", "transparent"}
    bytes : int
        Size of the file.
    """

    width: int
    height: int
    mode: str
    format: str
    frames: int
    colour: str
    bytes: int


def read_rgb(path: Path | str) -> np.ndarray:
    """Return an image as uint8 of shape (height, width, 3); see `read_pixels`."""
    pixels = read_pixels(path)
    return np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels


def read_pixels(path: Path | str) -> np.ndarray:
    """Return an image as uint8: (height, width) when grey, (height, width, 3) in colour.

    16-bit values are scaled to 8 bits, CMYK and palettes become RGB, what is
    transparent is laid on white (as a page would show it), an animation gives
    its first frame, and the camera's rotation mark is applied.

    Parameters
    ----------
    path : Path or str

    Returns
    -------
    ndarray of uint8

    Raises
    ------
    UserError
        When the file cannot be read or does not decode.
    """
    path = Path(path)
    return decode_pixels(_bytes_of(path), path.name)


def decode_pixels(data: bytes, name: str = "image") -> np.ndarray:
    """Return the bytes of an image file as pixels; `name` is used in errors."""
    channels = plain_channels(data)
    pixels = _decode_fast(data, grey=channels == 1) if channels else None
    if pixels is not None:
        return pixels
    try:
        with Image.open(io.BytesIO(data)) as image:
            if _is_plain(image, data):
                pixels = _decode_fast(data, grey=image.mode == "L")
                if pixels is not None:
                    return pixels
            return _as_pixels(_upright(image))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _undecodable(name, error) from None


def image_facts(path: Path | str) -> ImageFacts:
    """Return what the header of an image file says.

    Raises
    ------
    UserError
        When the file is not an image.
    """
    path = Path(path)
    try:
        with Image.open(path) as image:
            width, height = image.size
            if _orientation(image) >= 5:  # 5 to 8 lie on their side
                width, height = height, width
            frames = int(getattr(image, "n_frames", 1))
            return ImageFacts(
                width, height, image.mode, image.format or "", frames, _colour(image), path.stat().st_size
            )
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _undecodable(path.name, error) from None


def transparent(path: Path | str) -> bool:
    """Tell from its header whether an image file has transparency; JPEG never has."""
    path = Path(path)
    return path.suffix.lower() not in OPAQUE_SUFFIXES and image_facts(path).colour == "transparent"


def thumbnail_png(path: Path | str, size: int = 160) -> bytes:
    """Return a PNG of an image no larger than size × size, proportions kept.

    Images smaller than that are enlarged by a whole factor without smoothing,
    so that 28 × 28 digits stay crisp in a gallery.
    """
    return array_thumbnail_png(read_reduced(Path(path), size), size)


def array_thumbnail_png(pixels: np.ndarray, size: int = 160) -> bytes:
    """Return a PNG of pixels no larger than size × size; see `thumbnail_png`."""
    image = Image.fromarray(pixels)
    factor = size // max(image.size)
    if factor >= 2:
        image = image.resize((image.width * factor, image.height * factor), Image.Resampling.NEAREST)
    else:
        image.thumbnail((size, size), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def read_reduced(path: Path, size: int) -> np.ndarray:
    """Return pixels, of a large JPEG only as many as size × size needs: several times faster."""
    try:
        with Image.open(path) as image:
            if image.format != "JPEG" or image.mode not in ("L", "RGB"):
                return read_pixels(path)
            image.draft(image.mode, (size, size))
            return _as_pixels(_upright(image))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _undecodable(path.name, error) from None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"Image '{path.name}' cannot be read: {error.strerror or error}.") from None


def _undecodable(name: str, error: Exception) -> UserError:
    # Pillow's own sentence for an unknown format only names a memory address.
    reason = "it is not an image" if isinstance(error, Image.UnidentifiedImageError) else str(error).rstrip(".")
    return UserError(f"Image '{name}' cannot be decoded: {reason}.", "Save it again as PNG or JPEG, or leave it out.")


def _is_plain(image: Image.Image, data: bytes) -> bool:
    """Tell whether OpenCV, twice as fast, gives the same picture as Pillow."""
    if image.mode not in ("L", "RGB") or "transparency" in image.info or _orientation(image) != 1:
        return False
    # A cut-off file is left to Pillow, which says what is wrong; OpenCV only warns on stderr.
    if image.format == "JPEG":
        return data.endswith(_JPEG_END)
    return image.format == "PNG" and data.endswith(_PNG_END) and getattr(image, "n_frames", 1) == 1


def _decode_fast(data: bytes, *, grey: bool) -> np.ndarray | None:
    import cv2

    how = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    return cv2.imdecode(np.frombuffer(data, np.uint8), how | cv2.IMREAD_IGNORE_ORIENTATION)


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except (
        OSError,
        ValueError,
        SyntaxError,
        KeyError,
        TypeError,
    ):  # a broken EXIF block is no reason to fail
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _upright(image: Image.Image) -> Image.Image:
    if _orientation(image) == 1:
        return image
    return ImageOps.exif_transpose(image) or image


def _colour(image: Image.Image) -> str:
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        return "transparent"
    if image.mode in ("1", "L", *WIDE_MODES) or (image.mode == "P" and _grey_palette(image)):
        return "grey"
    return "colour"


def _grey_palette(image: Image.Image) -> bool:
    palette = np.asarray(image.getpalette("RGB") or [], dtype=np.uint8).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())


def _as_pixels(image: Image.Image) -> np.ndarray:
    """Return a Pillow image as grey or RGB pixels."""
    if image.mode in WIDE_MODES:
        return _eight_bits(np.asarray(image))
    colour = _colour(image)
    if colour == "transparent":
        grey = image.mode in ("1", "L", "LA", "La")
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        flat = Image.alpha_composite(white, rgba)
        return np.array(flat.convert("L" if grey else "RGB"))
    return np.array(image.convert("L" if colour == "grey" else "RGB"))


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Return grey values of any width as uint8, scaled by the range of their type, never clipped."""
    wide = np.nan_to_num(values.astype(np.float64))
    low, high = float(wide.min()), float(wide.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        top = 1.0
    elif values.dtype.kind == "f" and low >= 0 and high <= 255:
        top = 255.0
    elif low >= 0 and high <= 65535:
        top = 65535.0
    else:  # 32-bit values follow no convention: their own range is shown
        wide, top = wide - low, max(high - low, 1.0)
    return np.rint(wide * (255.0 / top)).astype(np.uint8)
