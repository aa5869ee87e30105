"""Free alternatives to new rows where a target is a number, or a sample carries several labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.evaluate.free_arms import ALL, DEFAULT, NONE, PLAIN, FreeArm

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


LABEL_FREE_ARMS: tuple[FreeArm, ...] = (
    FreeArm(
        "class_weight",
        "Label weights",
        "Of each label, samples that bear it count as much as all others together.",
        "weights",
        class_weight="balanced",
        kinds=("table",),
    ),
)


def target_free_arms(keys: Sequence[str] | None = None) -> tuple[FreeArm, ...]:
    """Return the free alternatives for a number, or those asked for, from the cheapest on; see `label_free_arms`."""
    return _chosen(TARGET_FREE_ARMS, keys, "a target that is a number")


def label_free_arms(keys: Sequence[str] | None = None) -> tuple[FreeArm, ...]:
    """Return the free alternatives for several labels, or those asked for.

    Raises
    ------
    UserError
        When a key is unknown.
    """
    return _chosen(LABEL_FREE_ARMS, keys, "several labels per sample")


def _chosen(arms: tuple[FreeArm, ...], keys: Sequence[str] | None, what: str) -> tuple[FreeArm, ...]:
    known = {arm.key: arm for arm in arms}
    if keys is None or ALL in keys or DEFAULT in keys:
        return arms
    wanted = [key for key in keys if key not in (NONE, PLAIN)]
    unknown = next((key for key in wanted if key not in known), None)
    if unknown is not None:
        raise UserError(
            f"There is no arm '{unknown}' for {what}.", f"Known are: {', '.join(known)}; 'none' runs none of them."
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
