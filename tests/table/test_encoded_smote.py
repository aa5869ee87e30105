"""SMOTE on learnt embeddings: neighbours in the learnt space, rows between them in the table's own columns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.ingest import load, sample
from augmentors.table.encoded_smote import EncodedSmote
from augmentors.testing import feature_array, numeric_table
from augmentors.testing.toys import toy_table


@pytest.fixture(scope="module")
def pages() -> Dataset:
    chosen = sample("page_blocks")
    dataset = load(chosen.path, label=chosen.label).dataset
    return dataset.take(np.concatenate([dataset.ids[dataset.positions(name)[:80]] for name in dataset.class_counts]))


def test_second_parents_are_the_nearest_in_the_learnt_space(pages: Dataset) -> None:
    augmenter = EncodedSmote(steps=60, k_neighbors=3).fit(pages, rng_from(0))
    samples = augmenter.augment("graphic", 300, rng_from(1))
    own = pages.positions("graphic")
    vectors = np.round(augmenter._encoder.encode_new(pages.frame.iloc[own]).astype(np.float64), 4)
    distances = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    ids = pages.ids[own].tolist()
    limit = np.sort(distances, axis=1)[:, 2]
    pairs = {(ids.index(a), ids.index(b)) for a, b in samples.parents}
    assert all(distances[a, b] <= limit[a] + 1e-9 for a, b in pairs)
    assert len({a for a, _ in pairs}) > 20


def test_rows_lie_between_their_parents_by_the_weight() -> None:
    train = numeric_table()
    samples = EncodedSmote(steps=20).fit(train, rng_from(0)).augment("rare", 100, rng_from(1))
    first, second = (feature_array(train.take(samples.parents[:, i])) for i in (0, 1))
    expected = first + samples.weights[:, 1:] * (second - first)
    assert np.allclose(samples.frame[train.schema.features()].to_numpy(), expected)
    assert set(train.take(samples.parents.ravel()).labels) == {"rare"}


def test_the_learnt_space_is_not_that_of_the_columns(pages: Dataset) -> None:
    from augmentors.table.smote import Smote

    pairs = []
    for augmenter in (EncodedSmote(steps=60), Smote()):
        samples = augmenter.fit(pages, rng_from(0)).augment("picture", 400, rng_from(1))
        pairs.append({tuple(row) for row in samples.parents})
    assert len(pairs[0] & pairs[1]) < 0.9 * len(pairs[0])


def test_labels_other_than_the_target_do_not_change_the_encoder(pages: Dataset) -> None:
    from dataclasses import replace

    other = pages.frame.assign(block=np.where(pages.labels == "graphic", "graphic", "other"))
    mixed = replace(pages, frame=other)
    one, two = (EncodedSmote(steps=10).fit(data, rng_from(0)) for data in (pages, mixed))
    assert one.weights_hash() == two.weights_hash()
    first, second = (augmenter.augment("graphic", 20, rng_from(1)) for augmenter in (one, two))
    assert np.array_equal(first.parents, second.parents)


def test_saved_and_loaded_makes_the_same_rows(tmp_path: Path) -> None:
    train = toy_table(missing=True)
    augmenter = EncodedSmote(steps=10).fit(train, rng_from(0))
    augmenter.save(tmp_path)
    loaded = EncodedSmote.load(tmp_path, train)
    assert loaded.weights_hash() == augmenter.weights_hash()
    first, second = (one.augment("rare", 30, rng_from(1)) for one in (augmenter, loaded))
    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert first.notes == second.notes
    assert any("without their labels" in note for note in first.notes)


def test_one_column_is_refused() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": ["a", "a", "b"]}, index=["0", "1", "2"])
    with pytest.raises(NotApplicable, match="needs 2 or more; this table has 1"):
        EncodedSmote().fit(Dataset("table", frame, Schema("y", {"x": "number"}), "one column"), rng_from(0))
