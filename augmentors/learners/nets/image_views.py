"""Weak and strong views of small images: shifts; and two drawn changes of light, colour or shape with a hole (cutout).

Nothing is mirrored: a class may be told by its side.

References
----------
Cubuk, Zoph, Shlens & Le (2020), RandAugment, NeurIPS 33, 18613–18624.
DeVries & Taylor (2017), Improved regularization of convolutional neural networks with cutout, arXiv:1708.04552.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, pad

from augmentors.learners.nets.fixmatch import Views
from augmentors.learners.nets.parts import SIDE

# An eighth of the side, as in the paper.
SHIFT = SIDE // 8
CHANGES = 2
HOLE = SIDE // 2


class PixelViews(Views):
    """Views of 32 × 32 images.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, 3072)
        Of the unlabelled images.
    """

    def __init__(self, pixels: np.ndarray) -> None:
        self._pixels = torch.from_numpy(pixels)

    def __len__(self) -> int:
        return len(self._pixels)

    def weak(self, at: Tensor, generator: torch.Generator) -> Tensor:
        return as_rows(shifted(as_images(self._pixels[at]), generator))

    def strong(self, at: Tensor, generator: torch.Generator) -> Tensor:
        images = shifted(as_images(self._pixels[at]), generator)
        for _ in range(CHANGES):
            images = changed(images, generator)
        return as_rows(with_hole(images, generator))

    def of_labelled(self, X: Tensor, generator: torch.Generator) -> Tensor:
        return as_rows(shifted(as_images(X), generator))


def as_images(rows: Tensor) -> Tensor:
    """Return rows of bytes as images of values from 0 to 1, shape (n, 3, 32, 32)."""
    return rows.reshape(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).float() / 255


def as_rows(images: Tensor) -> Tensor:
    """Return images as rows of values from 0 to 255, shape (n, 3072)."""
    return (images.clamp(0, 1) * 255).permute(0, 2, 3, 1).reshape(len(images), -1)


def shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return images moved by up to an eighth of their side each way; what comes in is mirrored at the edge."""
    n = len(images)
    wide = pad(images, (SHIFT,) * 4, mode="reflect")
    down, right = torch.randint(2 * SHIFT + 1, (2, n), generator=generator)
    steps = torch.arange(SIDE)
    rows, columns = (down[:, None] + steps)[:, :, None], (right[:, None] + steps)[:, None, :]
    return wide.permute(0, 2, 3, 1)[torch.arange(n)[:, None, None], rows, columns].permute(0, 3, 1, 2)


def changed(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return images each changed by one drawn operator at a drawn strength."""
    n = len(images)
    which = torch.randint(len(OPERATORS), (n,), generator=generator)
    strength = torch.rand(n, generator=generator) * 2 - 1
    result = images.clone()
    for i, operator in enumerate(OPERATORS):
        own = which == i
        if own.any():
            result[own] = operator(images[own], strength[own].reshape(-1, 1, 1, 1)).clamp(0, 1)
    return result


def with_hole(images: Tensor, generator: torch.Generator) -> Tensor:
    """Return images in which a square of up to half the side is grey."""
    n = len(images)
    centre = torch.randint(SIDE, (2, n, 1), generator=generator)
    half = torch.rand(n, 1, generator=generator) * HOLE / 2
    steps = torch.arange(SIDE)
    inside = (steps - centre).abs() <= half
    hole = inside[0][:, :, None] & inside[1][:, None, :]
    return torch.where(hole[:, None], torch.full((), 0.5), images)


def _brightness(images: Tensor, strength: Tensor) -> Tensor:
    return images * (1 + 0.6 * strength)


def _contrast(images: Tensor, strength: Tensor) -> Tensor:
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    return middle + (images - middle) * (1 + 0.8 * strength)


def _colour(images: Tensor, strength: Tensor) -> Tensor:
    grey = images.mean(dim=1, keepdim=True)
    return grey + (images - grey) * (1 + 0.9 * strength)


def _solarised(images: Tensor, strength: Tensor) -> Tensor:
    return torch.where(images > 0.5 + 0.5 * strength.abs(), 1 - images, images)


def _posterised(images: Tensor, strength: Tensor) -> Tensor:
    levels = 2 ** (8 - (4 * strength.abs()).round())
    return (images * (levels - 1)).round() / (levels - 1)


def _rotated(images: Tensor, strength: Tensor) -> Tensor:
    angle = strength.flatten() * (torch.pi / 6)
    return _moved(images, angle.cos(), -angle.sin(), angle.sin(), angle.cos())


def _sheared(images: Tensor, strength: Tensor) -> Tensor:
    one, lean = torch.ones(len(images)), 0.3 * strength.flatten()
    return _moved(images, one, lean, torch.zeros(len(images)), one)


def _moved(images: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    zero = torch.zeros_like(a)
    matrix = torch.stack([torch.stack([a, b, zero], dim=1), torch.stack([c, d, zero], dim=1)], dim=1)
    grid = affine_grid(matrix, list(images.shape), align_corners=False)
    return grid_sample(images, grid, padding_mode="reflection", align_corners=False)


OPERATORS: tuple[Callable[[Tensor, Tensor], Tensor], ...] = (
    _brightness,
    _contrast,
    _colour,
    _solarised,
    _posterised,
    _rotated,
    _sheared,
)
