"""Blur: out of focus or moved."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.image.albumentations_base import AlbumentationsAugmenter, RangeParams, plain
from augmentors.image.library import albumentations

OPERATORS = {"gaussian": "GaussianBlur", "box": "Blur", "median": "MedianBlur", "motion": "MotionBlur"}
LEAST_SIGMA = 0.5  # pixels; below, a kernel of one pixel changes nothing
# OpenCV's median takes uint8 images of any size; larger radii only cost time.
LARGEST_RADIUS = 40


class Blur(AlbumentationsAugmenter):
    """Smooth with a radius that grows with the image.

    Examples
    --------
    >>> Blur(method="motion").params.radius_max
    1.0
    """

    card = Card(
        key="blur",
        title="Blur",
        kind="image",
        family="blur",
        summary="Softens images as a lens out of focus or a moving camera would.",
        avoid="Avoid where fine texture makes the class, and on very small images.",
        references=(
            "Hendrycks & Dietterich (2019), Benchmarking Neural Network Robustness to Common "
            "Corruptions and Perturbations, ICLR.",
        ),
        aliases=("GaussianBlur", "MotionBlur", "Defocus"),
    )

    class Params(RangeParams):
        method: Literal["gaussian", "box", "median", "motion", "any"] = Field(
            "gaussian",
            title="Method",
            description="Out of focus (gaussian, box), painted (median), moved (motion), or any of them.",
            json_schema_extra={"tune": {}},
        )
        radius_min: float = Field(
            0.3,
            gt=0,
            le=10,
            title="Smallest radius (%)",
            description="In percent of the shorter side; at least one pixel.",
            json_schema_extra={"tune": {"low": 0.1, "high": 0.5}, "probe": 8.0, "probe_with": {"radius_max": 10.0}},
        )
        radius_max: float = Field(
            1.0,
            gt=0,
            le=10,
            title="Largest radius (%)",
            description="In percent of the shorter side; 1 is two pixels of a 224-pixel image.",
            json_schema_extra={"tune": {"low": 0.5, "high": 3.0}, "probe": 10.0},
        )

    params: Params

    def _operators(self) -> tuple[str, ...]:
        method = self.params.method
        return tuple(OPERATORS.values()) if method == "any" else (OPERATORS[method],)

    def _build(self, operator: str) -> Any:
        return getattr(albumentations(), operator)(p=1)

    def _suit(self, transform: Any, pixels: np.ndarray) -> None:
        percent = min(pixels.shape[:2]) / 100
        radii = (self.params.radius_min * percent, self.params.radius_max * percent)
        if hasattr(transform, "sigma_limit"):
            # Two standard deviations reach as far as the other methods' radius; the kernel follows.
            transform.sigma_limit = tuple(max(radius / 2, LEAST_SIGMA) for radius in radii)
            transform.blur_limit = (0, 0)
        else:
            transform.blur_limit = tuple(2 * min(max(round(r), 1), LARGEST_RADIUS) + 1 for r in radii)

    def _told(self, params: Mapping[str, Any]) -> dict[str, object]:
        kernel = params["kernel"]
        size = kernel.shape[0] if isinstance(kernel, np.ndarray) else np.max(kernel)
        return plain({"kernel": size})
