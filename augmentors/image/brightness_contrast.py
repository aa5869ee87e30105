"""Brightness and contrast: another exposure of the same scene."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations


class BrightnessContrast(AlbumentationsAugmenter):
    """Multiply all values by a drawn contrast and add a drawn brightness.

    Examples
    --------
    >>> BrightnessContrast(contrast_min=0).params.contrast_max
    0.2
    """

    card = Card(
        key="brightness_contrast",
        title="Brightness and contrast",
        kind="image",
        family="colour",
        summary="Makes images lighter or darker, flatter or harder, as another exposure would.",
        avoid="Avoid where absolute brightness is the signal, as in calibrated or medical images.",
        references=("Howard (2013), Some Improvements on Deep CNN Based Image Classification, arXiv:1312.5402.",),
        aliases=("RandomBrightnessContrast", "ColorJitter", "exposure", "light"),
    )

    class Params(RangeParams):
        brightness_min: float = Field(
            -0.2,
            ge=-1,
            le=1,
            title="Darkest",
            description="Smallest brightness added, as a share of white; negative is darker.",
            json_schema_extra={"tune": {"low": -0.4, "high": 0}},
        )
        brightness_max: float = Field(
            0.2,
            ge=-1,
            le=1,
            title="Lightest",
            description="Largest brightness added, as a share of white.",
            json_schema_extra={"tune": {"low": 0, "high": 0.4}},
        )
        contrast_min: float = Field(
            -0.2,
            ge=-1,
            le=1,
            title="Flattest",
            description="Smallest change of contrast: −0.2 takes a fifth of it away, −1 leaves one grey.",
            json_schema_extra={"tune": {"low": -0.4, "high": 0}},
        )
        contrast_max: float = Field(
            0.2,
            ge=-1,
            le=1,
            title="Hardest",
            description="Largest change of contrast: 0.2 adds a fifth.",
            json_schema_extra={"tune": {"low": 0, "high": 0.4}},
        )
        avoid_clipping: bool = Field(
            False,
            title="Avoid clipping",
            description="Hold the change back so that shadows do not sink into black nor lights into white.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("RandomBrightnessContrast",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().RandomBrightnessContrast(
            brightness_limit=(p.brightness_min, p.brightness_max),
            contrast_limit=(p.contrast_min, p.contrast_max),
            ensure_safe_range=p.avoid_clipping,
            p=1,
        )

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        return plain({"brightness": params["beta"] / 255, "contrast": params["alpha"] - 1})
