"""Mosaic within a class: four images around a drawn point."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.albumentations_base import RangeParams
from augmentors.image.blending import as_one_size
from augmentors.image.image_augmenter import OneImage
from augmentors.image.mixing_base import MixingAugmenter


class Mosaic(MixingAugmenter):
    """Put four images of the class into the quarters around a drawn point.

    Examples
    --------
    >>> Mosaic(fit="part").params.centre_max
    0.7
    """

    card = Card(
        key="mosaic",
        title="Mosaic",
        kind="image",
        family="mixing",
        summary="Puts four images of the class into the quarters around a drawn point.",
        avoid="Avoid where an image holds one object whose size or place makes the class.",
        references=(
            "Bochkovskiy et al. (2020), YOLOv4: Optimal Speed and Accuracy of Object Detection, arXiv:2004.10934.",
        ),
    )
    n_parents = 4

    class Params(RangeParams):
        centre_min: float = Field(
            0.3,
            ge=0.05,
            le=0.95,
            title="Smallest centre",
            description="Where the four meet at the least, as a share of width and of height.",
            json_schema_extra={"tune": {"low": 0.2, "high": 0.5}},
        )
        centre_max: float = Field(
            0.7,
            ge=0.05,
            le=0.95,
            title="Largest centre",
            description="Where the four meet at the most, as a share of width and of height.",
            json_schema_extra={"tune": {"low": 0.5, "high": 0.8}},
        )
        fit: Literal["whole", "part"] = Field(
            "whole",
            title="Fit",
            description="Whole squeezes each image into its quarter; part shows the part that lies there.",
            json_schema_extra={"tune": {}},
        )

    params: Params

    def _shares(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        centre = rng.uniform(self.params.centre_min, self.params.centre_max, (n, 2))
        x, y = centre.T
        return np.column_stack([x * y, (1 - x) * y, x * (1 - y), (1 - x) * (1 - y)]), {"centre": centre}

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        for place, parents in self._with_parents(draws.parents, job):
            yield place, four_around(parents, draws.values["centre"][place], self.params.fit == "whole"), {}


def four_around(images: list[np.ndarray], centre: np.ndarray, whole: bool) -> np.ndarray:
    """Return four images around a point: top left, top right, bottom left, bottom right.

    Parameters
    ----------
    images : list of four ndarray of uint8
        The first gives size and number of colours.
    centre : ndarray of float64, shape (2,)
        Across and down, as shares of the sides.
    whole : bool
        Squeeze each image into its quarter, or show the part that lies there.
    """
    made = images[0].copy()
    x, y = round(float(centre[0]) * made.shape[1]), round(float(centre[1]) * made.shape[0])
    quarters = [np.s_[:y, :x], np.s_[:y, x:], np.s_[y:, :x], np.s_[y:, x:]]
    for image, quarter in zip(images, quarters, strict=True):
        room = made[quarter]
        if room.size:
            made[quarter] = as_one_size(room, image) if whole else as_one_size(made, image)[quarter]
    return made
