"""Learners of tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Samples
from augmentors.learners.base import Ensemble, Learner, LearnerCard
from augmentors.learners.encoding import Style, TableEncoder
from augmentors.learners.linear import Weights, logistic, stopping_is_meant

MAX_ROWS_PER_TREE = 20_000
MAX_BINS = 63
BAGS = 10


class _TableLearner(Learner):
    """Encodes rows, then asks a scikit-learn model."""

    style: Style = "trees"

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        # AdaBoost takes neither holes nor codes for categories.
        style: Style = "linear" if self.ensemble == "easy_ensemble" else self.style
        self._encoder, X = self._encoded(style, train, extra, lambda: encoded(train, extra, style))
        job.check()
        model = self._unfitted(len(X), codes)
        with stopping_is_meant():
            self._model = in_ensemble(model, self.ensemble, self.seed).fit(X, codes)

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        X = self._as_numbers(dataset, lambda: self._encoder.transform(dataset.frame))
        return self._model.predict_proba(X)

    def _unfitted(self, rows: int, codes: np.ndarray) -> Any:
        """Return the scikit-learn model to fit on so many rows."""
        raise NotImplementedError


class Logistic(_TableLearner):
    """Logistic regression on imputed, scaled and one-hot encoded columns."""

    style: Style = "linear"
    card = LearnerCard(
        "logistic",
        "Logistic regression",
        "table",
        "Linear: missing values filled by the median, numbers scaled, categories one-hot (50 most frequent), "
        "text as TF-IDF of 100 words; at most 200 steps.",
        effort=1.0,
        ensembles=("balanced_bagging",),
    )

    def _unfitted(self, rows: int, codes: np.ndarray) -> Any:
        return logistic(self._weights(codes))


class Forest(_TableLearner):
    """Random forest, kept small."""

    card = LearnerCard(
        "forest",
        "Random forest",
        "table",
        f"60 trees, each grown on at most {MAX_ROWS_PER_TREE:,} rows drawn with replacement; "
        "leaves of 2 samples or more.",
        effort=4.0,
        ensembles=("balanced_bagging",),
    )

    def _unfitted(self, rows: int, codes: np.ndarray) -> Any:
        return forest(rows, self._weights(codes), self.seed)


class Boosting(_TableLearner):
    """Histogram gradient boosting, kept short."""

    card = LearnerCard(
        "boosting",
        "Histogram gradient boosting",
        "table",
        "60 rounds of trees with at most 15 leaves (fewer rounds beyond 10 classes), "
        f"learning rate 0.1, {MAX_BINS} bins, no early stopping; categories and missing values as they are.",
        effort=4.0,
        ensembles=("balanced_bagging", "easy_ensemble"),
    )

    def _unfitted(self, rows: int, codes: np.ndarray) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier

        is_category = self._encoder.is_category
        # Every round grows one tree per class.
        rounds = int(np.clip(600 // (codes.max() + 1), 10, 60))
        return HistGradientBoostingClassifier(
            max_iter=rounds,
            max_leaf_nodes=15,
            # With weights, scikit-learn finds every bin by a percentile of its own: 255 took longer than the trees.
            max_bins=MAX_BINS,
            early_stopping=False,
            class_weight=self._weights(codes),
            categorical_features=is_category if is_category.any() else None,
            random_state=self.seed,
        )


def encoded(train: Dataset, extra: Samples | None, style: Style) -> tuple[TableEncoder, np.ndarray]:
    """Return an encoder learnt from all rows that are trained on, and these rows as numbers."""
    columns = train.schema.features()
    rows = train.frame[columns]
    if extra is not None:
        rows = pd.concat([rows, extra.frame[columns]])
    encoder = TableEncoder(train.schema, style).fit(rows)
    return encoder, encoder.transform(rows)


def forest(rows: int, weight: Weights | None, seed: int) -> Any:
    """Return an unfitted random forest of 60 trees, each on a bounded number of rows."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=60,
        min_samples_leaf=2,
        max_samples=MAX_ROWS_PER_TREE if rows > MAX_ROWS_PER_TREE else None,
        class_weight=weight,
        random_state=seed,
        n_jobs=1,
    )


def in_ensemble(model: Any, ensemble: Ensemble | None, seed: int) -> Any:
    """Return the model itself, or an ensemble on bootstraps that are thinned out to their smallest class.

    Balanced bagging averages copies of the model. EasyEnsemble has AdaBoost of stumps in its place, as published.

    References
    ----------
    Liu, Wu & Zhou (2009), Exploratory undersampling for class-imbalance learning, IEEE Trans. SMC-B 39, 539–550.
    """
    if ensemble is None:
        return model
    from imblearn.ensemble import BalancedBaggingClassifier, EasyEnsembleClassifier

    if ensemble == "easy_ensemble":
        return EasyEnsembleClassifier(n_estimators=BAGS, random_state=seed)
    return BalancedBaggingClassifier(estimator=model, n_estimators=BAGS, random_state=seed)
