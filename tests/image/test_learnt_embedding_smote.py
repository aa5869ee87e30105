"""SMOTE on learnt image embeddings: the learnt space decides who is a neighbour and what is near."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.explore.images import read_pixels
from augmentors.explore.neighbours import nearest
from augmentors.image.blending import mixed
from augmentors.image.learnt_embedding_smote import LearntEmbeddingSmote
from augmentors.selfsup.masked_image import MaskedImage
from augmentors.selfsup.simclr import SimClr

SMALL = {"encoder": "masked_image", "training_steps": 2}


@pytest.fixture
def eight(studio: Any) -> Any:
    studio.train = studio.dataset([studio.photo(seed=i) for i in range(8)])
    return studio


def test_parents_are_the_two_next_to_a_point_in_the_learnt_space(eight: Any) -> None:
    augmenter = LearntEmbeddingSmote(**SMALL, k_neighbors=3).fit(eight.train, rng_from("fit"))
    samples = augmenter.augment("only", 30, rng_from(0))
    known = augmenter._prepared["only"]
    vectors = augmenter._encoder.encode(eight.train).astype(np.float64)
    assert np.allclose(known.vectors, vectors, atol=1e-5)
    assert np.array_equal(known.mates, nearest(known.vectors, k=3)[1])
    place = {name: i for i, name in enumerate(eight.train.ids)}
    possible = set()
    for first in range(8):
        for second in known.mates[first]:
            for step in np.linspace(0.2, 0.8, 601):
                gaps = np.linalg.norm(vectors - ((1 - step) * vectors[first] + step * vectors[second]), axis=1)
                possible.add(tuple(np.argsort(gaps)[:2].tolist()))
    assert {(place[a], place[b]) for a, b in samples.parents} <= possible


def test_pixels_and_weights_are_those_of_embedding_smote(eight: Any) -> None:
    samples = eight.make("learnt_embedding_smote", eight.train, 4, **SMALL, method="mix", match_colours=False)
    for i in range(4):
        first, second = (read_pixels(eight.folder / name) for name in samples.parents[i])
        step = eight.told(samples, i)["step"]
        assert samples.weights[i].tolist() == [1 - step, step]
        assert np.array_equal(eight.image(samples, i), mixed(first, second, step))


@pytest.mark.parametrize(
    ("encoder", "same"),
    [
        ("masked_image", MaskedImage(steps=2)),
        ("simclr_scratch", SimClr(steps=2, start="scratch")),
        ("simclr", SimClr(steps=2, start="imagenet")),
    ],
)
def test_the_encoder_is_the_one_named(eight: Any, encoder: str, same: Any) -> None:
    fitted = LearntEmbeddingSmote(encoder=encoder, training_steps=2).fit(eight.train, rng_from("fit"))
    seed = int(np.random.default_rng(fitted._fit_seed).integers(2**31))
    assert same.fit(eight.train, seed).hash == fitted.weights_hash()


def test_saved_and_loaded_makes_the_same_images(eight: Any, tmp_path: Path) -> None:
    fitted = LearntEmbeddingSmote(**SMALL).fit(eight.train, rng_from("fit"))
    fitted.save(tmp_path / "kept")
    loaded = LearntEmbeddingSmote.load(tmp_path / "kept", eight.train)
    assert loaded.weights_hash() == fitted.weights_hash()
    first, second = (one.augment("only", 4, rng_from(1)) for one in (fitted, loaded))
    assert np.array_equal(first.parents, second.parents)
    assert all(np.array_equal(a, b) for a, b in zip(first.images or [], second.images or [], strict=True))
    assert first.notes == second.notes
    assert any("8 training images without their labels" in note for note in first.notes)


def test_a_preview_trains_a_few_steps_and_says_how_much_longer_it_takes() -> None:
    short, longer = LearntEmbeddingSmote(training_steps=60, least_share=0.3).preview_version()
    assert (short.params.training_steps, short.params.least_share, longer) == (5, 0.3, 12.0)


def test_one_image_is_not_enough(studio: Any) -> None:
    with pytest.raises(NotApplicable, match="learns from 2 images or more; there are 1"):
        studio.make("learnt_embedding_smote", studio.dataset([studio.photo()]))
