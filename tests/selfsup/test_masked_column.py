"""Masked-column prediction on real tables."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, NotApplicable, NotFitted
from augmentors.core.job import Job
from augmentors.ingest import load, sample
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.masked_column import MaskedColumn
from augmentors.selfsup.registry import load_encoder
from augmentors.testing import toy_table
from augmentors.testing.toys import odd_table

SMALL = {"steps": 60, "width": 16, "depth": 1}


@pytest.fixture(scope="module")
def loans() -> Dataset:
    chosen = sample("lending")
    dataset = load(chosen.path, label=chosen.label).dataset
    return dataset.take(dataset.ids[::8])


@pytest.fixture(scope="module")
def fitted(loans: Dataset) -> Encoder:
    return MaskedColumn(**SMALL).fit(loans, seed=3)


@pytest.mark.parametrize("name", ["lending", "page_blocks", "tiny"])
def test_the_loss_falls_on_real_tables(name: str) -> None:
    chosen = sample(name)
    dataset = load(chosen.path, label=chosen.label).dataset
    losses = [loss for _, loss in MaskedColumn(steps=150, width=32).fit(dataset).history]
    assert np.mean(losses[-20:]) < 0.85 * losses[0]


def test_seed_and_rows_decide_and_neither_order_nor_labels(loans: Dataset, fitted: Encoder) -> None:
    assert MaskedColumn(**SMALL).fit(loans.take(loans.ids[::-1]), seed=3).hash == fitted.hash
    assert MaskedColumn(**SMALL).fit(loans, seed=4).hash != fitted.hash
    label = loans.schema.label
    mixed = loans.frame[label].to_numpy()[np.random.default_rng(0).permutation(len(loans))]
    permuted = replace(loans, frame=loans.frame.assign(**{label: mixed}))
    assert MaskedColumn(**SMALL).fit(permuted, seed=3).hash == fitted.hash
    assert np.array_equal(fitted.encode(permuted), fitted.encode(loans))


def test_saved_and_loaded_is_the_same(loans: Dataset, fitted: Encoder, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    loaded = load_encoder(tmp_path)
    vectors = fitted.encode(loans)
    assert (loaded.hash, loaded.id) == (fitted.hash, fitted.id)
    assert vectors.shape == (len(loans), 16) and vectors.dtype == np.float32
    assert np.array_equal(loaded.encode(loans), vectors)
    assert np.allclose(loaded.encode_new(loans.frame.iloc[5:9]), vectors[5:9], atol=1e-5)


def test_rows_not_trained_on_change_nothing_and_are_encoded(loans: Dataset) -> None:
    train, rest = loans.take(loans.ids[:400]), loans.take(loans.ids[400:])
    before = MaskedColumn(**SMALL).fit(train)
    vectors = before.encode(rest)
    assert np.isfinite(vectors).all() and len(np.unique(vectors, axis=0)) > len(rest) / 2
    odd = rest.frame.assign(**{name: "never seen" for name in rest.schema.features("category")[:1]})
    assert np.isfinite(before.encode(replace(rest, frame=odd))).all()
    assert MaskedColumn(**SMALL).fit(train).hash == before.hash


def test_groups_subjects_and_ignored_columns_are_not_looked_at(loans: Dataset) -> None:
    rng = np.random.default_rng(0)
    subject = pd.Series([f"p{i // 3}" for i in range(len(loans))], index=loans.frame.index, dtype="str")
    names = {"patient_id": subject, "clinic": subject, "carried": rng.normal(size=len(loans))}
    types = loans.schema.types | {"patient_id": "category", "clinic": "category", "carried": "ignored"}
    schema = replace(loans.schema, types=types, group="clinic")
    one = replace(loans, frame=loans.frame.assign(**names), schema=schema, fingerprint="with subjects")
    encoder = MaskedColumn(**SMALL).fit(one)
    assert set(encoder.facts["numbers"]) | set(encoder.facts["values"]) == set(loans.schema.features())
    assert any("'patient_id'" in note for note in encoder.notes)


@pytest.mark.parametrize("data", [toy_table(missing=True), odd_table()], ids=["missing", "odd"])
def test_strange_tables(data: Dataset) -> None:
    encoder = MaskedColumn(**SMALL).fit(data)
    assert np.isfinite(encoder.encode(data)).all()
    assert any("free text" in note for note in encoder.notes)


def test_one_column_is_refused(loans: Dataset) -> None:
    schema = replace(loans.schema, types={"amount": "number"})
    with pytest.raises(NotApplicable, match=r"needs 2 or more of numbers.*has 1"):
        MaskedColumn(**SMALL).fit(replace(loans, schema=schema))


def test_global_state_is_as_before(loans: Dataset) -> None:
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state())
    MaskedColumn(steps=2, width=8).fit(loans).encode(loans)
    assert random.getstate() == before[0]
    assert np.random.get_state()[1].tolist() == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])


def test_cancelled_leaves_nothing_fitted(loans: Dataset) -> None:
    class Stops(Job):
        seen = 0

        def check(self) -> None:
            self.seen += 1
            if self.seen > 20:
                raise Cancelled("Cancelled.")

    encoder = MaskedColumn(**SMALL)
    with pytest.raises(Cancelled):
        encoder.fit(loans, job=Stops())
    with pytest.raises(NotFitted):
        encoder.encode(loans)
