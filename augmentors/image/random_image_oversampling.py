"""Random oversampling of images: copies of real ones."""

from __future__ import annotations

import numpy as np

from augmentors.core.augmenter import Augmenter, Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.explore.images import read_pixels


class RandomImageOversampling(Augmenter):
    """Repeat images of the class, drawn with replacement; a lossy format is encoded once more.

    Examples
    --------
    >>> RandomImageOversampling.card.family
    'oversampling'
    """

    card = Card(
        key="random_image_oversampling",
        title="Random oversampling of images",
        kind="image",
        family="oversampling",
        summary="Repeats real images of the class; the plain yardstick every other augmenter has to beat.",
        avoid="Avoid with nets that are trained long enough to memorise single images.",
        references=("He & Garcia (2009), Learning from Imbalanced Data, IEEE TKDE 21(9).",),
        needs=frozenset({Need.COPIES}),
        aliases=("RandomOverSampler", "upsampling", "duplicates"),
    )

    class Params(BaseParams):
        pass

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return Draws.one_parent(rng.choice(self.train.positions(target), n))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        read: dict[int, np.ndarray] = {}
        images = []
        for position in draws.parents[:, 0].tolist():
            job.check()
            if position not in read:
                read[position] = read_pixels(self.train.image_path(position))
            images.append(read[position].copy())
        return Made(pd.DataFrame(index=range(len(draws))), images)
