"""A table augmenter with the interface of an imbalanced-learn sampler."""

from dataclasses import replace
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import ColumnType, Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.plan import resolve_target
from augmentors.core.samples import Samples
from augmentors.core.seeds import digest, rng_from
from augmentors.explore.rare_ranges import ranges_of

LABEL = "label"


class AugmenterSampler(BaseEstimator):
    """Adds an augmenter's samples to (X, y); made by `as_sampler`.

    Parameters
    ----------
    augmenter : Augmenter
        For kind ``table``.
    target : str
        How many samples each class gets: see `resolve_target`.
    random_state : int

    Attributes
    ----------
    samples_ : dict of str to Samples
        What was added per class, each sample with its provenance.
    """

    def __init__(self, augmenter: Augmenter, target: str = "majority", random_state: int = 0) -> None:
        self.augmenter = augmenter
        self.target = target
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Check that the data can be resampled."""
        as_dataset(X, y)
        return self

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Return X and y with new rows after the given ones.

        Parameters
        ----------
        X : DataFrame or ndarray, shape (n, features)
        y : Series or array, shape (n,)
            Classes; numbers for an augmenter of regression, which then works on their ranges.

        Returns
        -------
        X_resampled, y_resampled
            Of the types that came in, with a fresh index.

        Raises
        ------
        NotApplicable
            When the augmenter cannot work on the data or on a class that needs samples.
        """
        dataset = as_dataset(X, y)
        if self.augmenter.card.task == "regression":
            if not pd.api.types.is_numeric_dtype(dataset.frame[LABEL]):
                raise UserError(f"{self.augmenter.card.title} needs numbers as y; got {dataset.frame[LABEL].dtype}.")
            ranges = ranges_of(LABEL, dataset.targets)
            dataset = replace(dataset, schema=replace(dataset.schema, task="regression", ranges=ranges))
        augmenter = self.augmenter.fit(dataset, rng_from(self.random_state, "fit"))
        wanted = resolve_target(self.target, dataset.class_counts).wanted
        self.samples_: dict[str, Samples] = {}
        for name, count in dataset.class_counts.items():
            if wanted[name] > count:
                rng = rng_from(self.random_state, name)
                self.samples_[name] = augmenter.augment(name, wanted[name] - count, rng)
        joined = pd.concat([dataset.frame, *(made.frame for made in self.samples_.values())], ignore_index=True)
        return _like(X, joined.drop(columns=LABEL)), _like_labels(y, joined[LABEL])


def as_sampler(augmenter: Augmenter, target: str = "majority", random_state: int = 0) -> AugmenterSampler:
    """Return an augmenter as a sampler for imbalanced-learn's pipelines.

    Examples
    --------
    >>> import numpy as np
    >>> from augmentors.table.smote import Smote
    >>> X = np.arange(40.0).reshape(20, 2)
    >>> y = np.repeat(["common", "rare"], [15, 5])
    >>> X_resampled, y_resampled = as_sampler(Smote(k_neighbors=3)).fit_resample(X, y)
    >>> X_resampled.shape, int((y_resampled == "rare").sum())
    ((30, 2), 15)
    """
    return AugmenterSampler(augmenter, target, random_state)


def as_dataset(X: Any, y: Any) -> Dataset:
    """Return (X, y) as a dataset of kind ``table``; column types follow the dtypes.

    Raises
    ------
    UserError
        When the lengths differ or a column's dtype has no type here.
    """
    features = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X)).add_prefix("x")
    if len(features) != len(y):
        raise UserError(f"X has {len(features):,} rows and y {len(y):,}; expected as many labels as rows.")
    if LABEL in features:
        raise UserError(f"X has a column '{LABEL}', which is kept for y; rename it.")
    frame = features.copy()
    frame.columns = frame.columns.astype(str)
    types = {name: _type_of(frame[name]) for name in frame.columns}
    frame[LABEL] = np.asarray(y)
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    hashed = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return Dataset("table", frame, Schema(LABEL, types), digest(hashed.tobytes().hex()))


def _type_of(column: pd.Series) -> ColumnType:
    tests: tuple[tuple[ColumnType, Any], ...] = (
        ("boolean", pd.api.types.is_bool_dtype),
        ("integer", pd.api.types.is_integer_dtype),
        ("number", pd.api.types.is_float_dtype),
        ("date", pd.api.types.is_datetime64_dtype),
    )
    for kind, belongs in tests:
        if belongs(column.dtype):
            return kind
    if isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype) or column.dtype == object:
        return "category"
    raise UserError(
        f"Column '{column.name}' of X is {column.dtype}; expected numbers, truth values, dates or categories."
    )


def _like(X: Any, joined: pd.DataFrame) -> Any:
    if isinstance(X, pd.DataFrame):
        return joined.set_axis(X.columns, axis=1)
    return joined.to_numpy(dtype=np.asarray(X).dtype)


def _like_labels(y: Any, joined: pd.Series) -> Any:
    if isinstance(y, pd.Series):
        return pd.Series(joined.array, dtype=y.dtype, name=y.name)
    return joined.to_numpy(dtype=np.asarray(y).dtype)
