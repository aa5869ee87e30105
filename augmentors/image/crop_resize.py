"""Crop and resize: a part of the image, enlarged to its size."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations


class CropResize(AlbumentationsAugmenter):
    """Keep a drawn part of the image and resize it to the original size.

    Examples
    --------
    >>> CropResize().params.area_min
    0.6
    """

    card = Card(
        key="crop_resize",
        title="Crop and resize",
        kind="image",
        family="geometry",
        summary="Cuts out a part of the image and enlarges it to the original size.",
        avoid="Avoid small areas where what makes the class may be cut away.",
        references=("Szegedy et al. (2015), Going Deeper with Convolutions, CVPR.",),
        aliases=("RandomResizedCrop", "zoom", "scale"),
    )

    class Params(RangeParams):
        area_min: float = Field(
            0.6,
            ge=0.05,
            le=1.0,
            title="Smallest part kept",
            description="Share of the area that the smallest crop keeps.",
            json_schema_extra={"tune": {"low": 0.3, "high": 0.9}},
        )
        area_max: float = Field(
            0.95,
            ge=0.05,
            le=1.0,
            title="Largest part kept",
            description="Share of the area that the largest crop keeps.",
            json_schema_extra={"tune": {"low": 0.9, "high": 1.0}},
        )
        stretch: float = Field(
            1.1,
            ge=1.0,
            le=3.0,
            title="Stretch",
            description="How much wider or taller things may get; 1 keeps all proportions.",
            json_schema_extra={"tune": {"low": 1.0, "high": 1.5}, "advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("RandomResizedCrop",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().RandomResizedCrop(size=(1, 1), scale=(p.area_min, p.area_max), p=1)

    def _suit(self, transform: Any, pixels: np.ndarray) -> None:
        height, width = pixels.shape[:2]
        proportions = width / height
        transform.size = (height, width)
        transform.ratio = (proportions / self.params.stretch, proportions * self.params.stretch)

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        left, top, right, bottom = params["crop_coords"]
        return plain({"left": left, "top": top, "width": right - left, "height": bottom - top})
