"""SMOTENC: SMOTE for tables that mix numbers with categories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from augmentors.core.augmenter import Card
from augmentors.core.dataset import ColumnType, Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.table.interpolating import (
    InterpolatingAugmenter,
    InterpolatingParams,
    Neighbourhood,
    PreparedPairs,
)
from augmentors.table.measured import between
from augmentors.table.nearest_rows import nearest_others
from augmentors.table.repair import repaired

CATEGORICAL: tuple[ColumnType, ...] = ("boolean", "category")
# Beyond this many columns the one-hot part is kept sparse.
DENSE_COLUMNS = 256


def mixed_points(measured: np.ndarray, codes: np.ndarray) -> Any:
    """Return points whose distances count a differing category as the median standard deviation.

    Parameters
    ----------
    measured : ndarray of float64, shape (n, m)
    codes : ndarray of int64, shape (n, c)
        Category of each row and column, numbered from 0.

    Returns
    -------
    ndarray or CSR matrix of float64, shape (n, m + categories)

    Examples
    --------
    >>> mixed_points(np.array([[0.0], [2.0]]), np.array([[0], [1]])).round(3).tolist()
    [[0.0, 0.707, 0.0], [2.0, 0.0, 0.707]]
    """
    from scipy.sparse import csr_matrix, hstack

    # Two differing rows differ in two one-hot places, hence the square root of 2.
    weight = np.median(measured.std(axis=0)) / np.sqrt(2)
    n, c = codes.shape
    starts = np.concatenate([[0], np.cumsum(codes.max(axis=0) + 1)])
    places = (codes + starts[:-1]).ravel()
    one_hot = csr_matrix((np.full(n * c, weight), places, np.arange(0, n * c + 1, c)), shape=(n, int(starts[-1])))
    if one_hot.shape[1] <= DENSE_COLUMNS:
        return np.hstack([measured, one_hot.toarray()])
    return hstack([csr_matrix(measured), one_hot], format="csr")


def category_codes(train: Dataset, rows: np.ndarray) -> np.ndarray:
    """Return the categories of some rows as numbers, shape (rows, columns); missing is one of them."""
    names = train.schema.features(*CATEGORICAL)
    coded = [pd.factorize(train.frame[name].array.take(rows), use_na_sentinel=False)[0] for name in names]
    return np.stack(coded, axis=1).astype(np.int64) if coded else np.empty((len(rows), 0), np.int64)


def with_categories(points: np.ndarray, train: Dataset, rows: np.ndarray | None = None) -> Any:
    """Return points of some rows (all when None) with their categories; see `mixed_points`. As they are without any."""
    if not train.schema.features(*CATEGORICAL):
        return points
    return mixed_points(points, category_codes(train, np.arange(len(train)) if rows is None else rows))


def votes(codes: np.ndarray) -> np.ndarray:
    """Return the rank of the first neighbour that holds the most frequent category.

    Parameters
    ----------
    codes : ndarray of int64, shape (n, k)
        Category of each of k neighbours, nearest first; in a tie the nearest wins.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> votes(np.array([[7, 2, 2], [1, 2, 3]])).tolist()
    [1, 0]
    """
    counts = np.zeros(codes.shape, dtype=np.int64)
    for rank in range(codes.shape[1]):
        counts += codes == codes[:, rank : rank + 1]
    return counts.argmax(axis=1)


class Smotenc(InterpolatingAugmenter):
    """Interpolate numbers as SMOTE does, and let the neighbours vote on each category.

    All neighbours of the first parent vote, so all are parents: numbers and
    categories share the weight by their number of columns, the voters share
    theirs equally. imbalanced-learn breaks ties of a vote at random; here the
    nearest neighbour decides.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> Smotenc().fit(toy_table(), rng).augment("rare", 3, rng).parents.shape
    (3, 6)
    """

    card = Card(
        key="smotenc",
        title="SMOTENC",
        kind="table",
        family="oversampling",
        summary="SMOTE for mixed tables: numbers lie between two rows, categories are voted by the neighbours.",
        avoid="Avoid when categories have very many values: the vote then favours the frequent ones.",
        references=("Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16, section 6.1.",),
        aliases=("SMOTE-NC",),
    )

    class Params(InterpolatingParams):
        pass

    category_rule = "voted by the neighbours of the first parent (a missing value counts as a category)"

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        if not train.schema.features(*CATEGORICAL):
            raise NotApplicable(
                "SMOTENC needs at least one category or yes/no column; this table has none.", "Use SMOTE instead."
            )

    def _neighbourhood(self, target: str) -> Neighbourhood:
        own = self.train.positions(target)
        k = self._at_most(target, self.params.k_neighbors, len(own) - 1)
        points = mixed_points(self._search_points(own), self._codes(own))
        return Neighbourhood(own, own[nearest_others(points, np.arange(len(own)), k)])

    def _prepare(self, target: str) -> PreparedPairs:
        """Add, per category column, the row whose value wins the vote around each base."""
        ready = super()._prepare(target)
        who = ready.neighbourhood
        codes = self._codes(who.bases)
        within = np.searchsorted(who.bases, who.neighbours)
        every = np.arange(len(who.bases))
        winners = [who.neighbours[every, votes(codes[within, c])] for c in range(codes.shape[1])]
        return replace(ready, extra=winners)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        who: Neighbourhood = self._prepared[target].neighbourhood
        base, rank = who.pick(n, rng)
        step = rng.random(n)
        parents = np.concatenate([who.bases[base][:, None], who.neighbours[base]], axis=1)
        return Draws(parents, self._weights(step, rank, parents.shape[1] - 1), {"neighbour": rank, "step": step})

    def _weights(self, step: np.ndarray, rank: np.ndarray, k: int) -> np.ndarray:
        schema = self.train.schema
        voted = len(schema.features(*CATEGORICAL))
        share = voted / (voted + len(schema.features("number", "integer", "date")))
        weights = np.full((len(step), k + 1), share / k)
        weights[:, 0] = (1 - share) * (1 - step)
        weights[np.arange(len(step)), rank + 1] += (1 - share) * step
        return weights

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        ready: PreparedPairs = self._ready(target)
        base = draws.parents[:, 0]
        columns = self._measured_columns(target, draws)
        job.check()
        place = np.searchsorted(ready.neighbourhood.bases, base)
        for name, winner in zip(self.train.schema.features(*CATEGORICAL), ready.extra, strict=True):
            columns[name] = pd.Series(self.train.frame[name].array.take(winner[place]))
        columns |= self._copied_columns(("text",), base)
        return Made(pd.DataFrame(repaired(columns, base, self.train), copy=False))

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        other = draws.parents[np.arange(len(draws)), draws.values["neighbour"] + 1]
        return between(ready.at(draws.parents[:, 0]), ready.at(other), draws.values["step"])

    def _codes(self, rows: np.ndarray) -> np.ndarray:
        """Return the categories of some rows as numbers, shape (rows, columns); missing is one of them."""
        return category_codes(self.train, rows)
