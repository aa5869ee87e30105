"""The folds of each repeat of a comparison."""

from collections.abc import Iterable

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import digest
from augmentors.core.split import Split, refold


def repeated_folds(
    dataset: Dataset,
    split: Split,
    repeats: int,
    seed: int,
    pairs: Iterable[tuple[str, str]] | None = None,
    job: Job = NO_JOB,
) -> list[np.ndarray]:
    """Return the folds of the training part for each repeat.

    The first repeat uses the split's own folds; further ones are dealt anew,
    stratified, with groups and duplicates together as in the split.

    Parameters
    ----------
    dataset : Dataset
    split : Split
    repeats : int
    seed : int
    pairs : iterable of (str, str), optional
        Linked ids. When left out, they are looked for again if the split linked any.

    Returns
    -------
    list of ndarray of int64, each of shape (n_train,)
    """
    if repeats < 2:
        return [split.folds]
    train = dataset.take(split.train)
    linked = _links_within(train, split, pairs, job)
    others = [
        refold(
            train,
            n_folds=split.n_folds,
            seed=int(digest("repeat", seed, i, size=6), 16),
            duplicate_pairs=linked,
        )
        for i in range(1, repeats)
    ]
    return [split.folds, *others]


def _links_within(
    train: Dataset, split: Split, pairs: Iterable[tuple[str, str]] | None, job: Job
) -> list[tuple[str, str]]:
    """Return the linked ids of the training part."""
    if pairs is not None:
        known = set(train.ids)
        return [(pair[0], pair[1]) for pair in pairs if pair[0] in known and pair[1] in known]
    if not split.linked:
        return []
    from augmentors.explore.duplicates import duplicate_pairs

    return [(pair.a, pair.b) for pair in duplicate_pairs(train, job=job)]
