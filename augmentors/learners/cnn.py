"""A small convolutional net for images, trained from scratch."""

from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import LearnerCard
from augmentors.learners.neural import NeuralLearner, Unlabelled


class SmallCnn(NeuralLearner):
    """Three convolutions on 32 × 32 thumbnails."""

    card = LearnerCard(
        "small_cnn",
        "Small CNN",
        "image",
        "Three convolutions trained from scratch on images squeezed to 32 × 32; about 6 passes over the real images "
        "(100 to 250 steps of 64), the same number of steps in every arm.",
        effort=10.0,
        features="pixels",
        is_net=True,
    )

    def _learn_inputs(self, train: Dataset, extra: Samples | None, job: Job) -> np.ndarray:
        return self.features.of("pixels", train, extra, job)

    def _inputs(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self.features.of("pixels", dataset, None, job)

    def _views(self, unlabelled: Unlabelled, job: Job) -> Any:
        from augmentors.learners.nets.image_views import PixelViews

        return PixelViews(self._inputs(unlabelled.pool, job))

    def _build(self, X: np.ndarray, generator: Any) -> tuple[Any, int]:
        from augmentors.learners.nets.parts import convolutions

        return convolutions(X, generator)
