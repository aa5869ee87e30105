"""Hue and saturation: the same scene in other colours."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations

# OpenCV counts the colour circle in half-degrees.
HALF_DEGREES = 0.5
WHITE = 255


class HueSaturation(AlbumentationsAugmenter):
    """Shift hue, saturation and value by drawn amounts.

    Examples
    --------
    >>> HueSaturation(hue_min=-5, hue_max=5).params.saturation_max
    0.15
    """

    card = Card(
        key="hue_saturation",
        title="Hue and saturation",
        kind="image",
        family="colour",
        summary="Shifts colours along the colour circle and makes them paler or stronger.",
        avoid="Avoid where colour tells the classes apart (ripe and unripe fruit, traffic lights).",
        references=("Howard (2013), Some Improvements on Deep CNN Based Image Classification, arXiv:1312.5402.",),
        aliases=("HueSaturationValue", "ColorJitter", "color"),
    )
    needs_colour = True

    class Params(RangeParams):
        hue_min: float = Field(
            -20.0,
            ge=-180,
            le=180,
            title="Smallest shift of hue (degrees)",
            description="Degrees on the colour circle; 120 turns red into green.",
            json_schema_extra={"tune": {"low": -60, "high": 0}},
        )
        hue_max: float = Field(
            20.0,
            ge=-180,
            le=180,
            title="Largest shift of hue (degrees)",
            description="Degrees on the colour circle.",
            json_schema_extra={"tune": {"low": 0, "high": 60}},
        )
        saturation_min: float = Field(
            -0.15,
            ge=-1,
            le=1,
            title="Palest",
            description="Smallest change of saturation; −1 makes everything grey.",
            json_schema_extra={"tune": {"low": -0.4, "high": 0}},
        )
        saturation_max: float = Field(
            0.15,
            ge=-1,
            le=1,
            title="Strongest",
            description="Largest change of saturation.",
            json_schema_extra={"tune": {"low": 0, "high": 0.4}},
        )
        value_min: float = Field(
            -0.1,
            ge=-1,
            le=1,
            title="Darkest",
            description="Smallest change of value, the brightness of the colour.",
            json_schema_extra={"tune": {"low": -0.3, "high": 0}, "advanced": True},
        )
        value_max: float = Field(
            0.1,
            ge=-1,
            le=1,
            title="Lightest",
            description="Largest change of value, the brightness of the colour.",
            json_schema_extra={"tune": {"low": 0, "high": 0.3}, "advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("HueSaturationValue",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().HueSaturationValue(
            hue_shift_limit=(p.hue_min * HALF_DEGREES, p.hue_max * HALF_DEGREES),
            sat_shift_limit=(p.saturation_min * WHITE, p.saturation_max * WHITE),
            val_shift_limit=(p.value_min * WHITE, p.value_max * WHITE),
            p=1,
        )

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        return plain(
            {
                "hue": params["hue_shift"] / HALF_DEGREES,
                "saturation": params["sat_shift"] / WHITE,
                "value": params["val_shift"] / WHITE,
            }
        )
