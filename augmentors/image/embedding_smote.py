"""SMOTE on image embeddings that ends in images, without any training."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.explore.images import read_pixels
from augmentors.image.blending import as_one_size, in_colours_between, mixed, morphed
from augmentors.image.class_neighbours import K_NEIGHBORS, LEAST_SHARE, ClassNeighbours, NeighbourAugmenter


class EmbeddingSmote(NeighbourAugmenter):
    """Find the real images next to a point between two embeddings and blend them.

    A point is drawn between the embeddings of an image and of one of its
    nearest neighbours of the class. The two real images of the class nearest
    to that point (most often those two, now and then one that lies between)
    are the parents; how far the point lies from the one to the other is the
    weight at which they are blended.

    Examples
    --------
    >>> EmbeddingSmote(method="style").params.k_neighbors
    5
    """

    card = Card(
        key="embedding_smote",
        title="Embedding SMOTE",
        kind="image",
        family="oversampling",
        summary="Draws points between embeddings of class neighbours and blends the real images nearest to them.",
        avoid="Avoid where class mates show different things or stand in different places: half of each makes neither.",
        references=(
            "Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.",
            "Farnebäck (2003), Two-Frame Motion Estimation Based on Polynomial Expansion, SCIA.",
            "Reinhard et al. (2001), Color Transfer between Images, IEEE Computer Graphics and Applications 21.",
        ),
        needs=frozenset({Need.FIT, Need.TORCH}),
        aliases=("latent interpolation",),
    )

    class Params(BaseParams):
        method: Literal["morph", "mix", "style"] = Field(
            "morph",
            title="Method",
            description=(
                "Morph bends both images towards the shape in between and mixes them; mix lays one over the other as "
                "they are; style keeps the nearer image and moves its colours towards the other's."
            ),
            json_schema_extra={"tune": {}},
        )
        k_neighbors: int = K_NEIGHBORS
        least_share: float = LEAST_SHARE
        match_colours: bool = Field(
            True,
            title="Match colours",
            description="Gives both images the same brightness and colours, between their own, before they are mixed.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _prepare(self, target: str) -> ClassNeighbours:
        return self._neighbours(target, self.params.k_neighbors, self._vectors)

    def _vectors(self, own: np.ndarray) -> np.ndarray:
        """Return the vectors of the images at these row positions."""
        from augmentors.explore.embeddings import embed

        return embed(self.train.take(self.train.ids[own]))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        known: ClassNeighbours = self._prepared[target]
        first, second, step = known.pick(n, rng, self.params.least_share)
        for i in range(n):
            first[i], second[i], step[i] = known.nearest_two(int(first[i]), int(second[i]), float(step[i]))
        return known.draws(first, second, step.clip(self.params.least_share, 1 - self.params.least_share))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        images = []
        for parents, step in zip(draws.parents.tolist(), draws.values["step"].tolist(), strict=True):
            job.check()
            first, second = (read_pixels(self.train.image_path(i)) for i in parents)
            images.append(self._between(first, as_one_size(first, second), step))
        return Made(pd.DataFrame(index=range(len(draws))), images)

    def _between(self, first: np.ndarray, second: np.ndarray, step: float) -> np.ndarray:
        if self.params.method == "style":
            return in_colours_between(first, first, second, step)
        if self.params.match_colours:
            originals = first, second
            first, second = (in_colours_between(image, *originals, step) for image in originals)
        return (morphed if self.params.method == "morph" else mixed)(first, second, step)
