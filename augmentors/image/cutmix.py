"""CutMix within a class: a rectangle of one image set into another."""

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.image.blending import as_one_size
from augmentors.image.image_augmenter import OneImage
from augmentors.image.mixing_base import LEAST_SHARE, MixingAugmenter, beta_shares


class Cutmix(MixingAugmenter):
    """Set a rectangle of a second image into the same place of the first.

    Examples
    --------
    >>> Cutmix().params.alpha
    1.0
    """

    card = Card(
        key="cutmix",
        title="CutMix",
        kind="image",
        family="mixing",
        summary="Sets a rectangle of one image of the class into the same place of another.",
        avoid="Avoid where one small detail makes the class and the rectangle may cover it.",
        references=(
            "Yun et al. (2019), CutMix: Regularization Strategy to Train Strong Classifiers with "
            "Localizable Features, ICCV.",
        ),
    )

    class Params(BaseParams):
        alpha: float = Field(
            1.0,
            ge=0.05,
            le=10,
            title="Alpha",
            description="Of the Beta distribution that the rectangle's share of the area comes from; 1 is even.",
            json_schema_extra={"tune": {"low": 0.2, "high": 4.0, "log": True}},
        )
        least_share: float = LEAST_SHARE

    params: Params

    def _shares(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        return beta_shares(n, self.params.alpha, self.params.least_share, rng), {"place": rng.random((n, 2))}

    def _each_image(self, target: str, draws: Draws, job: Job) -> Iterator[OneImage]:
        for place, (first, second) in self._with_parents(draws.parents, job):
            box = rectangle(first.shape, float(draws.weights[place, 1]), draws.values["place"][place])
            yield place, with_rectangle(first, as_one_size(first, second), box), {"rectangle": list(box)}


def rectangle(shape: tuple[int, ...], share: float, place: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a rectangle of this share of the area, in the image's proportions.

    Parameters
    ----------
    shape : tuple
        Of the image, height first.
    share : float
        Of the area, in [0, 1].
    place : ndarray of float64, shape (2,)
        Where it lies in the room that is left, across and down, in [0, 1).

    Examples
    --------
    >>> rectangle((40, 80), 0.25, np.array([0.5, 0.0]))
    (20, 0, 40, 20)
    """
    height, width = (max(round(side * np.sqrt(share)), 1) for side in shape[:2])
    left, top = int(place[0] * (shape[1] - width + 1)), int(place[1] * (shape[0] - height + 1))
    return left, top, width, height


def with_rectangle(first: np.ndarray, second: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    """Return the first image with a rectangle of the second, which is of equal shape."""
    left, top, width, height = box
    made = first.copy()
    made[top : top + height, left : left + width] = second[top : top + height, left : left + width]
    return made
