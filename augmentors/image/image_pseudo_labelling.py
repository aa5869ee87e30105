"""Pseudo-labelling of images: unlabelled images of which a learner is sure enough."""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.job import Job
from augmentors.core.samples import Draws
from augmentors.explore.images import read_pixels
from augmentors.learners.self_training import REFERENCES, PseudoLabelling, PseudoLabelParams


class ImagePseudoLabelling(PseudoLabelling):
    """Take over unlabelled images that a learner of the training part is sure of, surest first.

    Their files are copied byte for byte.

    Examples
    --------
    >>> ImagePseudoLabelling(precision=0.95).params.learner
    'efficientnet_logistic'
    """

    card = Card(
        key="image_pseudo_labelling",
        title="Pseudo-labelling of images",
        kind="image",
        family="semi-supervised",
        summary="Takes over unlabelled images that a learner is sure of, from a confidence of measured precision.",
        avoid="Avoid where the unlabelled images come from elsewhere than the training images: its errors go unseen.",
        references=REFERENCES,
        needs=frozenset({Need.FIT, Need.UNLABELLED, Need.TORCH}),
        aliases=("self-training", "pseudo-label"),
    )

    class Params(PseudoLabelParams):
        learner: Literal["efficientnet_logistic", "pixel_forest"] = Field(
            "efficientnet_logistic",
            title="Learner",
            description="What judges the unlabelled images; trained on the training part alone.",
            json_schema_extra={"tune": {}, "trial": "pixel_forest"},
        )

    params: Params

    def _images(self, draws: Draws, job: Job) -> tuple[list[np.ndarray] | None, list[str]]:
        pool, images, files = self.parents_from(), [], []
        for position in draws.parents[:, 0].tolist():
            job.check()
            path = pool.image_path(position)
            images.append(read_pixels(path))
            files.append(hashlib.sha256(path.read_bytes()).hexdigest())
        return images, files
