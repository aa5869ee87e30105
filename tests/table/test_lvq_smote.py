"""LVQ-SMOTE: codebook, similar pairs and the row carried over, each against a plain computation."""

import itertools

import numpy as np

from augmentors.core.seeds import rng_from
from augmentors.table.lvq_smote import LvqSmote, learn_codebook, most_similar_pairs
from augmentors.testing import feature_array, numeric_table, toy_table


def test_most_similar_pairs_are_those_of_all_pairs() -> None:
    codes = np.random.default_rng(0).normal(size=(7, 3))
    found = most_similar_pairs(codes)
    for a, b in itertools.permutations(range(7), 2):
        rest = [i for i in range(7) if i not in (a, b)]
        gaps = {
            (c, d): np.linalg.norm(codes[a] - codes[b] - codes[c] + codes[d])
            for c, d in itertools.permutations(rest, 2)
        }
        assert tuple(found[a, b]) == min(gaps, key=lambda pair: gaps[pair])


def test_the_codebook_moves_to_its_class_and_away_from_others() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(0, 0.1, (100, 2)), rng.normal(4, 0.1, (100, 2))])
    own = np.arange(200) < 100
    codes = learn_codebook(np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([True, False]), points, own, rng)
    assert np.abs(codes[0]).max() < 0.35 and np.abs(codes[1] - 4).max() < 0.35
    swapped = learn_codebook(np.array([[1.0, 1.0], [3.0, 3.0]]), np.array([False, True]), points, own, rng)
    assert np.linalg.norm(swapped[0]) > np.sqrt(2), "a vector of another class is pushed away"


def test_what_sets_a_row_apart_is_carried_over() -> None:
    train = numeric_table()
    augmenter = LvqSmote().fit(train, rng_from(0))
    augmenter.prepare("rare")
    codes, _, near = augmenter._prepared["rare"].extra
    draws = augmenter._draw("rare", 200, rng_from(1))
    base = feature_array(train)[draws.parents[:, 0]]
    expected = codes[draws.values["to"]] + base - codes[draws.values["lender"]]
    assert np.allclose(augmenter._values("rare", draws).T, expected)
    assert (draws.values["to"] != draws.values["lender"]).all()
    assert all(p in near[i] for p, i in zip(draws.parents[:, 0], draws.values["lender"], strict=True))


def test_rows_near_a_vector_are_its_nearest_of_the_class() -> None:
    train = numeric_table()
    augmenter = LvqSmote(k_neighbors=3).fit(train, rng_from(0))
    augmenter.prepare("rare")
    codes, _, near = augmenter._prepared["rare"].extra
    size = feature_array(train).std(axis=0)
    own = train.positions("rare")
    for code, rows in zip(codes, near, strict=True):
        gaps = np.linalg.norm((feature_array(train)[own] - code) / size, axis=1)
        assert rows.tolist() == own[np.argsort(gaps)[:3]].tolist()


def test_fewer_samples_than_vectors_make_a_smaller_codebook() -> None:
    few = toy_table({"common": 30, "rare": 5})
    augmenter = LvqSmote().fit(few, rng_from(0))
    assert len(augmenter.augment("rare", 20, rng_from(1))) == 20
    assert len(augmenter._prepared["rare"].extra[0]) == 5
    assert "needs 4 samples" in (LvqSmote().why_not(toy_table({"common": 30, "rare": 3}), "rare") or "")


def test_how_many_different_rows_there_can_be_is_told_and_true() -> None:
    augmenter = LvqSmote(codebook=4, k_neighbors=5).fit(numeric_table(), rng_from(0))
    augmenter.prepare("rare")
    draws = augmenter._draw("rare", 20_000, rng_from(1))
    columns = (draws.parents[:, 0], draws.values["to"], draws.values["lender"])
    different = len(np.unique(np.stack(columns), axis=1).T)
    assert any(f"at most {different:,} different new rows of 'rare'" in note for note in augmenter.notes("rare"))
