"""K-means SMOTE against imbalanced-learn: same clusters kept, same sparsities, new rows inside clusters."""

import numpy as np
import pytest
from imblearn.over_sampling import KMeansSMOTE
from sklearn.base import BaseEstimator

from augmentors.core.dataset import Dataset
from augmentors.core.seeds import rng_from
from augmentors.table.kmeans_smote import KmeansSmote, sparsity
from augmentors.testing import feature_array, numeric_table, toy_table


class Given(BaseEstimator):
    """A clustering that is known beforehand."""

    def __init__(self, cluster: np.ndarray | None = None, n_clusters: int = 0) -> None:
        self.cluster, self.n_clusters = cluster, n_clusters

    def fit(self, X: np.ndarray, y: object = None) -> "Given":
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        assert self.cluster is not None
        return self.cluster

    def fit_predict(self, X: np.ndarray, y: object = None) -> np.ndarray:
        return self.predict(X)


@pytest.fixture(scope="module")
def train() -> Dataset:
    return numeric_table(400, share=0.2)


def test_clusters_and_odds_are_imbalanced_learns(train: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    augmenter = KmeansSmote(scale=False, k_neighbors=3, n_clusters=6).fit(train, rng_from(0))
    augmenter.prepare("rare")
    who = augmenter._prepared["rare"].neighbourhood
    X, y = feature_array(train), train.labels.astype(str)
    cluster = augmenter._clusters(X)
    found: list[np.ndarray] = []
    original = KMeansSMOTE._find_cluster_sparsity
    monkeypatch.setattr(
        KMeansSMOTE, "_find_cluster_sparsity", lambda self, X: found.append((X, original(self, X))) or found[-1][1]
    )
    share = float((y == "rare").mean())
    oracle = KMeansSMOTE(k_neighbors=3, kmeans_estimator=Given(cluster, 6), cluster_balance_threshold=share)
    oracle.fit_resample(X, y)
    total = sum(value for _, value in found)
    expected = {tuple(row): value / total / len(rows) for rows, value in found for row in rows}
    assert len(found) > 1, "the test needs several clusters"
    assert {tuple(row) for row in X[who.bases]} == set(expected)
    assert np.allclose(who.odds, [expected[tuple(row)] for row in X[who.bases]])


def test_both_parents_are_of_one_cluster(train: Dataset) -> None:
    augmenter = KmeansSmote(n_clusters=6).fit(train, rng_from(0))
    samples = augmenter.augment("rare", 500, rng_from(1))
    cluster = dict(zip(train.ids, augmenter._clusters(augmenter._search_points()), strict=True))
    assert all(cluster[a] == cluster[b] for a, b in samples.parents)
    assert len({cluster[a] for a in samples.parents[:, 0]}) > 1


def test_no_fitting_cluster_is_a_stated_fallback() -> None:
    samples = KmeansSmote(least_share=100.0).fit(toy_table(), rng_from(0)).augment("rare", 5, rng_from(1))
    assert any(note.startswith("No cluster holds 2 samples of 'rare'") for note in samples.notes)


def test_small_clusters_lower_the_number_of_neighbours() -> None:
    samples = KmeansSmote(k_neighbors=40).fit(toy_table(), rng_from(0)).augment("rare", 5, rng_from(1))
    assert any("too few for 40 neighbours; using" in note for note in samples.notes)


def test_sparser_is_sparser() -> None:
    points = np.random.default_rng(0).normal(size=(50, 3))
    assert sparsity(2 * points) > sparsity(points) > 0
