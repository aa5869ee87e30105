"""The split: made once, before anything else, and frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.label_sets import deal_iteratively
from augmentors.core.late import pd
from augmentors.core.seeds import digest, rng_from

TARGET_STRATA = 10


@dataclass(frozen=True)
class Split:
    """Frozen train and test ids and folds of the training part.

    Parameters
    ----------
    train, test : ndarray of object
        Sample ids in dataset order.
    folds : ndarray of int64, shape (n_train,)
        Fold of each training sample, aligned with `train`.
    test_size : float
        Share that was asked for, in (0, 1).
    seed : int
    linked : int
        Pairs of duplicates or near-duplicates kept on one side.
    notes : tuple of str
        What could not be done as asked, in plain words.
    """

    train: np.ndarray
    test: np.ndarray
    folds: np.ndarray
    test_size: float
    seed: int
    linked: int = 0
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def hash(self) -> str:
        """Hash of ids and folds."""
        return digest(self.train.tolist(), self.test.tolist(), self.folds.tolist())

    @property
    def n_folds(self) -> int:
        """Number of folds of the training part."""
        return int(self.folds.max()) + 1 if len(self.folds) else 0


def make_split(
    dataset: Dataset,
    *,
    test_size: float = 0.2,
    n_folds: int = 5,
    seed: int = 0,
    duplicate_pairs: Iterable[tuple[str, str]] = (),
) -> Split:
    """Return a stratified split in which groups and duplicates stay together.

    Parameters
    ----------
    dataset : Dataset
        `schema.group`, when set, names the column whose values stay together.
    test_size : float
        Share of the test part, 0.05 to 0.5.
    n_folds : int
        Folds of the training part, 2 to 10.
    seed : int
    duplicate_pairs : iterable of (str, str)
        Ids of samples that must share a side.

    Raises
    ------
    UserError
        When a value is outside its range or no test sample can be set apart.
    """
    if not 0.05 <= test_size <= 0.5:
        raise UserError(f"The test share must be between 0.05 and 0.5; got {test_size}.")
    if not 2 <= n_folds <= 10:
        raise UserError(f"The number of folds must be between 2 and 10; got {n_folds}.")
    pairs = list(duplicate_pairs)
    units = _units(dataset, pairs)
    labels = _strata(dataset)
    rng = rng_from("split", seed, len(dataset))
    in_test = _assign(units, labels, [1 - test_size, test_size], rng) == 1
    if not in_test.any():
        raise UserError(
            f"No test sample could be set apart from {len(dataset):,} samples: groups or duplicates link them all.",
            "Choose another group column or switch off near-duplicates.",
        )
    folds = _assign(units[~in_test], labels[~in_test], [1 / n_folds] * n_folds, rng)
    return Split(
        dataset.ids[~in_test],
        dataset.ids[in_test],
        folds.astype(np.int64),
        test_size,
        seed,
        len(pairs),
        _notes(dataset, in_test),
    )


def _strata(dataset: Dataset) -> np.ndarray:
    """Return the stratum of each sample: its class, its target's tenth of the sorted values, or its labels, a row."""
    if dataset.schema.task == "multilabel":
        return dataset.label_matrix
    if dataset.schema.task == "classification":
        return pd.factorize(dataset.labels.astype(str), sort=True)[0]
    inner = np.quantile(dataset.targets, np.arange(1, TARGET_STRATA) / TARGET_STRATA)
    return np.unique(np.searchsorted(inner, dataset.targets, side="left"), return_inverse=True)[1]


def _units(dataset: Dataset, pairs: list[tuple[str, str]]) -> np.ndarray:
    """Return the connected component of each sample under groups and duplicate pairs."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(dataset)
    left, right = np.empty(0, np.int64), np.empty(0, np.int64)
    if pairs:
        at = dataset.frame.index.get_indexer(pd.Index([i for pair in pairs for i in pair])).reshape(-1, 2)
        left, right = at[:, 0], at[:, 1]
    if dataset.schema.group:
        codes = pd.factorize(dataset.frame[dataset.schema.group])[0]
        known = np.flatnonzero(codes >= 0)
        first = np.full(codes.max(initial=-1) + 1, -1)
        first[codes[known][::-1]] = known[::-1]
        left, right = np.append(left, known), np.append(right, first[codes[known]])
    if not len(left):
        return np.arange(n)
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _assign(units: np.ndarray, labels: np.ndarray, shares: list[float], rng: np.random.Generator) -> np.ndarray:
    """Deal units into parts so that every class comes close to its share in every part.

    Linked units are dealt first, largest first, each to the part that it
    overfills least; single samples then fill what is left, class by class.
    Labels of which a sample may bear several are dealt as `deal_iteratively` says.
    """
    if labels.ndim == 2:
        return deal_iteratively(units, labels, shares, rng)
    _, units = np.unique(units, return_inverse=True)
    n_classes = int(labels.max()) + 1
    sizes = np.bincount(units)
    room = np.outer(np.asarray(shares), np.bincount(labels, minlength=n_classes).astype(float))
    part_of_unit = np.full(len(sizes), -1)
    linked = np.flatnonzero(sizes > 1)
    if len(linked):
        linked = rng.permutation(linked)
        order = linked[np.argsort(-sizes[linked], kind="stable")]
        members = np.argsort(units, kind="stable")
        starts = np.concatenate([[0], np.cumsum(sizes)])
        scale = np.maximum(room.sum(axis=0), 1)
        for unit in order:
            mix = np.bincount(labels[members[starts[unit] : starts[unit + 1]]], minlength=n_classes)
            part = int(np.argmax((np.minimum(room, mix) / scale * (mix > 0)).sum(axis=1) + 1e-9 * room.sum(axis=1)))
            part_of_unit[unit] = part
            room[part] -= mix
    single = np.flatnonzero(sizes[units] == 1)
    for label in range(n_classes):
        own = rng.permutation(single[labels[single] == label])
        part_of_unit[units[own]] = _deal(len(own), room[:, label], rng)
    return part_of_unit[units]


def _deal(n: int, room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return parts for n shuffled samples of one class: whole shares first, then the largest remainders."""
    if not n:
        return np.empty(0, dtype=np.int64)
    want = np.maximum(room, 0.0)
    want = want / want.sum() * n if want.sum() else np.full(len(room), n / len(room))
    counts = np.floor(want + 1e-9).astype(int)
    # A class of two or more samples is seen on both sides, even when its share rounds to none.
    if len(room) == 2 and n >= 2:
        counts[1] = max(counts[1], 1) if room[1] > 0 else counts[1]
        counts[0] = n - counts[1]
        return np.repeat(np.arange(2), counts)
    short = n - counts.sum()
    ranked = np.argsort(-(want - counts) + 1e-9 * rng.random(len(room)), kind="stable")
    counts[ranked[:short]] += 1
    return np.repeat(np.arange(len(room)), counts)


def _notes(dataset: Dataset, in_test: np.ndarray) -> tuple[str, ...]:
    if dataset.schema.task == "regression" and dataset.schema.ranges is None:
        return ()
    notes = []
    tested, trained = (dataset.take(dataset.ids[part]).class_counts for part in (in_test, ~in_test))
    for label, count in dataset.class_counts.items():
        if label not in tested:
            notes.append(
                f"Class '{label}' ({count:,} samples) has none in the test part, so nothing can be measured on it."
            )
        elif label not in trained:
            notes.append(
                f"Class '{label}' ({count:,} samples) has none in the training part: its samples are all linked."
            )
    return tuple(notes)


def refold(train: Dataset, *, n_folds: int, seed: int, duplicate_pairs: Iterable[tuple[str, str]] = ()) -> np.ndarray:
    """Return other folds of a training part, dealt as `make_split` deals them.

    Parameters
    ----------
    train : Dataset
        The training part alone, in the split's order.
    n_folds : int
    seed : int
    duplicate_pairs : iterable of (str, str)
        Ids of training samples that must share a fold.

    Returns
    -------
    ndarray of int64, shape (n_train,)
    """
    labels = _strata(train)
    rng = rng_from("refold", seed, len(train))
    units = _units(train, list(duplicate_pairs))
    return _assign(units, labels, [1 / n_folds] * n_folds, rng).astype(np.int64)
