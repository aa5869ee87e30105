"""Models of several labels per sample for tables: one classifier per label, one against the rest."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotFitted
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.core.samples import Samples
from augmentors.learners.base import LearnerCard, cards_named, one_thread
from augmentors.learners.encoding import Style, TableEncoder
from augmentors.learners.linear import Weights, logistic, stopping_is_meant
from augmentors.learners.table import MAX_BINS, forest
from augmentors.learners.weighting import class_weights


class Labeller:
    """Encodes rows, then asks a scikit-learn model per label; subclasses say which.

    Parameters
    ----------
    seed : int
        The only source of randomness.
    balanced : bool
        Whether bearing a label weighs as much as not bearing it.
    """

    card: ClassVar[LearnerCard]
    style: ClassVar[Style] = "trees"

    def __init__(self, seed: int, balanced: bool = False) -> None:
        self.seed, self.balanced = seed, balanced
        self._models: list[Any] | None = None

    def fit(
        self, train: Dataset, extra: Samples | None = None, weights: np.ndarray | None = None, job: Job = NO_JOB
    ) -> Self:
        """Learn from real rows and, when given, from new ones; `weights` are for numbers and not used here."""
        job.check()
        columns, rows, matrix = train.schema.features(), train.frame, train.label_matrix
        if extra is not None and len(extra):
            rows = pd.concat([rows, extra.frame])
            assert train.schema.sets is not None, "only multilabel datasets have label sets"
            made = extra.frame[train.schema.label].to_numpy(dtype=object)
            matrix = np.concatenate([matrix, train.schema.sets.matrix(made)])
        self._encoder = TableEncoder(train.schema, self.style).fit(rows[columns])
        X = self._encoder.transform(rows[columns])
        with one_thread(), stopping_is_meant():
            self._models = [self._one(X, own.astype(np.int64)) for own in matrix.T]
        return self

    def predict(self, dataset: Dataset) -> np.ndarray:
        """Return the probability that each row bears each label, shape (n, labels)."""
        if self._models is None:
            raise NotFitted(f"{self.card.title} has not been fitted: call fit(train) before predict.")
        X = self._encoder.transform(dataset.frame)
        with one_thread():
            columns = [
                np.full(len(X), model) if isinstance(model, float) else model.predict_proba(X)[:, 1]
                for model in self._models
            ]
        return np.stack(columns, axis=1) if len(X) else np.empty((0, len(columns)))

    def _one(self, X: np.ndarray, codes: np.ndarray) -> Any:
        """Return the fitted model of a label, or its share where all or none bear it."""
        if codes.min() == codes.max():
            return float(codes[0])
        weight = dict(enumerate(class_weights(codes, "balanced").tolist())) if self.balanced else None
        return self._unfitted(len(X), weight).fit(X, codes)

    def _unfitted(self, rows: int, weight: Weights | None) -> Any:
        """Return the scikit-learn model to fit on so many rows."""
        raise NotImplementedError


class LogisticLabeller(Labeller):
    """Logistic regression per label."""

    style: ClassVar[Style] = "linear"
    card = LearnerCard(
        "logistic",
        "Logistic regression",
        "table",
        "One per label: missing values filled by the median, numbers scaled, categories one-hot (50 most frequent); at "
        "most 200 steps.",
        effort=1.0,
    )

    def _unfitted(self, rows: int, weight: Weights | None) -> Any:
        return logistic(weight)


class ForestLabeller(Labeller):
    """Random forest per label."""

    card = LearnerCard(
        "forest", "Random forest", "table", "One per label: 60 trees, leaves of 2 samples or more.", effort=4.0
    )

    def _unfitted(self, rows: int, weight: Weights | None) -> Any:
        return forest(rows, weight, self.seed)


class BoostingLabeller(Labeller):
    """Histogram gradient boosting per label."""

    card = LearnerCard(
        "boosting",
        "Histogram gradient boosting",
        "table",
        f"One per label: 60 rounds of trees with at most 15 leaves, learning rate 0.1, {MAX_BINS} bins, no early "
        "stopping.",
        effort=4.0,
    )

    def _unfitted(self, rows: int, weight: Weights | None) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        is_category = self._encoder.is_category
        return HistGradientBoostingClassifier(
            max_iter=60,
            max_leaf_nodes=15,
            max_bins=MAX_BINS,
            early_stopping=False,
            class_weight=weight,
            categorical_features=is_category if is_category.any() else None,
            random_state=self.seed,
        )


LABELLERS: tuple[type[Labeller], ...] = (LogisticLabeller, ForestLabeller, BoostingLabeller)


def labeller_cards(keys: list[str] | None = None) -> tuple[LearnerCard, ...]:
    """Return the cards of all labellers, or of those named; see `cards_named`."""
    return cards_named([cls.card for cls in LABELLERS], keys, "for several labels per sample")


def make_labeller(key: str, seed: int, balanced: bool = False) -> Labeller:
    """Return an unfitted labeller."""
    return next(cls for cls in LABELLERS if cls.card.key == key)(seed, balanced)
