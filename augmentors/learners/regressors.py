"""Models of a numeric target for tables: the same encodings as the classifiers', kept as small."""

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
from augmentors.learners.table import MAX_BINS, MAX_ROWS_PER_TREE


class Regressor:
    """Encodes rows, then asks a scikit-learn model; subclasses say which.

    Parameters
    ----------
    seed : int
        The only source of randomness.
    """

    card: ClassVar[LearnerCard]
    style: ClassVar[Style] = "trees"

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._model: Any = None

    def fit(
        self, train: Dataset, extra: Samples | None = None, weights: np.ndarray | None = None, job: Job = NO_JOB
    ) -> Self:
        """Learn from real rows and, when given, from new ones.

        Parameters
        ----------
        train : Dataset
        extra : Samples, optional
        weights : ndarray, shape (n_train,), optional
            How much each real row counts; new rows count 1.
        """
        job.check()
        columns, label = train.schema.features(), train.schema.label
        rows, targets = train.frame[columns], train.targets
        if extra is not None and len(extra):
            rows = pd.concat([rows, extra.frame[columns]])
            targets = np.concatenate([targets, extra.frame[label].to_numpy(dtype=np.float64)])
        if weights is not None:
            weights = np.concatenate([weights, np.ones(len(targets) - len(weights))])
        self._encoder = TableEncoder(train.schema, self.style).fit(rows)
        # Centred and scaled, so that no model's settings depend on the unit of the target.
        self._centre, self._scale = float(targets.mean()), float(targets.std()) or 1.0
        with one_thread():
            model = self._unfitted(len(rows))
            self._model = model.fit(
                self._encoder.transform(rows), (targets - self._centre) / self._scale, sample_weight=weights
            )
        return self

    def predict(self, dataset: Dataset) -> np.ndarray:
        """Return the expected target of each row, shape (n,)."""
        if self._model is None:
            raise NotFitted(f"{self.card.title} has not been fitted: call fit(train) before predict.")
        if not len(dataset):
            return np.empty(0)
        with one_thread():
            found = self._model.predict(self._encoder.transform(dataset.frame))
        return np.asarray(found, dtype=np.float64) * self._scale + self._centre

    def _unfitted(self, rows: int) -> Any:
        """Return the scikit-learn model to fit on so many rows."""
        raise NotImplementedError


class Ridge(Regressor):
    """Ridge regression on imputed, scaled and one-hot encoded columns."""

    style: ClassVar[Style] = "linear"
    card = LearnerCard(
        "ridge",
        "Ridge regression",
        "table",
        "Linear, with a penalty of 1: missing values filled by the median, numbers scaled, categories one-hot "
        "(50 most frequent), text as TF-IDF of 100 words.",
        effort=1.0,
    )

    def _unfitted(self, rows: int) -> Any:
        from sklearn.linear_model import Ridge as RidgeModel

        return RidgeModel(alpha=1.0)


class ForestRegressor(Regressor):
    """Random forest, kept small."""

    card = LearnerCard(
        "forest",
        "Random forest",
        "table",
        f"60 trees, each grown on at most {MAX_ROWS_PER_TREE:,} rows drawn with replacement; leaves of 2 samples or "
        "more.",
        effort=6.0,
    )

    def _unfitted(self, rows: int) -> Any:
        from sklearn.ensemble import RandomForestRegressor

        return RandomForestRegressor(
            n_estimators=60,
            min_samples_leaf=2,
            max_samples=MAX_ROWS_PER_TREE if rows > MAX_ROWS_PER_TREE else None,
            random_state=self.seed,
            n_jobs=1,
        )


class BoostingRegressor(Regressor):
    """Histogram gradient boosting, kept short."""

    card = LearnerCard(
        "boosting",
        "Histogram gradient boosting",
        "table",
        f"100 rounds of trees with at most 15 leaves on squared error, learning rate 0.1, {MAX_BINS} bins, no early "
        "stopping; categories and missing values as they are.",
        effort=3.0,
    )

    def _unfitted(self, rows: int) -> Any:
        from sklearn.ensemble import HistGradientBoostingRegressor

        is_category = self._encoder.is_category
        return HistGradientBoostingRegressor(
            max_iter=100,
            max_leaf_nodes=15,
            max_bins=MAX_BINS,
            early_stopping=False,
            categorical_features=is_category if is_category.any() else None,
            random_state=self.seed,
        )


REGRESSORS: tuple[type[Regressor], ...] = (Ridge, ForestRegressor, BoostingRegressor)


def regressor_cards(keys: list[str] | None = None) -> tuple[LearnerCard, ...]:
    """Return the cards of all regressors, or of those named; see `cards_named`."""
    return cards_named([cls.card for cls in REGRESSORS], keys, "for a target that is a number")


def make_regressor(key: str, seed: int) -> Regressor:
    """Return an unfitted regressor."""
    return next(cls for cls in REGRESSORS if cls.card.key == key)(seed)
