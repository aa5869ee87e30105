"""Random views of images that leave what they show readable: crops, small turns, light and colour, noise.

Everything is drawn from one generator. Nothing is mirrored unless asked for: a
class may be told by its side.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

# How much wider than high a view that shows little may be, as a logarithm.
STRETCH = 0.6


@dataclass(frozen=True)
class Changes:
    """How far views may lie from their image.

    Parameters
    ----------
    least_area : float
        Smallest share of the image that a view shows.
    turn : float
        Largest rotation in degrees.
    colour : float
        Strength of changes of brightness, contrast and saturation, 0 to 1.
    noise : float
        Largest standard deviation of the noise, as a share of the grey levels.
    flip : bool
        Whether half of the views are mirrored.
    """

    least_area: float
    turn: float
    colour: float
    noise: float
    flip: bool


def view_of(images: Tensor, changes: Changes, generator: torch.Generator) -> Tensor:
    """Return one view of each image.

    Parameters
    ----------
    images : Tensor of float in [0, 1], shape (n, 3, side, side)
    """
    moved = _cut_out(images, changes, generator)
    lit = _lit(moved, changes.colour, generator)
    spread = changes.noise * _draw(len(images), generator).reshape(-1, 1, 1, 1)
    return (lit + spread * torch.randn(lit.shape, generator=generator)).clamp(0, 1)


def _cut_out(images: Tensor, changes: Changes, generator: torch.Generator) -> Tensor:
    n = len(images)
    scale = (changes.least_area + (1 - changes.least_area) * _draw(n, generator)).sqrt()
    stretch = torch.exp((_draw(n, generator) - 0.5) * STRETCH * (1 - changes.least_area))
    wide, high = (scale * stretch).clamp(max=1), (scale / stretch).clamp(max=1)
    across = (1 - wide) * (2 * _draw(n, generator) - 1)
    down = (1 - high) * (2 * _draw(n, generator) - 1)
    angle = torch.deg2rad(changes.turn * (2 * _draw(n, generator) - 1))
    mirrored = torch.where(_draw(n, generator) < 0.5, -1.0, 1.0) if changes.flip else torch.ones(n)
    rows = (
        torch.stack([wide * angle.cos() * mirrored, -high * angle.sin(), across], dim=1),
        torch.stack([wide * angle.sin() * mirrored, high * angle.cos(), down], dim=1),
    )
    grid = affine_grid(torch.stack(rows, dim=1), list(images.shape), align_corners=False)
    return grid_sample(images, grid, padding_mode="reflection", align_corners=False)


def _lit(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    n = len(images)
    light, contrast, colour = (1 + strength * (2 * _draw(n, generator) - 1).reshape(-1, 1, 1, 1) for _ in range(3))
    images = images * light
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    images = middle + (images - middle) * contrast
    grey = images.mean(dim=1, keepdim=True)
    return grey + (images - grey) * colour


def _draw(n: int, generator: torch.Generator) -> Tensor:
    return torch.rand(n, generator=generator)
