"""SMOTEN: new rows of categories, each voted by a row and its nearest rows of the class."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.table.double_precision import first_of_each
from augmentors.table.repair import repaired, rules_note
from augmentors.table.smotenc import CATEGORICAL, votes
from augmentors.table.table_augmenter import TableAugmenter, listed

ROWS_AT_ONCE = 64


def shares_by_category(codes: np.ndarray, classes: np.ndarray) -> list[np.ndarray]:
    """Return, per column, how the rows of each category spread over the classes.

    Two categories are as far apart as these shares differ: the value
    difference metric.

    Parameters
    ----------
    codes : ndarray of int64, shape (n, c)
    classes : ndarray of int64, shape (n,)

    Returns
    -------
    list of ndarray of float64, shape (categories, classes)

    Examples
    --------
    >>> shares_by_category(np.array([[0], [0], [1]]), np.array([0, 1, 1]))[0].tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    n_classes = int(classes.max()) + 1
    shares = []
    for own in codes.T:
        counts = np.bincount(own * n_classes + classes, minlength=(int(own.max()) + 1) * n_classes)
        table = counts.reshape(-1, n_classes)
        shares.append(table / table.sum(axis=1, keepdims=True))
    return shares


def category_distances(one: np.ndarray, other: np.ndarray, shares: list[np.ndarray]) -> np.ndarray:
    """Return the distances between rows of categories: per column the summed difference of shares, squared, added.

    Parameters
    ----------
    one : ndarray of int64, shape (n, c)
    other : ndarray of int64, shape (m, c)
    shares : list of ndarray
        What `shares_by_category` returns.

    Returns
    -------
    ndarray of float64, shape (n, m)

    Examples
    --------
    >>> shares = [np.array([[0.5, 0.5], [0.0, 1.0]])]
    >>> category_distances(np.array([[0]]), np.array([[0], [1]]), shares).tolist()
    [[0.0, 1.0]]
    """
    total = np.zeros((len(one), len(other)))
    for i, share in enumerate(shares):
        known, place = np.unique(other[:, i], return_inverse=True)
        apart = np.abs(share[one[:, i]][:, None] - share[known][None]).sum(axis=2)
        total += (apart**2)[:, place]
    return total


def nearest_by_category(codes: np.ndarray, shares: list[np.ndarray], count: int) -> np.ndarray:
    """Return the `count` nearest rows of each row, itself first among equals with it, ties by position."""
    different, group = np.unique(codes, axis=0, return_inverse=True)
    near = []
    for start in range(0, len(different), ROWS_AT_ONCE):
        distance = category_distances(different[start : start + ROWS_AT_ONCE], different, shares)[:, group]
        bound = np.partition(distance, count - 1, axis=1)[:, count - 1]
        owner, row = np.nonzero(distance <= bound[:, None])
        near.append(first_of_each(owner, distance[owner, row], row, count))
    found = np.concatenate(near)[group]
    every = np.arange(len(codes))
    # A row votes for itself: where its equals have taken all places, it takes the last of theirs.
    found[~(found == every[:, None]).any(axis=1), -1] = every[~(found == every[:, None]).any(axis=1)]
    return found


class Smoten(TableAugmenter):
    """Let a row and its nearest rows of the class vote on each category.

    Near are rows whose categories occur alike in all classes (value
    difference metric). All voters are parents and share the weight.
    imbalanced-learn takes the first category by name when a vote is tied;
    here the nearest row decides. Numbers, dates and texts come from the row itself.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> Smoten().fit(toy_table(), rng).augment("rare", 3, rng).parents.shape
    (3, 6)
    """

    card = Card(
        key="smoten",
        title="SMOTEN",
        kind="table",
        family="oversampling",
        summary="SMOTE for tables of categories: a row and its nearest rows of the class vote on every column.",
        avoid="Avoid when numbers matter (use SMOTENC): they are copied; each row gives only one different new row "
        "unless some voters are drawn.",
        references=("Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16, section 6.2.",),
        aliases=("SMOTE-N",),
    )

    class Params(BaseParams):
        k_neighbors: int = Field(
            5,
            ge=1,
            le=50,
            title="Neighbours",
            description="How many nearest rows of the class vote beside the row itself.",
            json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}},
        )
        voters: Literal["all", "some"] = Field(
            "all",
            title="Who votes",
            description="All neighbours, as in the paper: a row gives one new row, however often it is drawn. Some: a "
            "drawn half of them, so that it gives several.",
            json_schema_extra={"tune": {}},
            # Left out unless chosen, so that seeds of plans without it stay as they were.
            exclude_if=lambda voters: voters == "all",
        )

    params: Params

    def _applies_to_data(self, train: Dataset) -> None:
        if not train.schema.features(*CATEGORICAL):
            raise NotApplicable(
                "SMOTEN needs at least one category or yes/no column; this table has none.", "Use SMOTE instead."
            )

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = train.class_counts.get(target, 0)
        if count < 2:
            raise NotApplicable(f"SMOTEN needs 2 samples of a class; '{target}' has {count}.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        rest = [name for name in train.schema.features() if train.schema.types[name] not in CATEGORICAL]
        if rest:
            self._note("", f"{listed(rest)}: not categories, copied from the first parent.")
        if any(train.frame[name].hasnans for name in train.schema.features(*CATEGORICAL)):
            self._note("", "A missing value of a category votes like any other.")
        for note in (*self._subjects_note(), *self._empty_note(train), rules_note(train)):
            if note:
                self._note("", note)

    def _prepare(self, target: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the voters of each row of the class, itself first, and their categories, shape (n, k + 1, columns)."""
        train = self.train
        own = train.positions(target)
        names = train.schema.features(*CATEGORICAL)
        coded = [pd.factorize(train.frame[name], use_na_sentinel=False)[0] for name in names]
        codes = np.stack(coded, axis=1).astype(np.int64)
        shares = shares_by_category(codes, pd.factorize(train.labels.astype(str), sort=True)[0])
        k = min(self.params.k_neighbors, len(own) - 1)
        if k < self.params.k_neighbors:
            wanted = self.params.k_neighbors
            self._note(target, f"{k + 1} real samples of '{target}' are too few for {wanted} neighbours; using {k}.")
        if self.params.voters == "all":
            self._note(
                target,
                f"SMOTEN gives at most {len(own):,} different new rows of '{target}', one for each real one; with "
                "'voters' set to 'some' it gives more.",
            )
        near = nearest_by_category(codes[own], shares, k + 1)
        every = np.arange(len(own))
        # The row itself first, its neighbours after it in their order.
        near = np.take_along_axis(near, np.argsort(near != every[:, None], axis=1, kind="stable"), axis=1)
        return own[near], codes[own][near]

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        voters, _ = self._prepared[target]
        rows = rng.integers(0, len(voters), n)
        if self.params.voters == "some":
            neighbours = voters.shape[1] - 1
            some = np.argsort(rng.random((n, neighbours)), axis=1)[:, : -(-neighbours // 2)]
            ranks = np.column_stack([np.zeros(n, np.int64), 1 + np.sort(some, axis=1)])
        else:
            ranks = np.broadcast_to(np.arange(voters.shape[1]), (n, voters.shape[1]))
        parents = np.take_along_axis(voters[rows], ranks, axis=1)
        return Draws(parents, np.full(parents.shape, 1 / parents.shape[1]), {"_ranks": ranks})

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        train = self.train
        voters, codes = self._prepared[target]
        base = draws.parents[:, 0]
        votes_cast = np.take_along_axis(
            codes[np.searchsorted(voters[:, 0], base)], draws.values["_ranks"][:, :, None], axis=1
        )
        job.check()
        columns = {}
        for name in train.schema.features():
            columns[name] = pd.Series(train.frame[name].array.take(base))
        every = np.arange(len(draws))
        for i, name in enumerate(train.schema.features(*CATEGORICAL)):
            winners = draws.parents[every, votes(votes_cast[:, :, i])]
            columns[name] = pd.Series(train.frame[name].array.take(winners))
        return Made(pd.DataFrame(repaired(columns, base, train), copy=False))
