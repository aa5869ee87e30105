"""Masked-token prediction on real texts."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, NotApplicable, NotFitted
from augmentors.core.job import Job
from augmentors.ingest import load, sample
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.masked_token import MaskedToken
from augmentors.selfsup.pieces import Pieces
from augmentors.selfsup.registry import load_encoder
from augmentors.selfsup.token_net import PieceHead
from augmentors.testing.texts import ARABIC, CHINESE, GERMAN

SMALL = {"start": "scratch", "steps": 6}


@pytest.fixture(scope="module")
def mails() -> Dataset:
    chosen = sample("spam")
    dataset = load(chosen.path, label=chosen.label).dataset
    return dataset.take(dataset.ids[::16])


@pytest.fixture(scope="module")
def fitted(mails: Dataset) -> Encoder:
    return MaskedToken(**SMALL).fit(mails, seed=3)


def test_the_loss_falls_from_scratch(mails: Dataset) -> None:
    losses = [loss for _, loss in MaskedToken(start="scratch", steps=24).fit(mails).history]
    assert np.mean(losses[-5:]) < 0.95 * losses[0]


def test_minilm_as_a_start(mails: Dataset, tmp_path: Path) -> None:
    from augmentors.explore.embeddings import embed_texts

    texts = mails.take(mails.ids[:24])
    encoder = MaskedToken(start="minilm", steps=5).fit(texts)
    losses = [loss for _, loss in encoder.history]
    assert np.mean(losses[-3:]) < losses[0]
    assert {name.split(".")[2] for name in encoder.weights} == {"5"}, "only the last layer was trained"
    encoder.save(tmp_path)
    few = texts.take(texts.ids[:6])
    vectors = encoder.encode(few)
    assert vectors.shape == (6, 384)
    assert np.array_equal(load_encoder(tmp_path).encode(few), vectors)
    built_in = embed_texts(few.texts)
    assert ((vectors * built_in).sum(axis=1) > 0.7).all(), "a few careful steps leave what MiniLM knows"
    assert not np.allclose(vectors, built_in, atol=1e-3), "a copy of the shared model was trained, not that one"


def test_seed_and_texts_decide_and_neither_order_nor_labels(mails: Dataset, fitted: Encoder) -> None:
    label = mails.schema.label
    mixed = mails.frame[label].to_numpy()[np.random.default_rng(0).permutation(len(mails))]
    permuted = replace(mails, frame=mails.frame.assign(**{label: mixed}))
    assert MaskedToken(**SMALL).fit(permuted.take(mails.ids[::-1]), seed=3).hash == fitted.hash
    assert MaskedToken(**SMALL).fit(mails, seed=4).hash != fitted.hash


def test_saved_and_loaded_is_the_same(mails: Dataset, fitted: Encoder, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    loaded = load_encoder(tmp_path)
    vectors = fitted.encode(mails)
    assert (loaded.hash, loaded.id) == (fitted.hash, fitted.id)
    assert np.array_equal(loaded.encode(mails), vectors)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(loaded.encode_new(mails.texts[3:6]), vectors[3:6], atol=1e-5)


@pytest.mark.parametrize("texts", [GERMAN, CHINESE, ARABIC], ids=["german", "chinese", "arabic"])
def test_other_languages_get_pieces_of_their_own(texts: tuple[str, ...]) -> None:
    pieces = Pieces.learnt(texts)
    found = pieces.of_texts(texts, 100)
    assert all(found)
    assert not any(pieces.unknown in one for one in found)
    assert Pieces.read(pieces.written()).of_texts(texts, 100) == found
    assert pieces.unknown in pieces.of_texts(["☃"], 100)[0]


def test_the_same_texts_give_the_same_pieces(mails: Dataset) -> None:
    texts = mails.texts
    assert Pieces.learnt(texts).written() == Pieces.learnt(texts[::-1]).written()


def test_a_script_that_minilm_cannot_read_is_told(mails: Dataset) -> None:
    unreadable = mails.frame.iloc[:8].assign(**{str(mails.schema.text): "🂡🂢🂣 🀀🀁 🂤"})
    encoder = MaskedToken(start="minilm", steps=1).fit(replace(mails, frame=unreadable))
    assert any("start from scratch" in note for note in encoder.notes)


def test_empty_and_odd_texts_are_encoded(fitted: Encoder) -> None:
    vectors = fitted.encode_new(["", " ", "☃", "word " * 5_000, "a\x00b"])
    assert np.isfinite(vectors).all()
    assert np.allclose(vectors[0], vectors[1], atol=1e-6)


def test_texts_without_anything_are_refused(mails: Dataset) -> None:
    empty = mails.frame.assign(**{str(mails.schema.text): " "})
    with pytest.raises(NotApplicable, match="needs 2 texts or more that are not empty"):
        MaskedToken(**SMALL).fit(replace(mails, frame=empty))


def test_scores_are_tied_to_the_embeddings_of_pieces_in_use() -> None:
    table = torch.eye(4)
    head = PieceHead(table, np.array([1, 3]), torch.Generator().manual_seed(0))
    hidden = torch.randn(5, 4, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        whole = head.norm(torch.nn.functional.gelu(head.dense(hidden)))
        assert torch.allclose(head(hidden), whole[:, [1, 3]])
    assert all(parameter.data_ptr() != table.data_ptr() for parameter in head.parameters())


def test_global_state_is_as_before(mails: Dataset) -> None:
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state())
    MaskedToken(start="scratch", steps=1).fit(mails).encode(mails.take(mails.ids[:10]))
    assert random.getstate() == before[0]
    assert np.random.get_state()[1].tolist() == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])


def test_cancelled_leaves_nothing_fitted(mails: Dataset) -> None:
    class Stops(Job):
        seen = 0

        def check(self) -> None:
            self.seen += 1
            if self.seen > 4:
                raise Cancelled("Cancelled.")

    encoder = MaskedToken(**SMALL)
    with pytest.raises(Cancelled):
        encoder.fit(mails, job=Stops())
    with pytest.raises(NotFitted):
        encoder.encode(mails)
