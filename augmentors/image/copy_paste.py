"""Copy and paste within a class: patches of one image set into another, at other places."""

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.albumentations_base import RangeParams
from augmentors.image.blending import as_one_size
from augmentors.image.image_augmenter import OneImage
from augmentors.image.mixing_base import MixingAugmenter, two_shares

# Cells of a side when the share of overlapping patches is counted.
GRID = 64


class CopyPaste(MixingAugmenter):
    """Cut patches from a second image and paste them into the first, at drawn places, with soft edges.

    Examples
    --------
    >>> CopyPaste(patches_max=1).params.size_max
    0.4
    """

    card = Card(
        key="copy_paste",
        title="Copy and paste",
        kind="image",
        family="mixing",
        summary="Pastes patches of one image of the class into another, at drawn places, with soft edges.",
        avoid="Avoid where parts have their places, as in faces, digits and organs.",
        references=(
            "Ghiasi et al. (2021), Simple Copy-Paste is a Strong Data Augmentation Method for Instance "
            "Segmentation, CVPR.",
        ),
    )

    class Params(RangeParams):
        patches_min: int = Field(
            1,
            ge=1,
            le=16,
            title="Fewest patches",
            description="Smallest number of patches.",
            json_schema_extra={"tune": {"low": 1, "high": 2}},
        )
        patches_max: int = Field(
            3,
            ge=1,
            le=16,
            title="Most patches",
            description="Largest number of patches.",
            json_schema_extra={"tune": {"low": 2, "high": 6}},
        )
        size_min: float = Field(
            0.2,
            ge=0.02,
            le=0.9,
            title="Smallest patch",
            description="Share of height and of width that a patch takes at least.",
            json_schema_extra={"tune": {"low": 0.1, "high": 0.25}},
        )
        size_max: float = Field(
            0.4,
            ge=0.02,
            le=0.9,
            title="Largest patch",
            description="Share of height and of width that a patch takes at most.",
            json_schema_extra={"tune": {"low": 0.25, "high": 0.6}},
        )
        soft_edge: float = Field(
            0.2,
            ge=0,
            le=0.5,
            title="Soft edge",
            description="Share of a patch over which it fades in from each side; 0 cuts sharply.",
            json_schema_extra={"tune": {"low": 0.0, "high": 0.5}, "advanced": True},
        )

    params: Params

    def _shares(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        p = self.params
        count = rng.integers(p.patches_min, p.patches_max + 1, n)
        # Per patch: height, width, where it comes from and where it goes, all in shares.
        patches = rng.random((n, p.patches_max, 6))
        patches[..., :2] = p.size_min + patches[..., :2] * (p.size_max - p.size_min)
        covered = np.array([covered_share(patches[i, : count[i]]) for i in range(n)])
        return two_shares(1 - covered), {"count": count, "patches": patches}

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        counts, patches = draws.values["count"].tolist(), draws.values["patches"]
        for place, (first, second) in self._with_parents(draws.parents, job):
            other = as_one_size(first, second)
            yield place, pasted(first, other, patches[place, : counts[place]], self.params.soft_edge), {}


def covered_share(patches: np.ndarray) -> float:
    """Return the share of the area that patches cover together, counted on a grid.

    Examples
    --------
    >>> covered_share(np.array([[0.5, 0.5, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0, 0]]))
    0.25
    """
    grid = np.zeros((GRID, GRID), bool)
    for patch in patches:
        height, width, top, left = _at(patch[:2], patch[4:], grid.shape)
        grid[top : top + height, left : left + width] = True
    return float(grid.mean())


def pasted(first: np.ndarray, second: np.ndarray, patches: np.ndarray, soft_edge: float) -> np.ndarray:
    """Return the first image with patches of the second, which is of equal shape.

    Parameters
    ----------
    first, second : ndarray of uint8
    patches : ndarray of float64, shape (n, 6)
        Height and width, then down and across where each comes from and where
        it goes, as shares of the room there is.
    soft_edge : float
        Share of a patch over which it fades in from each side.
    """
    made = first.copy()
    for patch in patches:
        height, width, top, left = _at(patch[:2], patch[2:4], made.shape)
        cut = second[top : top + height, left : left + width].astype(np.float64)
        _, _, top, left = _at(patch[:2], patch[4:], made.shape)
        under = made[top : top + height, left : left + width]
        strength = np.outer(_ramp(height, soft_edge), _ramp(width, soft_edge))
        strength = strength if made.ndim == 2 else strength[:, :, None]
        under[...] = np.rint(strength * cut + (1 - strength) * under).astype(np.uint8)
    return made


def _at(size: np.ndarray, place: np.ndarray, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return height, width, top and left in pixels."""
    height, width = (max(round(float(share) * side), 1) for share, side in zip(size, shape[:2], strict=True))
    top, left = (int(p * (side - s + 1)) for p, side, s in zip(place, shape[:2], (height, width), strict=True))
    return height, width, top, left


def _ramp(n: int, soft_edge: float) -> np.ndarray:
    """Return strengths along a side: rising to 1, and falling again at the end.

    Examples
    --------
    >>> _ramp(4, 0.5).tolist()
    [0.25, 0.75, 0.75, 0.25]
    """
    if soft_edge == 0:
        return np.ones(n)
    middle = (np.arange(n) + 0.5) / n
    return (np.minimum(middle, 1 - middle) / soft_edge).clip(0, 1)
