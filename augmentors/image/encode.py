"""New images as files: the same bytes for the same pixels."""

import numpy as np

from augmentors.core.errors import CounterweightError

JPEG_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif"})
JPEG_QUALITY = 95
# Level 1 writes several times faster than the default and the files grow by about a tenth.
PNG_COMPRESSION = 1


def encode(image: np.ndarray, suffix: str) -> tuple[bytes, str]:
    """Return an image as the bytes of a file, in its parent's format where that makes sense.

    Parameters
    ----------
    image : ndarray of uint8
        Shape (height, width) for grey, (height, width, 3) for RGB or
        (height, width, 4) for RGBA.
    suffix : str
        Suffix of the parent's file, such as ``.jpg``.

    Returns
    -------
    data : bytes
        JPEG of quality 95 for a JPEG parent, otherwise PNG, which loses
        nothing. Grey stays grey; what is transparent becomes PNG.
    suffix : str
        ``.jpg`` or ``.png``.

    Examples
    --------
    >>> data, suffix = encode(np.zeros((2, 3), np.uint8), ".bmp")
    >>> suffix, data[1:4]
    ('.png', b'PNG')
    """
    import cv2

    is_jpeg = suffix.lower() in JPEG_SUFFIXES and not (image.ndim == 3 and image.shape[2] == 4)
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if is_jpeg else _png_options()
    written_as = ".jpg" if is_jpeg else ".png"
    done, data = cv2.imencode(written_as, _in_blue_first_order(image), options)
    if not done:
        raise CounterweightError(f"An image of shape {image.shape} could not be written as {written_as}.")
    return data.tobytes(), written_as


def _png_options() -> list[int]:
    import cv2

    return [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION]


def _in_blue_first_order(image: np.ndarray) -> np.ndarray:
    """Return the channels in OpenCV's order."""
    import cv2

    if image.ndim == 2:
        return image
    how = cv2.COLOR_RGBA2BGRA if image.shape[2] == 4 else cv2.COLOR_RGB2BGR
    return cv2.cvtColor(image, how)


def decode(data: bytes) -> np.ndarray:
    """Return the pixels of an image that `encode` wrote, in the channel order `encode` takes."""
    import cv2

    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise CounterweightError("An image written a moment ago cannot be read back.")
    return _in_blue_first_order(image)  # the swap of red and blue is its own inverse
