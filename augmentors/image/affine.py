"""Affine: scale, shift, turn and shear in one step."""

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


class Affine(AlbumentationsAugmenter):
    """Scale, shift, turn and shear by drawn amounts; the size of the image stays.

    Examples
    --------
    >>> Affine(shear_min=0, shear_max=0).params.scale_max
    1.1
    """

    card = Card(
        key="affine",
        title="Affine",
        kind="image",
        family="geometry",
        summary="Scales, shifts, turns and slants images, as another point of view would.",
        avoid="Avoid large values where position or upright shape makes the class.",
        references=(
            "Simard et al. (2003), Best Practices for Convolutional Neural Networks Applied to "
            "Visual Document Analysis, ICDAR.",
        ),
        aliases=("ShiftScaleRotate", "shear", "translate"),
    )

    class Params(RangeParams):
        scale_min: float = Field(
            0.9,
            ge=0.1,
            le=4,
            title="Smallest scale",
            description="0.9 shrinks what is shown by a tenth.",
            json_schema_extra={"tune": {"low": 0.7, "high": 1.0}},
        )
        scale_max: float = Field(
            1.1,
            ge=0.1,
            le=4,
            title="Largest scale",
            description="1.1 enlarges what is shown by a tenth.",
            json_schema_extra={"tune": {"low": 1.0, "high": 1.4}},
        )
        shift_min: float = Field(
            -0.08,
            ge=-1,
            le=1,
            title="Smallest shift",
            description="To the left and up, as a share of width and height; drawn for each direction.",
            json_schema_extra={"tune": {"low": -0.2, "high": 0}},
        )
        shift_max: float = Field(
            0.08,
            ge=-1,
            le=1,
            title="Largest shift",
            description="To the right and down, as a share of width and height.",
            json_schema_extra={"tune": {"low": 0, "high": 0.2}},
        )
        angle_min: float = Field(
            -10.0,
            ge=-180,
            le=180,
            title="Smallest angle (degrees)",
            description="Negative turns clockwise.",
            json_schema_extra={"tune": {"low": -30, "high": 0}},
        )
        angle_max: float = Field(
            10.0,
            ge=-180,
            le=180,
            title="Largest angle (degrees)",
            description="Positive turns anticlockwise.",
            json_schema_extra={"tune": {"low": 0, "high": 30}},
        )
        shear_min: float = Field(
            -5.0,
            ge=-60,
            le=60,
            title="Smallest slant (degrees)",
            description="Drawn for each direction.",
            json_schema_extra={"tune": {"low": -15, "high": 0}, "advanced": True},
        )
        shear_max: float = Field(
            5.0,
            ge=-60,
            le=60,
            title="Largest slant (degrees)",
            description="Drawn for each direction.",
            json_schema_extra={"tune": {"low": 0, "high": 15}, "advanced": True},
        )
        keep_proportions: bool = Field(
            True,
            title="Keep proportions",
            description="Scale width and height by the same amount.",
            json_schema_extra={"advanced": True},
        )
        border: Border = Field(
            "reflect",
            title="Empty corners",
            description="What fills them: the image mirrored, its edge drawn out, black or white.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("Affine",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().Affine(
            scale=(p.scale_min, p.scale_max),
            translate_percent=(p.shift_min, p.shift_max),
            rotate=(p.angle_min, p.angle_max),
            shear=(p.shear_min, p.shear_max),
            keep_ratio=p.keep_proportions,
            p=1,
            **border_options(p.border),
        )

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        matrix, (height, width) = params["matrix"][:2].tolist(), params["shape"][:2]
        x, y = (width - 1) / 2, (height - 1) / 2
        # All but the shift turns around the middle, so the way of the middle is the shift.
        shift = [
            (a * x + b * y + c - middle) / side
            for (a, b, c), middle, side in zip(matrix, (x, y), (width, height), strict=True)
        ]
        scale = [params["scale"]["x"], params["scale"]["y"]]
        return plain({"angle": params["rotate"], "scale": scale, "shift": shift, "matrix": matrix})
