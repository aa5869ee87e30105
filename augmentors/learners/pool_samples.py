"""Unlabelled samples as new samples of a training part, so that learners can be fitted with labels given to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, overload

import numpy as np

from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.late import pd
from augmentors.core.samples import Samples
from augmentors.explore.images import read_rgb
from augmentors.learners.features import FeatureCache, Source

ENTRY = "unlabelled"


class PoolImages(Sequence[np.ndarray]):
    """Images of a pool as RGB pixels, read when asked for."""

    def __init__(self, pool: Dataset) -> None:
        self._pool = pool

    def __len__(self) -> int:
        return len(self._pool)

    @overload
    def __getitem__(self, i: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, i: slice) -> PoolImages: ...
    def __getitem__(self, i: int | slice) -> Any:
        if isinstance(i, slice):
            return PoolImages(replace(self._pool, frame=self._pool.frame.iloc[i]))
        return read_rgb(self._pool.image_path(i))


def labelled(train: Dataset, pool: Dataset, at: np.ndarray, labels: np.ndarray) -> Samples:
    """Return some samples of a pool under labels given to them, as new samples of a training part.

    Parameters
    ----------
    train, pool : Dataset
    at : ndarray of int, shape (n,)
        Positions in the pool.
    labels : ndarray of str, shape (n,)
    """
    some = replace(pool, frame=pool.frame.iloc[at])
    frame = some.frame.assign(**{train.schema.label: labels})[list(train.frame.columns)]
    names = some.ids.astype(object).reshape(-1, 1)
    certificate = pd.DataFrame({"entry": ENTRY}, index=frame.index)
    images: Any = PoolImages(some) if PATH_COLUMN in frame and train.kind == "image" else None
    return Samples(frame, names, np.ones(names.shape), certificate, images)


def share_features(cache: FeatureCache, name: str | None, train: Dataset, pool: Dataset, job: Any) -> None:
    """Compute features of a pool once, and know them under both of the names that learners ask by."""
    if name is None:
        return
    matrix = cache.of(name, pool, None, job)
    everyone = labelled(train, pool, np.arange(len(pool)), np.full(len(pool), "", dtype=object))
    cache.add(name, Source(train, everyone), np.arange(len(pool)), matrix)
