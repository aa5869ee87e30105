"""Learners of images that need no training of a net."""

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Learner, LearnerCard
from augmentors.learners.features import SIDE
from augmentors.learners.linear import Standardiser, fit_logistic
from augmentors.learners.table import forest


class EmbeddingLogisticImage(Learner):
    """Logistic regression on frozen image embeddings."""

    card = LearnerCard(
        "efficientnet_logistic",
        "EfficientNet-Lite0 + logistic regression",
        "image",
        "ImageNet embeddings (frozen, computed once per image), scaled; linear, at most 200 steps.",
        effort=2.0,
        features="efficientnet",
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        X = self.features.of("efficientnet", train, extra, job)
        self._scale = Standardiser(X)
        # Far more dimensions than most classes have images: a firmer penalty than usual.
        self._model = fit_logistic(self._scale(X), codes, self._weights(codes), C=0.1)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(self._scale(self.features.of("efficientnet", dataset, None, job)))


class PixelForest(Learner):
    """Random forest on small thumbnails."""

    card = LearnerCard(
        "pixel_forest",
        "Pixels + random forest",
        "image",
        "A weak learner without any pretraining: images squeezed to 16 × 16, 60 trees on the raw pixels.",
        effort=3.0,
        features="pixels",
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        X = halved(self.features.of("pixels", train, extra, job))
        job.check()
        self._model = forest(len(X), self._weights(codes), self.seed).fit(X, codes)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._model.predict_proba(halved(self.features.of("pixels", dataset, None, job)))


def halved(pixels: np.ndarray) -> np.ndarray:
    """Return 32 × 32 thumbnails averaged to 16 × 16, shape (n, 768), float32."""
    half = SIDE // 2
    blocks = pixels.reshape(len(pixels), half, 2, half, 2, 3).astype(np.float32)
    return blocks.mean(axis=(2, 4)).reshape(len(pixels), -1)
