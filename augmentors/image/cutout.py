"""Cutout: hide parts of the image."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations

FILLS = {"black": 0, "grey": 128, "white": 255, "noise": "random", "colour": "random_uniform"}


class Cutout(AlbumentationsAugmenter):
    """Cover drawn rectangles, so that a model learns from the whole object.

    Examples
    --------
    >>> Cutout(fill="noise").params.holes_max
    3
    """

    card = Card(
        key="cutout",
        title="Cutout",
        kind="image",
        family="dropout",
        summary="Covers rectangles, so that a model does not hang on one detail.",
        avoid="Avoid where the detail that makes the class is small enough to be covered.",
        references=(
            "DeVries & Taylor (2017), Improved Regularization of Convolutional Neural Networks with "
            "Cutout, arXiv:1708.04552.",
            "Zhong et al. (2020), Random Erasing Data Augmentation, AAAI.",
        ),
        aliases=("RandomErasing", "CoarseDropout", "occlusion"),
    )

    class Params(RangeParams):
        holes_min: int = Field(
            1,
            ge=1,
            le=64,
            title="Fewest holes",
            description="Smallest number of covered rectangles.",
            json_schema_extra={"tune": {"low": 1, "high": 2}},
        )
        holes_max: int = Field(
            3,
            ge=1,
            le=64,
            title="Most holes",
            description="Largest number of covered rectangles.",
            json_schema_extra={"tune": {"low": 2, "high": 8}},
        )
        size_min: float = Field(
            0.1,
            gt=0,
            lt=1,
            title="Smallest hole",
            description="Share of height and of width that a hole covers at least.",
            json_schema_extra={"tune": {"low": 0.05, "high": 0.15}},
        )
        size_max: float = Field(
            0.25,
            gt=0,
            lt=1,
            title="Largest hole",
            description="Share of height and of width that a hole covers at most.",
            json_schema_extra={"tune": {"low": 0.15, "high": 0.5}},
        )
        fill: Literal["black", "grey", "white", "noise", "colour"] = Field(
            "grey",
            title="Fill",
            description="What covers the holes; colour draws one for each hole.",
            json_schema_extra={"tune": {}, "advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return ("CoarseDropout",)

    def _build(self, operator: str) -> Any:
        p = self.params
        return albumentations().CoarseDropout(
            num_holes_range=(p.holes_min, p.holes_max),
            hole_height_range=(p.size_min, p.size_max),
            hole_width_range=(p.size_min, p.size_max),
            fill=FILLS[p.fill],
            p=1,
        )

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        corners = params["holes"].tolist()
        holes = [[left, top, right - left, bottom - top] for left, top, right, bottom in corners]
        return plain({"holes": holes})
