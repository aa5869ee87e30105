"""What all image augmenters promise: size, seeds, certificates, refusals."""

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest

from augmentors.catalog import for_kind, get
from augmentors.core.errors import InvalidParams
from augmentors.core.seeds import rng_from
from augmentors.explore.images import read_pixels
from augmentors.image.albumentations_base import AlbumentationsAugmenter
from augmentors.image.library_family import LIBRARY_AUGMENTERS

# Those written by hand; those derived from the library's schema have tests of their own.
KEYS = tuple(
    cls.card.key
    for cls in for_kind("image")
    if issubclass(cls, AlbumentationsAugmenter) and cls not in LIBRARY_AUGMENTERS
)
# For each key, all its transforms at once.
ANY = {"flip": {"direction": "either"}, "blur": {"method": "any"}, "noise": {"method": "any"}}


@pytest.mark.parametrize("key", KEYS)
def test_size_type_and_colours_stay(key: str, studio) -> None:
    colour, grey = studio.photo(), studio.photo(seed=1)[..., 0]
    train = studio.dataset([colour, grey, studio.photo(31, 17, 2)])
    samples = studio.make(key, train, 24, **ANY.get(key, {}))
    for image, parent in zip(samples.images or [], samples.parents[:, 0], strict=True):
        original = read_pixels(studio.folder / parent)
        assert image.dtype == np.uint8
        assert image.shape == original.shape
        assert not np.array_equal(image, original)


@pytest.mark.parametrize("key", KEYS)
def test_tiny_images(key: str, studio) -> None:
    tiny = [studio.photo(1, 1), studio.photo(2, 3), studio.photo(1, 50), studio.photo(3, 2)]
    samples = studio.make(key, studio.dataset(tiny), 16, **ANY.get(key, {}))
    shapes = {(1, 1, 3), (2, 3, 3), (1, 50, 3), (3, 2, 3)}
    assert {image.shape for image in samples.images or []} == shapes


@pytest.mark.parametrize("key", KEYS)
def test_same_seed_same_pixels_also_after_a_journey(key: str, studio) -> None:
    train = studio.dataset([studio.photo(), studio.photo(seed=1)])
    augmenter = get(key)(**ANY.get(key, {})).fit(train, rng_from("fit"))
    travelled = pickle.loads(pickle.dumps(augmenter))
    first = augmenter.augment("only", 8, rng_from(1))
    second = travelled.augment("only", 8, rng_from(1))
    other = augmenter.augment("only", 8, rng_from(2))
    assert first.certificate.equals(second.certificate)
    assert all(np.array_equal(a, b) for a, b in zip(first.images or [], second.images or [], strict=True))
    assert first.certificate["drawn"].tolist() != other.certificate["drawn"].tolist()


@pytest.mark.parametrize("key", KEYS)
def test_every_certificate_tells_operator_seed_and_what_was_drawn(key: str, studio) -> None:
    samples = studio.make(key, studio.dataset([studio.photo()]), 4, **ANY.get(key, {}))
    for i in range(4):
        facts = studio.told(samples, i)
        assert facts["operator"]
        assert 0 <= facts["seed"] < 2**32
        assert key == "flip" or len(facts) > 2
        assert len(samples.certificate["drawn"].iloc[i]) < 1000


def test_parents_are_used_equally_often(studio) -> None:
    samples = studio.make("flip", studio.dataset([studio.photo(seed=i) for i in range(5)]), 20)
    assert pd.Series(samples.parents[:, 0]).value_counts().tolist() == [4] * 5


@pytest.mark.parametrize(
    ("key", "params", "said"),
    [
        ("rotate", {"angle_min": 20, "angle_max": 10}, r"angle_min \(20.0\) must not be larger than angle_max"),
        ("cutout", {"holes_min": 5}, r"holes_min \(5\) must not be larger than holes_max \(3\)"),
        ("blur", {"radius_max": 0.1}, r"radius_min \(0.3\) must not be larger than radius_max \(0.1\)"),
        ("crop_resize", {"area_max": 1.2}, "area_max"),
        ("flip", {"direction": "sideways"}, "direction"),
    ],
)
def test_wrong_parameters_are_refused(key: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidParams, match=said):
        get(key)(**params)


def test_two_calls_in_turns_do_not_disturb_each_other(studio) -> None:
    train = studio.dataset([studio.photo()])
    alone = studio.image(studio.make("affine", train, seed=3))
    one, two = (get("affine")().fit(train, rng_from("fit")) for _ in range(2))
    two.augment("only", 5, rng_from(9))
    again = one.augment("only", 1, rng_from(3))
    assert np.array_equal(studio.image(again), alone)
