"""Samples that are the same, or nearly: one entry for the three kinds of data."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job

# Row positions left and right, similarity, exact.
Links = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class Pair(NamedTuple):
    """Two samples that are the same or nearly.

    A group of k equal samples gives k - 1 pairs, each with the group's first
    sample: enough to keep the group together, and never quadratic.

    Parameters
    ----------
    a, b : str
        Sample ids; `a` comes first in the dataset.
    similarity : float
        1.0 when equal; else in the unit of the kind (see `duplicate_pairs`).
    exact : bool
    """

    a: str
    b: str
    similarity: float
    exact: bool


def duplicate_pairs(dataset: Dataset, near: bool = True, job: Job = NO_JOB) -> list[Pair]:
    """Return pairs of equal and nearly equal samples, labels and groups not looked at.

    Tables: equal in every feature; nearly when all numbers differ by at most
    0.5 % of their column's spread (less where few columns make that likely by
    chance) and everything else is equal. Similarity is 1 minus the largest
    such difference.
    Texts: the same text; nearly when equal but for case, spaces and
    punctuation, or when the sets of character shingles (3 characters; 5 where
    texts are long) overlap by at least 0.9 (Jaccard).
    Images: the same file; nearly when perceptual hashes agree and 32 × 32
    thumbnails differ by little. Similarity is 1 minus the mean difference.

    Parameters
    ----------
    dataset : Dataset
    near : bool, default=True
        Look for nearly equal samples too.
    job : Job, optional

    Returns
    -------
    list of Pair
        In dataset order of `a`, then `b`.
    """
    if len(dataset) < 2:
        return []
    return as_pairs(dataset.ids, *_links_of(dataset.kind)(dataset, near, job))


def _links_of(kind: str) -> Callable[[Dataset, bool, Job], Links]:
    if kind == "table":
        from augmentors.explore.duplicate_rows import linked_rows

        return linked_rows
    if kind == "text":
        from augmentors.explore.duplicate_texts import linked_texts

        return linked_texts
    from augmentors.explore.duplicate_images import linked_images

    return linked_images


def as_pairs(
    ids: np.ndarray, left: np.ndarray, right: np.ndarray, similarity: np.ndarray, exact: np.ndarray
) -> list[Pair]:
    """Return links between row positions as pairs of ids, in dataset order."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((high, low))
    columns = (ids[low[order]], ids[high[order]], similarity[order], exact[order])
    return list(map(Pair, *(column.tolist() for column in columns)))


def stars(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return links from each group of equal keys' first position to its other positions."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    sizes = np.diff(np.append(starts, len(keys)))
    first = np.repeat(order[starts], sizes)
    others = order != first
    return first[others], order[others]
