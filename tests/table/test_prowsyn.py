"""ProWSyn: levels worked out by hand, weights as in the paper, partners of the same level."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from augmentors.core.dataset import Dataset
from augmentors.core.seeds import rng_from
from augmentors.table.prowsyn import Prowsyn, proximity_levels
from augmentors.testing import feature_array, numeric_table


def apart() -> Dataset:
    """Classes that touch, so that several levels lie behind each other."""
    table = numeric_table(400)
    frame = table.frame.copy()
    frame.loc[table.labels == "rare", "x0"] += 8.0
    return Dataset("table", frame, table.schema, "apart")


def test_levels_by_hand() -> None:
    # The others stand at 0 and 10; each takes its nearest row of the class, then that is taken away.
    points = np.array([[1.0], [2.0], [3.0], [8.0], [9.5], [5.0]])
    others = np.array([[0.0], [10.0]])
    assert proximity_levels(points, others, 1, 5).tolist() == [1, 2, 3, 2, 1, 3]
    assert proximity_levels(points, others, 1, 2).tolist() == [1, 2, 2, 2, 1, 2]
    assert proximity_levels(points, others, 3, 5).tolist() == [1, 1, 1, 1, 1, 1]
    assert proximity_levels(points, others, 1, 1).tolist() == [1] * 6


def test_levels_are_those_of_a_plain_search() -> None:
    train = apart()
    X, own = feature_array(train), train.labels == "rare"
    left, expected = np.flatnonzero(own), np.full(len(X), 4)
    for level in range(1, 4):
        search = NearestNeighbors(n_neighbors=1).fit(X[left])
        near = np.unique(search.kneighbors(X[~own], return_distance=False))
        expected[left[near]] = level
        left = np.delete(left, near)
    assert len(set(expected[own])) == 4, "the test needs all levels"
    assert (proximity_levels(X[own], X[~own], 1, 4) == expected[own]).all()


@pytest.mark.parametrize("theta", [0.0, 1.0])
def test_a_row_is_chosen_as_its_level_weighs_and_meets_its_level(theta: float) -> None:
    train = apart()
    own = train.positions("rare")
    augmenter = Prowsyn(k_neighbors=1, levels=3, theta=theta, scale=False).fit(train, rng_from(0))
    samples = augmenter.augment("rare", 20_000, rng_from(1))
    X = feature_array(train)
    others = X[train.labels != "rare"]
    level = dict(zip(train.ids[own], proximity_levels(X[own], others, 1, 3), strict=True))
    assert all(level[a] == level[b] and a != b for a, b in samples.parents)
    odds = np.exp(-theta * (np.array(list(level.values())) - 1))
    made = np.array([(samples.parents[:, 0] == name).mean() for name in level])
    assert np.abs(made - odds / odds.sum()).max() < 0.01
    partners = np.array([(samples.parents[:, 1] == name).sum() for name in level])
    assert (partners > 0).all()


def test_a_row_alone_in_its_level_meets_its_nearest() -> None:
    train = numeric_table(60, share=0.1)
    samples = Prowsyn(k_neighbors=1, levels=20).fit(train, rng_from(0)).augment("rare", 500, rng_from(1))
    assert (samples.parents[:, 0] != samples.parents[:, 1]).all()
