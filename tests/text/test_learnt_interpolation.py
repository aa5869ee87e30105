"""SMOTE of learnt text embeddings: the learnt space decides who is a neighbour and what is near."""

import json
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.seeds import rng_from
from augmentors.selfsup.masked_token import MaskedToken
from augmentors.testing import toy_text
from augmentors.text.embedding_interpolation import nearest_others
from augmentors.text.learnt_interpolation import LearntInterpolation

SMALL = {"start": "scratch", "training_steps": 3}


@pytest.fixture(scope="module")
def fitted() -> LearntInterpolation:
    return LearntInterpolation(**SMALL, k_neighbors=2).fit(toy_text(), rng_from(0))


def test_second_parents_are_neighbours_in_the_learnt_space(fitted: LearntInterpolation) -> None:
    train = fitted.train
    samples = fitted.augment("rare", 40, rng_from(1))
    positions, vectors, near = fitted._prepared["rare"]
    texts = [train.texts[i] for i in positions]
    assert np.allclose(vectors, fitted._encoder.encode_new(texts), atol=1e-5)
    names = np.unique(np.array(texts, dtype=str), return_inverse=True)[1]
    assert np.array_equal(near, nearest_others(vectors, names, 2))
    place = {name: i for i, name in enumerate(train.ids[positions])}
    assert all(place[b] in near[place[a]] for a, b in samples.parents[:, :2])


def test_accepted_texts_lie_nearer_to_the_point_than_either_parent(fitted: LearntInterpolation) -> None:
    samples = fitted.augment("rare", 12, rng_from(1))
    text = dict(zip(fitted.train.ids, fitted.train.texts, strict=True))
    for i, new in enumerate(samples.frame[fitted.train.schema.text]):
        drawn = json.loads(samples.certificate["drawn"].iloc[i])
        if not drawn["accepted"]:
            continue
        one, two = fitted._encoder.encode_new([text[name] for name in samples.parents[i, :2]])
        share = samples.weights[i, 1]
        point = (1 - share) * one + share * two
        made = fitted._encoder.encode_new([new])[0]
        length = np.linalg.norm(point)
        assert made @ point / length > max(one @ point, two @ point) / length - 1e-4


def test_saved_and_loaded_makes_the_same_texts(fitted: LearntInterpolation, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    loaded = LearntInterpolation.load(tmp_path, fitted.train)
    assert loaded.weights_hash() == fitted.weights_hash()
    first, second = (one.augment("rare", 8, rng_from(2)) for one in (fitted, loaded))
    assert first.frame.equals(second.frame)
    assert first.notes == second.notes
    assert any("without their labels" in note for note in first.notes)


def test_the_encoder_is_that_of_masked_token_prediction(fitted: LearntInterpolation) -> None:
    seed = int(np.random.default_rng(fitted._fit_seed).integers(2**31))
    assert MaskedToken(start="scratch", steps=3).fit(toy_text(), seed).hash == fitted.weights_hash()
