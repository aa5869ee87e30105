"""SMOTE-IPF: planted noise is found, dropped rows are counted and drawn again, a useless filter is not applied."""

import json

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.seeds import rng_from
from augmentors.table.smote_ipf import Partitions, SmoteIpf
from augmentors.testing import feature_array, numeric_table


@pytest.fixture(scope="module")
def train() -> Dataset:
    """Two classes far apart in one column, and six mislabelled rows in the middle of the others."""
    table = numeric_table(500, share=0.2)
    frame = table.frame.copy()
    frame.loc[table.labels == "rare", "x0"] += 12.0
    frame.loc[frame.index[table.labels == "rare"][:6], "x0"] -= 12.0
    return Dataset("table", frame, table.schema, "noisy")


def planted(train: Dataset) -> list[str]:
    return train.ids[train.positions("rare")[:6]].tolist()


def test_planted_noise_is_found_and_has_no_offspring(train: Dataset) -> None:
    samples = SmoteIpf().fit(train, rng_from(0)).augment("rare", 500, rng_from(1))
    assert not set(planted(train)) & set(samples.parents.ravel())
    assert any(note.startswith("The filter takes 6 of") and "no parents" in note for note in samples.notes)
    assert (samples.frame["x0"] > 6).all()


def test_accepted_rows_pass_every_round_and_dropped_ones_are_counted() -> None:
    train = numeric_table(500, columns=3, share=0.3)
    frame = train.frame.copy()
    # On both sides of the others, with so many neighbours that some stand on the other side.
    own = frame.index[train.labels == "rare"]
    frame.loc[own, "x0"] += np.where(np.arange(len(own)) < 40, 6.0, -6.0)
    train = Dataset("table", frame, train.schema, "both sides")
    augmenter = SmoteIpf(k_neighbors=50).fit(train, rng_from(0))
    augmenter.prepare("rare")
    partitions, points, code = augmenter._prepared["rare"].extra
    assert partitions.rounds, "the test needs a filter that is applied"
    draws = augmenter._draw("rare", 3000, rng_from(5))
    dropped = draws.values["dropped_before"]
    first, second = points[draws.parents[:, 0]], points[draws.parents[:, 1]]
    assert not partitions.judge(first + draws.values["step"][:, None] * (second - first), code).any()
    assert dropped.sum() > 0 and (dropped >= 0).all() and len(draws) == 3000
    plain = super(SmoteIpf, augmenter)._draw("rare", 3000, rng_from(5))
    first, second = points[plain.parents[:, 0]], points[plain.parents[:, 1]]
    noisy = partitions.judge(first + plain.values["step"][:, None] * (second - first), code)
    kept = np.flatnonzero(~noisy)
    assert (draws.parents[: len(kept)] == plain.parents[kept]).all()
    assert dropped[: len(kept)].tolist() == np.diff(np.cumsum(noisy)[kept], prepend=0).tolist()


def test_the_count_stands_in_the_certificate(train: Dataset) -> None:
    samples = SmoteIpf().fit(train, rng_from(0)).augment("rare", 10, rng_from(1))
    assert all(json.loads(text)["dropped_before"] >= 0 for text in samples.certificate["drawn"])


def test_a_filter_that_would_take_the_class_is_not_applied(train: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    hopeless = Partitions(rng.normal(size=(300, 2)), (rng.random(300) < 0.1).astype(int), 1, 9, rng)
    assert hopeless.rounds == [] and not hopeless.noisy.any()
    monkeypatch.setattr("augmentors.table.smote_ipf.LEAST_LEFT", 1.0)
    samples = SmoteIpf().fit(train, rng_from(0)).augment("rare", 200, rng_from(1))
    assert any("it is not applied" in note for note in samples.notes)
    assert set(planted(train)) & set(samples.parents.ravel())


def test_votes_are_the_majority_of_trees_grown_on_parts(train: Dataset) -> None:
    points, codes = feature_array(train), (train.labels == "rare").astype(int)
    partitions = Partitions(points, codes, 1, 9, np.random.default_rng(0))
    assert {len(trees) for trees in partitions.rounds} == {9}
    own = np.isin(train.ids, planted(train))
    assert partitions.noisy[own].all() and partitions.noisy.mean() < 0.1
    wrong = sum((tree.predict(points) != codes).astype(int) for tree in partitions.rounds[0])
    assert (partitions.noisy[wrong > 4.5]).all()
