"""Was a table oversampled before it came here? Copies in one class, or rows exactly between two others of it.

SMOTE puts a new row on the straight line between two rows of its class. Seen
from such a row its parents lie in exactly opposite directions, which in three
or more continuous columns hardly ever happens by chance: the cosine of the
angle between them is -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.core.seeds import rng_from
from augmentors.explore.duplicates import Pair

MOST_ASKED, LEAST_OF_CLASS, NEIGHBOURS = 200, 20, 150
MOST_ROWS = 5_000
LEAST_COLUMNS, MOST_COLUMNS = 3, 40
# Of values that recur, rows lie on a grid, whose lines look like segments.
DISTINCT = 0.5
OPPOSITE = -1 + 5e-7
# Twice the size makes half of a class copies; small whole numbers make a third of one by themselves.
COPIED, COPIES, BETWEEN = 0.5, 20, 0.15
# How many times the share of the class that shows least.
OVER_OTHERS = 5.0


@dataclass(frozen=True)
class Oversampled:
    """A class that looks oversampled.

    Parameters
    ----------
    label : str
    share, elsewhere : float
        Of its samples that are copies, or lie between two others, and of the class that shows least.
    how : {"copies", "between"}
    sample_ids : tuple of str
        Some of those samples.
    """

    label: str
    share: float
    elsewhere: float
    how: str
    sample_ids: tuple[str, ...] = ()


def oversampled(dataset: Dataset, pairs: Sequence[Pair], job: Job = NO_JOB) -> list[Oversampled]:
    """Return the classes that look oversampled before the file was made.

    Parameters
    ----------
    pairs : sequence of Pair
        Duplicates.
    """
    if dataset.schema.task != "classification" or len(dataset.class_counts) < 2:
        return []
    copied = _copied(dataset, pairs)
    found = [one for one in _standing_out(copied, COPIED, "copies") if len(one.sample_ids) >= COPIES]
    if dataset.kind == "table":
        found += _standing_out(_between(dataset, job), BETWEEN, "between")
    return found


def _standing_out(seen: dict[str, tuple[float, tuple[str, ...]]], least: float, how: str) -> list[Oversampled]:
    """Return the classes that show it, where another class does not."""
    if len(seen) < 2:
        return []
    lowest = min(share for share, _ in seen.values())
    return [
        Oversampled(label, share, lowest, how, ids)
        for label, (share, ids) in seen.items()
        if share >= max(least, OVER_OTHERS * lowest)
    ]


def _copied(dataset: Dataset, pairs: Sequence[Pair]) -> dict[str, tuple[float, tuple[str, ...]]]:
    copies = pd.Index([pair.b for pair in pairs if pair.exact], dtype=dataset.frame.index.dtype)
    at = dataset.frame.index.get_indexer(copies)
    labels = dataset.labels[at] if len(at) else np.empty(0, dtype=object)
    return {
        label: (float((labels == label).sum()) / n, tuple(dataset.ids[at[labels == label]].tolist()))
        for label, n in dataset.class_counts.items()
        if n >= LEAST_OF_CLASS
    }


def _between(dataset: Dataset, job: Job) -> dict[str, tuple[float, tuple[str, ...]]]:
    """Return, per class, the share of rows that lie exactly between two others of it."""
    points = _points(dataset)
    found: dict[str, tuple[float, tuple[str, ...]]] = {}
    if points is None:
        return found
    for label, n in sorted(dataset.class_counts.items()):
        if n < LEAST_OF_CLASS:
            continue
        job.check()
        rng = rng_from("oversampled", label, n)
        own = dataset.positions(label)
        own = np.sort(rng.choice(own, min(n, MOST_ROWS), replace=False))
        own = own[np.isfinite(points[own]).all(axis=1)]
        asked = rng.permutation(len(own))[:MOST_ASKED]
        if len(asked) < LEAST_OF_CLASS:
            continue
        hits = [i for i in asked if _is_between(points[own], int(i))]
        found[label] = (len(hits) / len(asked), tuple(dataset.ids[own[np.sort(hits)]].tolist()) if hits else ())
    return found


def _is_between(points: np.ndarray, i: int) -> bool:
    """Whether a point lies between two of its neighbours."""
    away = points - points[i]
    distance = np.einsum("ij,ij->i", away, away)
    distance[distance == 0] = np.inf  # itself and its copies
    k = min(NEIGHBOURS, int(np.isfinite(distance).sum()))
    if k < 2:
        return False
    near = np.argpartition(distance, k - 1)[:k]
    units = away[near] / np.sqrt(distance[near])[:, None]
    return bool((units @ units.T).min() <= OPPOSITE)


def _points(dataset: Dataset) -> np.ndarray | None:
    """Return the continuous columns in units of their spread, shape (n, d); None where there are too few."""
    columns = []
    for name in dataset.schema.features("number"):
        values = dataset.frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        known = values[np.isfinite(values)]
        if len(known) < LEAST_OF_CLASS or len(np.unique(known)) < DISTINCT * len(known):
            continue
        spread = float(known.std())
        if np.isfinite(spread) and spread > 0:
            columns.append((values - known.mean()) / spread)
    return np.stack(columns[:MOST_COLUMNS], axis=1) if len(columns) >= LEAST_COLUMNS else None
