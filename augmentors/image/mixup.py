"""MixUp within a class: two images laid over each other."""

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.blending import as_one_size, mixed
from augmentors.image.image_augmenter import OneImage
from augmentors.image.mixing_base import LEAST_SHARE, MixingAugmenter, beta_shares


class Mixup(MixingAugmenter):
    """Lay two images of the class over each other, each at a drawn strength.

    Examples
    --------
    >>> Mixup(alpha=1.0).entry["params"]
    {'alpha': 1.0, 'least_share': 0.1}
    """

    card = Card(
        key="mixup",
        title="MixUp",
        kind="image",
        family="mixing",
        summary="Lays two images of the class over each other, each at a drawn strength.",
        avoid="Avoid where double outlines make no sense to the eye, as for digits and text.",
        references=("Zhang et al. (2018), mixup: Beyond Empirical Risk Minimization, ICLR.",),
    )

    class Params(BaseParams):
        alpha: float = Field(
            0.4,
            ge=0.05,
            le=10,
            title="Alpha",
            description="Of the Beta distribution that strengths come from: 1 is even, small favours one image.",
            json_schema_extra={"tune": {"low": 0.1, "high": 2.0, "log": True}},
        )
        least_share: float = LEAST_SHARE

    params: Params

    def _shares(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        return beta_shares(n, self.params.alpha, self.params.least_share, rng), {}

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        for place, (first, second) in self._with_parents(draws.parents, job):
            yield place, mixed(first, as_one_size(first, second), float(draws.weights[place, 1])), {}
