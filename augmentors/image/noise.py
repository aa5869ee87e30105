"""Noise: the grain of a sensor or dead pixels."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations

OPERATORS = {"gaussian": "GaussNoise", "salt_and_pepper": "SaltAndPepper"}


class Noise(AlbumentationsAugmenter):
    """Add Gaussian grain, or set single pixels to black and white.

    Examples
    --------
    >>> Noise(method="salt_and_pepper").params.amount_max
    0.08
    """

    card = Card(
        key="noise",
        title="Noise",
        kind="image",
        family="noise",
        summary="Adds the grain of a sensor in poor light, or black and white dead pixels.",
        avoid="Avoid where fine texture makes the class.",
        references=(
            "Hendrycks & Dietterich (2019), Benchmarking Neural Network Robustness to Common "
            "Corruptions and Perturbations, ICLR.",
        ),
        aliases=("GaussNoise", "salt and pepper", "ISONoise"),
    )

    class Params(RangeParams):
        method: Literal["gaussian", "salt_and_pepper", "any"] = Field(
            "gaussian",
            title="Method",
            description="Grain over the whole image, single black and white pixels, or any of the two.",
            json_schema_extra={"tune": {}},
        )
        amount_min: float = Field(
            0.02,
            ge=0.001,
            le=1,
            title="Least",
            description="Gaussian: standard deviation as a share of white; salt and pepper: share of pixels.",
            json_schema_extra={"tune": {"low": 0.005, "high": 0.05}},
        )
        amount_max: float = Field(
            0.08,
            ge=0.001,
            le=1,
            title="Most",
            description="Gaussian: standard deviation as a share of white; salt and pepper: share of pixels.",
            json_schema_extra={"tune": {"low": 0.05, "high": 0.2}},
        )
        coloured: bool = Field(
            True,
            title="Coloured grain",
            description="Gaussian noise of its own in red, green and blue; off gives grey grain.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        method = self.params.method
        return tuple(OPERATORS.values()) if method == "any" else (OPERATORS[method],)

    def _build(self, operator: str) -> Any:
        amounts = (self.params.amount_min, self.params.amount_max)
        if operator == "SaltAndPepper":
            return albumentations().SaltAndPepper(amount=amounts, p=1)
        return albumentations().GaussNoise(std_range=amounts, per_channel=self.params.coloured, p=1)

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        if "noise_map" in params:
            return plain({"deviation": float(np.std(params["noise_map"])) / 255})
        salt, pepper = params["salt_mask"], params["pepper_mask"]
        return plain({"salt": salt.mean(), "pepper": pepper.mean()})
