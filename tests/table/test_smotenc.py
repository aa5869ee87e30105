"""SMOTENC against imbalanced-learn: same distances, same numbers, same votes."""

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTENC

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table import smotenc
from augmentors.table.smotenc import Smotenc, mixed_points, votes
from augmentors.testing import numeric_table

NUMBERS, CATEGORIES = ["x0", "x1", "x2", "x3"], ["colour", "shape"]


@pytest.fixture
def train() -> Dataset:
    plain = numeric_table()
    rng = np.random.default_rng(5)
    frame = plain.frame.copy()
    frame["colour"] = pd.Series(rng.choice(["red", "blue", "green"], len(frame)), frame.index, dtype="str")
    frame["shape"] = pd.Series(rng.choice(["round", "flat"], len(frame)), frame.index, dtype="str")
    types = plain.schema.types | {"colour": "category", "shape": "category"}
    return Dataset("table", frame, Schema("label", types), "mixed")


@pytest.fixture
def oracle(train: Dataset) -> SMOTENC:
    sampler = SMOTENC(categorical_features=CATEGORIES, random_state=0)
    sampler.fit_resample(train.frame[NUMBERS + CATEGORIES], train.labels.astype(str))
    return sampler


def fitted(train: Dataset, **params: object) -> Smotenc:
    augmenter = Smotenc(scale=False, **params).fit(train, rng_from(0))
    augmenter.prepare("rare")
    return augmenter


def test_neighbours_are_imbalanced_learns(train: Dataset, oracle: SMOTENC) -> None:
    own = train.positions("rare")
    expected = oracle.nn_k_.kneighbors(oracle.nn_k_._fit_X, return_distance=False)[:, 1:]
    assert (fitted(train)._prepared["rare"].neighbourhood.neighbours == own[expected]).all()


def test_a_differing_category_counts_as_the_median_spread(train: Dataset, oracle: SMOTENC) -> None:
    own = train.positions("rare")
    X = train.frame[NUMBERS].to_numpy()[own]
    codes = np.zeros((len(own), 1), dtype=int)
    codes[0] = 1
    points = mixed_points(X, codes)
    gap = np.linalg.norm((points[0] - points[1])[4:])
    assert np.isclose(gap, oracle.median_std_["rare"])


def test_numbers_and_votes_are_imbalanced_learns(train: Dataset, oracle: SMOTENC) -> None:
    own = train.positions("rare")
    augmenter = fitted(train)
    samples = augmenter.augment("rare", 300, rng_from(1))
    drawn = pd.DataFrame([pd.io.json.ujson_loads(text) for text in samples.certificate["drawn"]])
    rows = np.searchsorted(own, train.frame.index.get_indexer(samples.parents[:, 0]))
    near = np.searchsorted(own, augmenter._prepared["rare"].neighbourhood.neighbours)
    points = oracle.nn_k_._fit_X
    step = drawn["step"].to_numpy()[:, None]
    from scipy.sparse import csr_matrix

    made = oracle._generate_samples(
        points, points, near, rows, drawn["neighbour"].to_numpy(), csr_matrix(step).toarray(), "rare"
    ).toarray()
    assert np.allclose(samples.frame[NUMBERS].to_numpy(), made[:, :4], rtol=1e-9)
    made[:, 4:] = made[:, 4:] != 0
    expected = oracle.categorical_encoder_.inverse_transform(made[:, 4:])
    for i, name in enumerate(CATEGORIES):
        around = train.frame[name].to_numpy()[own][near[rows]]
        counts = [sorted(np.unique(row, return_counts=True)[1])[::-1] for row in around.tolist()]
        clear = np.array([len(c) == 1 or c[0] > c[1] for c in counts])
        assert clear.sum() > 100
        assert (samples.frame[name].to_numpy()[clear] == expected[clear, i]).all()


def test_every_voter_is_a_parent_and_weights_sum_to_one(train: Dataset) -> None:
    samples = fitted(train).augment("rare", 50, rng_from(1))
    assert samples.parents.shape == (50, 6)
    assert (samples.weights > 0).all() or (samples.weights[:, 1:] > 0).all()
    assert np.allclose(samples.weights.sum(axis=1), 1)


def test_ties_go_to_the_nearest() -> None:
    assert votes(np.array([[3, 1, 1, 3], [5, 5, 2, 2], [0, 1, 2, 3]])).tolist() == [0, 0, 0]
    assert votes(np.array([[9, 4, 4, 1]])).tolist() == [1]


def test_many_categories_are_searched_sparse_with_the_same_result(
    train: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense = fitted(train)._prepared["rare"].neighbourhood.neighbours
    monkeypatch.setattr(smotenc, "DENSE_COLUMNS", 0)
    assert (fitted(train)._prepared["rare"].neighbourhood.neighbours == dense).all()


def test_only_numbers_or_only_categories_do_not_apply(train: Dataset) -> None:
    with pytest.raises(NotApplicable, match="at least one category"):
        Smotenc().fit(numeric_table(), rng_from(0))
    only = Dataset("table", train.frame[[*CATEGORIES, "label"]], Schema("label", {"colour": "category"}), "c")
    with pytest.raises(NotApplicable, match="numbers or dates"):
        Smotenc().fit(only, rng_from(0))
