"""Flip: mirror images."""

from typing import Any, Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.image.albumentations_base import AlbumentationsAugmenter
from augmentors.image.library import albumentations

OPERATORS = {"horizontal": ("HorizontalFlip",), "vertical": ("VerticalFlip",)}


class Flip(AlbumentationsAugmenter):
    """Mirror left and right, top and bottom, or either.

    Examples
    --------
    >>> Flip(direction="vertical").entry
    {'augmenter': 'flip', 'params': {'direction': 'vertical'}}
    """

    card = Card(
        key="flip",
        title="Flip",
        kind="image",
        family="geometry",
        summary="Mirrors images; nothing is lost, no pixel is invented.",
        avoid="Avoid where left and right or up and down carry meaning: digits, text, traffic signs, organs.",
        references=(
            "Buslaev et al. (2020), Albumentations: Fast and Flexible Image Augmentations, Information 11(2).",
        ),
        aliases=("HorizontalFlip", "VerticalFlip", "mirror"),
    )

    class Params(BaseParams):
        direction: Literal["horizontal", "vertical", "either"] = Field(
            "horizontal",
            title="Direction",
            description="Horizontal swaps left and right, vertical swaps top and bottom; either draws one.",
            json_schema_extra={"tune": {}},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        return OPERATORS.get(self.params.direction, ("HorizontalFlip", "VerticalFlip"))

    def _build(self, operator: str) -> Any:
        return getattr(albumentations(), operator)(p=1)
