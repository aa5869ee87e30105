"""SMOTE against imbalanced-learn: same neighbours; same parents and step, same row."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from sklearn.neighbors import NearestNeighbors

from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.smote import Smote
from augmentors.testing import feature_array, numeric_table, toy_table


@pytest.mark.parametrize("columns", [4, 20])
def test_neighbours_are_imbalanced_learns(columns: int) -> None:
    train = numeric_table(columns=columns)
    own = train.positions("rare")
    X = feature_array(train)[own]
    expected = NearestNeighbors(n_neighbors=6).fit(X).kneighbors(X, return_distance=False)[:, 1:]
    augmenter = Smote(scale=False).fit(train, rng_from(0))
    augmenter.prepare("rare")
    assert (augmenter._prepared["rare"].neighbourhood.neighbours == own[expected]).all()


def test_same_parents_and_step_give_the_same_row() -> None:
    train = numeric_table()
    samples = Smote(scale=False).fit(train, rng_from(0)).augment("rare", 200, rng_from(1))
    base, other = (train.frame.index.get_indexer(samples.parents[:, i]) for i in (0, 1))
    X = feature_array(train)
    everyone = np.tile(np.arange(len(X)), (len(X), 1))
    expected = SMOTE()._generate_samples(X, X, everyone, base, other, samples.weights[:, 1:])
    assert np.allclose(samples.frame[train.schema.features()].to_numpy(), expected, rtol=1e-12, atol=0)


def test_parents_are_of_the_class_and_drawn_alike() -> None:
    train = numeric_table()
    own = train.positions("rare")
    samples = Smote().fit(train, rng_from(0)).augment("rare", 6000, rng_from(1))
    assert set(samples.parents.ravel()) <= set(train.ids[own])
    counts = np.unique(samples.parents[:, 0], return_counts=True)[1]
    expected = 6000 / len(own)
    assert len(counts) == len(own)
    assert np.abs(counts - expected).max() < 5 * np.sqrt(expected)


def test_scaling_changes_who_is_near() -> None:
    train = numeric_table()
    near = []
    for scale in (True, False):
        augmenter = Smote(scale=scale).fit(train, rng_from(0))
        augmenter.prepare("rare")
        near.append(augmenter._prepared["rare"].neighbourhood.neighbours)
    assert (near[0] != near[1]).any()


def test_too_few_samples_are_said() -> None:
    train = toy_table({"common": 40, "rare": 4})
    samples = Smote(k_neighbors=15).fit(train, rng_from(0)).augment("rare", 3, rng_from(1))
    assert "4 real samples of 'rare' are too few for 15 neighbours; using 3." in samples.notes
    alone = toy_table({"common": 40, "rust": 1})
    with pytest.raises(NotApplicable, match="SMOTE needs 2 samples of a class; 'rust' has 1"):
        Smote().fit(alone, rng_from(0)).augment("rust", 3, rng_from(1))
