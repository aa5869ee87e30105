"""Free alternatives to new rows where a target is a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.evaluate.free_arms import NONE, PLAIN, FreeArm

RELEVANCE = "relevance_weight"
TARGET_FREE_ARMS: tuple[FreeArm, ...] = (
    FreeArm(
        RELEVANCE,
        "Relevance weights",
        "Rows count more the more relevant their target is: relevant rows add as much weight as all rows have.",
        "weights",
        kinds=("table",),
    ),
    FreeArm(
        "random_under",
        "Random under-sampling",
        "Rows are dropped down to the smallest range.",
        "resampling",
        resampling="under",
        kinds=("table",),
    ),
    FreeArm(
        "random_over",
        "Random over-sampling",
        "Rows are repeated up to the largest range.",
        "resampling",
        resampling="over",
        kinds=("table",),
    ),
)


def target_free_arms(keys: Sequence[str] | None = None) -> tuple[FreeArm, ...]:
    """Return the free alternatives for a number, or those asked for, from the cheapest on.

    Raises
    ------
    UserError
        When a key is unknown.
    """
    known = {arm.key: arm for arm in TARGET_FREE_ARMS}
    if keys is None:
        return TARGET_FREE_ARMS
    wanted = [key for key in keys if key not in (NONE, PLAIN)]
    unknown = next((key for key in wanted if key not in known), None)
    if unknown is not None:
        raise UserError(
            f"There is no arm '{unknown}' for a target that is a number.",
            f"Known are: {', '.join(known)}; 'none' runs none of them.",
        )
    return tuple(arm for key, arm in known.items() if key in wanted)


def relevance_weights(train: Dataset) -> np.ndarray:
    """Return 1 + φ(y) · n / Σφ for each row, scaled to a mean of 1, shape (n,); all 1 where nothing is relevant.

    Examples
    --------
    >>> from augmentors.testing import toy_regression
    >>> weights = relevance_weights(toy_regression())
    >>> float(weights.mean().round(9)), float((weights.max() / weights.min()).round(9))
    (1.0, 7.0)
    """
    assert train.schema.ranges is not None, "ranges are frozen with the split"
    relevance = train.schema.ranges.relevances(train.targets)
    total = relevance.sum()
    if not total > 0:
        return np.ones(len(train))
    weights = 1 + relevance * len(train) / total
    return weights / weights.mean()
