"""Two images as one: shapes brought together, colours matched, pixels mixed. Pure maths."""

from typing import Any, cast

import numpy as np

# Flow is searched on images of this size: large moves matter, grain does not.
FLOW_SIDE = 64
LEAST_SIDE = 12


def as_one_size(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the second image in the size and number of colours of the first.

    Parameters
    ----------
    first, second : ndarray of uint8, shape (height, width) or (height, width, 3)
    """
    import cv2

    if first.ndim != second.ndim:
        how = cv2.COLOR_GRAY2RGB if second.ndim == 2 else cv2.COLOR_RGB2GRAY
        second = cv2.cvtColor(second, how)
    height, width = first.shape[:2]
    if second.shape[:2] == (height, width):
        return second
    shrinks = second.shape[0] > height or second.shape[1] > width
    return cv2.resize(second, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def mixed(first: np.ndarray, second: np.ndarray, step: float) -> np.ndarray:
    """Return (1 - step) · first + step · second, pixel by pixel, rounded.

    Examples
    --------
    >>> mixed(np.array([[0, 100]], np.uint8), np.array([[200, 100]], np.uint8), 0.25).tolist()
    [[50, 100]]
    """
    return _as_levels((1 - step) * first.astype(np.float64) + step * second)


def morphed(first: np.ndarray, second: np.ndarray, step: float) -> np.ndarray:
    """Return the image between two: both bent towards the shape in between, then mixed.

    Optical flow says where each point of one image is found in the other; each
    image goes along it for its share, so that outlines meet instead of showing
    twice. With `step` 0 it is the first image, with 1 the second.

    Parameters
    ----------
    first, second : ndarray of uint8
        Of equal shape.
    step : float
        In [0, 1].
    """
    if min(first.shape[:2]) < LEAST_SIDE:
        return mixed(first, second, step)
    there, back = _flow(first, second), _flow(second, first)
    # A point of the image in between comes from `step` back along the way to the second image, …
    bent_first = _bent(first, -step * _carried(there, step))
    # … and from the rest of the way seen from the second one.
    bent_second = _bent(second, -(1 - step) * _carried(back, 1 - step))
    return mixed(bent_first, bent_second, step)


def in_colours_between(image: np.ndarray, first: np.ndarray, second: np.ndarray, step: float) -> np.ndarray:
    """Return an image whose colours have the mean and spread that lie between those of two images.

    In CIELAB for colour images, where equal steps look equal; in grey levels otherwise.

    Parameters
    ----------
    image, first, second : ndarray of uint8
        All grey or all RGB; sizes may differ.
    step : float
        0 gives the colours of the first, 1 those of the second.
    """
    own, one, two = (_lab(pixels) for pixels in (image, first, second))
    mean = (1 - step) * _mean(one) + step * _mean(two)
    spread = (1 - step) * _spread(one) + step * _spread(two)
    now = _spread(own)
    # A single-coloured image has no spread to stretch.
    factor = np.where(now > 1e-3, spread / np.maximum(now, 1e-3), 1.0)
    return _from_lab((own - _mean(own)) * factor + mean, grey=image.ndim == 2)


def _flow(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return, per pixel of the first image, how far to its like in the second, shape (height, width, 2)."""
    import cv2

    height, width = first.shape[:2]
    one, two = _soft(first), _soft(second)
    # A wide window, so that the flow is smooth and whole shapes move.
    flow: Any = cv2.calcOpticalFlowFarneback(one, two, cast(Any, None), 0.7, 5, 31, 10, 7, 1.5, 0)
    flow = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR)
    return flow * np.array([width / FLOW_SIDE, height / FLOW_SIDE], np.float32)


def _soft(image: np.ndarray) -> np.ndarray:
    import cv2

    shrinks = max(image.shape[:2]) > FLOW_SIDE
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.GaussianBlur(cv2.resize(_grey(image), (FLOW_SIDE, FLOW_SIDE), interpolation=how), (0, 0), 2)


def _carried(flow: np.ndarray, share: float) -> np.ndarray:
    """Return the flow as seen from the points it leads to after a share of the way (one step of the fixed point)."""
    return _bent(flow, -share * flow)


def _bent(image: np.ndarray, move: np.ndarray) -> np.ndarray:
    """Return the image that has, at each pixel, what the image has that far away."""
    import cv2

    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(image, x + move[..., 0], y + move[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _grey(image: np.ndarray) -> np.ndarray:
    import cv2

    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def _lab(image: np.ndarray) -> np.ndarray:
    import cv2

    if image.ndim == 2:
        return image[:, :, None].astype(np.float32)
    return cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _from_lab(values: np.ndarray, grey: bool) -> np.ndarray:
    import cv2

    if grey:
        return _as_levels(values[:, :, 0])
    return _as_levels(cv2.cvtColor(values.astype(np.float32), cv2.COLOR_LAB2RGB) * 255)


def _mean(values: np.ndarray) -> np.ndarray:
    return values.mean(axis=(0, 1), dtype=np.float64)


def _spread(values: np.ndarray) -> np.ndarray:
    return values.std(axis=(0, 1), dtype=np.float64)


def _as_levels(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
