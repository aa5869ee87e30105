"""Small nets for tables and texts, so that losses made for nets can be tried on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import LearnerCard
from augmentors.learners.linear import Standardiser
from augmentors.learners.neural import NeuralLearner, Unlabelled
from augmentors.learners.table import encoded


class TableNet(NeuralLearner):
    """Two hidden layers on imputed, scaled and one-hot encoded columns."""

    epochs = 20
    min_steps, max_steps = 300, 1_000
    learning_rate = 1e-2
    card = LearnerCard(
        "mlp",
        "Small neural net",
        "table",
        "Two hidden layers of 64 on the columns as logistic regression reads them; about 20 passes over the real rows "
        "(300 to 1,000 steps of 64), the same number of steps in every arm. Trained when a loss for nets is chosen.",
        effort=4.0,
        is_net=True,
        by_default=False,
    )

    def _learn_inputs(self, train: Dataset, extra: Samples | None, job: Job) -> np.ndarray:
        self._encoder, X = self._encoded("linear", train, extra, lambda: encoded(train, extra, "linear"))
        return X

    def _inputs(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._as_numbers(dataset, lambda: self._encoder.transform(dataset.frame))

    def _build(self, X: np.ndarray, generator: Any) -> tuple[Any, int]:
        from augmentors.learners.nets.parts import hidden_layers

        return hidden_layers(X.shape[1], 64, generator)


class TextNet(NeuralLearner):
    """Two hidden layers on frozen sentence embeddings."""

    epochs = 20
    min_steps, max_steps = 200, 600
    learning_rate = 3e-3
    card = LearnerCard(
        "minilm_mlp",
        "MiniLM + small neural net",
        "text",
        "Two hidden layers of 128 on frozen all-MiniLM-L6-v2 sentence embeddings; about 20 passes over the real texts "
        "(200 to 600 steps of 64), the same number of steps in every arm. Trained when a loss for nets is chosen.",
        effort=4.0,
        features="minilm",
        is_net=True,
        by_default=False,
    )

    def _learn_inputs(self, train: Dataset, extra: Samples | None, job: Job) -> np.ndarray:
        X = self.features.of("minilm", train, extra, job)
        self._scale = Standardiser(X)
        return self._scale(X)

    def _inputs(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._scale(self.features.of("minilm", dataset, None, job))

    def _views(self, unlabelled: Unlabelled, job: Job) -> Any:
        from augmentors.learners.nets.fixmatch import VectorViews

        return VectorViews(self._inputs(unlabelled.pool, job), [self._scale(one) for one in unlabelled.strong])

    def _build(self, X: np.ndarray, generator: Any) -> tuple[Any, int]:
        from augmentors.learners.nets.parts import hidden_layers

        return hidden_layers(X.shape[1], 128, generator)
