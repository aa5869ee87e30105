"""Embedding SMOTE: neighbours in embedding space, two named parents, the blend that the certificate says."""

from typing import Any

import numpy as np
import pytest

from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.explore.embeddings import embed
from augmentors.explore.images import read_pixels
from augmentors.image.blending import mixed
from augmentors.image.embedding_smote import EmbeddingSmote


@pytest.fixture
def six(studio: Any) -> Any:
    studio.train = studio.dataset([studio.photo(seed=i) for i in range(6)])
    return studio


def test_parents_and_weight_are_those_of_the_pixels(six: Any) -> None:
    samples = six.make("embedding_smote", six.train, 8, method="mix", match_colours=False)
    assert samples.parents.shape == (8, 2)
    for i in range(8):
        first, second = (read_pixels(six.folder / name) for name in samples.parents[i])
        step = six.told(samples, i)["step"]
        assert samples.weights[i].tolist() == [1 - step, step]
        assert 0.2 <= step <= 0.8
        assert np.array_equal(six.image(samples, i), mixed(first, second, step))


def test_parents_are_next_to_a_point_between_neighbours(six: Any) -> None:
    samples = six.make("embedding_smote", six.train, 30, k_neighbors=1)
    vectors = dict(zip(six.train.ids, embed(six.train).astype(float), strict=True))
    for first, second in samples.parents:
        gap = np.linalg.norm(vectors[first] - vectors[second])
        own = [np.linalg.norm(vectors[first] - v) for name, v in vectors.items() if name != first]
        back = [np.linalg.norm(vectors[second] - v) for name, v in vectors.items() if name != second]
        # One is the other's nearest, or both are near a point between two such.
        assert gap <= 2 * max(min(own), min(back))


def test_style_keeps_the_shape_of_the_nearer_image(studio: Any) -> None:
    dark = np.zeros((30, 30), np.uint8)
    dark[5:15, 5:15] = 90
    light = np.full((30, 30), 120, np.uint8)
    light[12:28, 12:28] = 250
    train = studio.dataset([dark, light])
    samples = studio.make("embedding_smote", train, 4, method="style")
    for i in range(4):
        first, second = (read_pixels(studio.folder / name).astype(float) for name in samples.parents[i])
        made, step = studio.image(samples, i).astype(float), studio.told(samples, i)["step"]
        assert step <= 0.5  # the nearer one comes first
        assert abs(made.mean() - ((1 - step) * first.mean() + step * second.mean())) < 3
        assert np.corrcoef(made.ravel(), first.ravel())[0, 1] > 0.95


def test_one_image_is_not_enough_and_few_are_said(studio: Any) -> None:
    with pytest.raises(NotApplicable, match="needs 2 images of a class; 'only' has 1"):
        studio.make("embedding_smote", studio.dataset([studio.photo()]))
    train = studio.dataset([studio.photo(seed=i) for i in range(3)])
    assert "3 images of 'only' are too few for 5 neighbours; using 2." in studio.make("embedding_smote", train).notes


def test_the_same_picture_twice_still_works(studio: Any) -> None:
    train = studio.dataset([studio.photo()] * 3)
    augmenter = EmbeddingSmote().fit(train, rng_from("fit"))
    assert len(augmenter.augment("only", 5, rng_from(0)).images or []) == 5
