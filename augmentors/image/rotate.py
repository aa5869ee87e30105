"""Rotate: turn images around their centre."""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import (
    AlbumentationsAugmenter,
    Border,
    RangeParams,
    border_options,
    plain,
)
from augmentors.image.library import albumentations


class Rotate(AlbumentationsAugmenter):
    """Turn by an angle drawn from a range; size and proportions stay.

    Examples
    --------
    >>> Rotate(angle_min=-5, angle_max=5).params.border
    'reflect'
    """

    card = Card(
        key="rotate",
        title="Rotate",
        kind="image",
        family="geometry",
        summary="Turns images by a drawn angle around their centre.",
        avoid="Avoid large angles where up matters: 6 becomes 9, a lying bottle may be another class.",
        references=(
            "Simard et al. (2003), Best Practices for Convolutional Neural Networks Applied to "
            "Visual Document Analysis, ICDAR.",
        ),
        aliases=("SafeRotate", "turn"),
    )

    class Params(RangeParams):
        angle_min: float = Field(
            -15.0,
            ge=-180,
            le=180,
            title="Smallest angle (degrees)",
            description="Negative turns clockwise.",
            json_schema_extra={"tune": {"low": -45, "high": 0}},
        )
        angle_max: float = Field(
            15.0,
            ge=-180,
            le=180,
            title="Largest angle (degrees)",
            description="Positive turns anticlockwise.",
            json_schema_extra={"tune": {"low": 0, "high": 45}},
        )
        border: Border = Field(
            "reflect",
            title="Empty corners",
            description="What fills them: the image mirrored, its edge drawn out, black or white.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("Rotate",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().Rotate(limit=(p.angle_min, p.angle_max), p=1, **border_options(p.border))

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        matrix = params["matrix"]
        return plain({"angle": math.degrees(math.atan2(matrix[0, 1], matrix[0, 0]))})
