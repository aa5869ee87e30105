"""Does one column give the label away, as what is only known afterwards does?

A column is asked alone, out of fold: a small tree (numbers) or the class most
frequent with each value (categories). It is named where it tells practically
every class (balanced accuracy of at least 0.99) and all other columns together
make several times its errors: a strong feature of an easy table has company,
one that encodes the label stands alone. In an easy table the others do well
without it; there a column that tells the classes nearly as well (0.97) is named
where the model of all columns errs at least 2.5 times as often without it, by a
sign test: a strong feature's errors lie where the others err, too, those of a
noisy copy of the label anywhere. A column of as many values as there are
classes that tells them all is the label itself. Being filled in for exactly one class
counts too, whatever the values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.late import pd
from augmentors.core.seeds import rng_from

MOST_ROWS, LEAST_OF_CLASS = 4_000, 10
PERFECT, FILLED = 0.99, 0.98
# How many times the errors of the column all others together must make, and by how much more at least.
TIMES, MORE = 5.0, 0.1
# What a noisy copy of the label must reach, in a table whose other columns tell the classes well.
NEARLY, WORSE, LEVEL, MOST_NEARLY = 0.97, 2.5, 0.01, 3
FOLDS = 5
_MISSING = -1


@dataclass(frozen=True)
class Giveaway:
    """A column that gives the label away.

    Parameters
    ----------
    column : str
    accuracy, others : float
        Out-of-fold balanced accuracy of the column alone, and of all columns that are not named.
    label : str or None
        The class for which alone the column is filled in, or is empty; None where its values tell.
    """

    column: str
    accuracy: float
    others: float
    label: str | None = None


def giveaways(dataset: Dataset, job: Job = NO_JOB) -> list[Giveaway]:
    """Return the columns of a table that give its classes away, in the file's order."""
    if dataset.kind != "table" or dataset.schema.task != "classification":
        return []
    rows, codes = _rows(dataset)
    if len(np.unique(codes)) < 2:
        return []
    names = dataset.schema.features("number", "integer", "boolean", "date", "category")
    columns = {name: _column(dataset, name, rows) for name in names}
    folds = rng_from("giveaway", len(rows)).permutation(len(rows)) % FOLDS
    alone: dict[str, float] = {}
    for name, (values, is_category) in columns.items():
        job.check()
        alone[name] = _accuracy_alone(values, codes, folds, is_category)
    told = {name for name, accuracy in alone.items() if accuracy >= PERFECT}
    filled = {name: _filled(values, codes, dataset, rows) for name, (values, _) in columns.items()}
    filled = {name: label for name, label in filled.items() if label is not None}
    nearly = sorted((name for name in names if alone[name] >= NEARLY), key=lambda name: -alone[name])[:MOST_NEARLY]
    if not nearly and not filled:
        return []
    rest = [columns[name][0] for name in names if name not in told and name not in filled]
    others = _accuracy_together(rest, codes, folds)
    # As many values as classes, one for each, is the label itself, however easy the table.
    k = len(np.unique(codes))
    spelt = {name for name in told if len(np.unique(columns[name][0])) <= k}
    stand_alone = spelt | {name for name in told if 1 - others >= max(TIMES * (1 - alone[name]), MORE)}
    found = {name: Giveaway(name, alone[name], others, filled.get(name)) for name in stand_alone | set(filled)}
    left = {name: columns[name][0] for name in names if name not in found}
    found |= {one.column: one for one in _noisy_copies(left, [n for n in nearly if n in left], alone, codes, folds)}
    return [found[name] for name in names if name in found]


def _noisy_copies(
    columns: dict[str, np.ndarray], nearly: list[str], alone: dict[str, float], codes: np.ndarray, folds: np.ndarray
) -> Iterator[Giveaway]:
    """Yield the columns without which all the others err several times as often as with them."""
    from scipy.stats import binomtest

    if not nearly or len(columns) < 2:
        return
    whole = _decided_together(list(columns.values()), codes, folds)
    for name in nearly:
        without = _decided_together([values for other, values in columns.items() if other != name], codes, folds)
        lost = int(((whole == codes) & (without != codes)).sum())
        gained = int(((whole != codes) & (without == codes)).sum())
        accuracy = _balanced(codes, without)
        is_worse = 1 - accuracy >= WORSE * (1 - _balanced(codes, whole))
        if is_worse and lost and binomtest(lost, lost + gained, alternative="greater").pvalue <= LEVEL:
            yield Giveaway(name, alone[name], accuracy)


def _rows(dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return positions of some rows, up to as many of each class, and their classes as numbers."""
    counts = {label: n for label, n in dataset.class_counts.items() if n >= LEAST_OF_CLASS}
    rng = rng_from("giveaway rows", len(dataset))
    each = max(MOST_ROWS // max(len(counts), 1), LEAST_OF_CLASS)
    parts = []
    for label in sorted(counts):
        own = dataset.positions(label)
        parts.append(own if len(own) <= each else np.sort(rng.choice(own, each, replace=False)))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def _column(dataset: Dataset, name: str, rows: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return a column's values as float64, NaN where missing, and whether they number categories."""
    column = dataset.frame[name].iloc[rows]
    if dataset.schema.types[name] == "category":
        codes = pd.factorize(column)[0].astype(np.float64)
        return np.where(codes == _MISSING, np.nan, codes), True
    if column.dtype.kind == "M":
        column = pd.Series(column.to_numpy(dtype="datetime64[s]").astype(np.int64)).where(column.notna().to_numpy())
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan), False


def _accuracy_alone(values: np.ndarray, codes: np.ndarray, folds: np.ndarray, is_category: bool) -> float:
    """Return the balanced accuracy of one column, out of fold."""
    k = int(codes.max()) + 1
    if not is_category:
        from sklearn.tree import DecisionTreeClassifier

        tree = DecisionTreeClassifier(max_leaf_nodes=4 * k, class_weight="balanced", random_state=0)
        return _balanced(codes, _out_of_fold(tree, values[:, None], codes, folds))
    at = np.nan_to_num(values, nan=_MISSING).astype(np.int64) + 1
    decided = np.zeros(len(codes), dtype=np.int64)
    for fold in range(FOLDS):
        seen = folds != fold
        table = np.zeros((int(at.max()) + 1, k))
        np.add.at(table, (at[seen], codes[seen]), 1)
        # Counted in shares of the class, so that a rare one is not outvoted.
        shares = table / np.maximum(table.sum(axis=0), 1)
        decided[~seen] = shares[at[~seen]].argmax(axis=1)
    return _balanced(codes, decided)


def _accuracy_together(columns: list[np.ndarray], codes: np.ndarray, folds: np.ndarray) -> float:
    """Return the balanced accuracy of several columns, out of fold."""
    return _balanced(codes, _decided_together(columns, codes, folds)) if columns else 1 / (int(codes.max()) + 1)


def _decided_together(columns: list[np.ndarray], codes: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Return the class that several columns decide for, out of fold, shape (n,)."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=15, early_stopping=False, class_weight="balanced", random_state=0
    )
    return _out_of_fold(model, np.stack(columns, axis=1), codes, folds)


def _out_of_fold(model: object, X: np.ndarray, codes: np.ndarray, folds: np.ndarray) -> np.ndarray:
    from sklearn.base import clone
    from threadpoolctl import threadpool_limits

    decided = np.zeros(len(codes), dtype=np.int64)
    with threadpool_limits(limits=1):  # two on shared cores are several times slower
        for fold in range(FOLDS):
            seen = folds != fold
            decided[~seen] = clone(model).fit(X[seen], codes[seen]).predict(X[~seen])
    return decided


def _balanced(codes: np.ndarray, decided: np.ndarray) -> float:
    hits = np.bincount(codes[codes == decided], minlength=int(codes.max()) + 1)
    return float((hits / np.maximum(np.bincount(codes), 1)).mean())


def _filled(values: np.ndarray, codes: np.ndarray, dataset: Dataset, rows: np.ndarray) -> str | None:
    """Return the class that alone has values, or alone has none; None where holes tell no class."""
    known = np.isfinite(values)
    if known.all() or not known.any():
        return None
    counts = np.bincount(codes)
    share = np.bincount(codes, weights=known) / counts
    for side in (share, 1 - share):
        is_there, is_not = np.flatnonzero(side >= FILLED), np.flatnonzero(side <= 1 - FILLED)
        if len(is_there) == 1 and len(is_not) == len(side) - 1:
            return str(dataset.labels[rows[codes == is_there[0]][0]])
    return None
