"""Folds over originals that never train on a child of a validation sample."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from augmentors.core.dataset import UNLABELLED
from augmentors.core.errors import UserError


@dataclass(frozen=True)
class SafeFold:
    """One fold: what to train on, what to validate on.

    Parameters
    ----------
    number : int
    train, validation : ndarray of object
        Ids of originals; together all of them.
    synthetic : ndarray of object
        Ids of the new samples whose parents all lie in `train`.
    """

    number: int
    train: np.ndarray
    validation: np.ndarray
    synthetic: np.ndarray


def safe_folds(provenance: pd.DataFrame, folds: Mapping[str, int] | pd.Series) -> Iterator[SafeFold]:
    """Yield folds over originals, each with the new samples that may be trained on beside it.

    A new sample is dropped from a fold when any of its parents is validated
    there, or when it has no parents or an unlabelled one: a generator, or who
    gave the label, has seen every sample of the training part it was fitted on.

    Parameters
    ----------
    provenance : DataFrame
        Columns ``sample_id`` and ``parents`` (a list of ids, '' ignored): what
        ``provenance.parquet`` holds.
    folds : mapping of str to int
        Fold of each original of the training part.

    Raises
    ------
    UserError
        When a parent is not among the originals.

    Examples
    --------
    >>> table = pd.DataFrame({"sample_id": ["s1", "s2"], "parents": [["a"], ["a", "b"]]})
    >>> [fold.synthetic.tolist() for fold in safe_folds(table, {"a": 0, "b": 1, "c": 2})]
    [[], ['s1'], ['s1', 's2']]
    """
    series = pd.Series(folds)
    originals = series.index.to_numpy(dtype=object)
    numbers = series.to_numpy(dtype=np.int64)
    ids = provenance["sample_id"].to_numpy(dtype=object)
    parents = parent_matrix(provenance["parents"])
    parent_folds = folds_of_parents(ids, parents, originals, numbers)
    for number in np.unique(numbers):
        held_out = numbers == number
        usable = usable_in(parent_folds, int(number))
        yield SafeFold(int(number), originals[~held_out], originals[held_out], ids[usable])


def parent_matrix(parents: pd.Series) -> np.ndarray:
    """Return lists of parents as one array, shape (n, p), filled up with ''."""
    families = [[str(p) for p in family if p] for family in parents]
    width = max((len(f) for f in families), default=1) or 1
    matrix = np.full((len(families), width), "", dtype=object)
    for i, family in enumerate(families):
        matrix[i, : len(family)] = family
    return matrix


def folds_of_parents(ids: np.ndarray, parents: np.ndarray, originals: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the fold of each parent, shape of `parents`; -1 where there is no parent, or one without a label.

    Raises
    ------
    UserError
        When a parent is not among the originals.
    """
    at = pd.Index(originals).get_indexer(pd.Index(parents.ravel())).reshape(parents.shape)
    strange = (at < 0) & (parents != "") & ~is_unlabelled(parents)
    if strange.any():
        row, column = np.argwhere(strange)[0]
        raise UserError(
            f"New sample '{ids[row]}' has the parent '{parents[row, column]}', which is not in the training part.",
            "Compare with the dataset and the split that it was made from.",
        )
    return np.where(at < 0, -1, numbers[at])


def is_unlabelled(parents: np.ndarray) -> np.ndarray:
    """Tell which parents are unlabelled samples, shape of `parents`."""
    return np.char.startswith(parents.astype(str), UNLABELLED)


def usable_in(parent_folds: np.ndarray, number: int) -> np.ndarray:
    """Tell which new samples may be trained on while this fold is held out, shape (n,)."""
    return (parent_folds != number).all(axis=1) & (parent_folds >= 0).any(axis=1)
