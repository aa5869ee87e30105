"""What is derived from the library's schema does what the library does, on images of every kind."""

import pickle
import re
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pytest

from augmentors.catalog import get
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.explore.images import read_pixels
from augmentors.image.albumentations_base import called
from augmentors.image.library_choices import TURNS
from augmentors.image.library_family import LIBRARY_AUGMENTERS, SCHEMA, LibraryAugmenter, arguments
from augmentors.image.library_words import WORDS
from augmentors.image.sample_streams import Streams

ALL = pytest.mark.parametrize("cls", LIBRARY_AUGMENTERS, ids=lambda cls: cls.card.key)


def valid_params(cls: type[LibraryAugmenter], rng: np.random.Generator, extreme: bool) -> dict[str, Any]:
    """Return parameters from all over their declared bounds, or at their ends."""
    values = {name: _value(field, rng, extreme) for name, field in cls.Params.model_fields.items()}
    for name in list(values):
        for low, high, least in (
            ("_min", "_max", 0.0),
            ("_roi_left", "_roi_right", 0.1),
            ("_roi_top", "_roi_bottom", 0.1),
        ):
            other = name.removesuffix(low) + high
            if name.endswith(low) and values[other] - values[name] < least:
                values[name], values[other] = values[other], values[name]
                if values[other] - values[name] < least:
                    values[name], values[other] = 0.2, 0.9
    return values


def _value(field: Any, rng: np.random.Generator, extreme: bool) -> Any:
    if get_origin(field.annotation) is Literal:
        return get_args(field.annotation)[rng.integers(len(get_args(field.annotation)))]
    if field.annotation is bool:
        return bool(rng.integers(2))
    bounds = {key: getattr(m, key) for m in field.metadata for key in ("ge", "gt", "le", "lt") if hasattr(m, key)}
    step = 1 if field.annotation is int else 1e-3
    low = bounds.get("ge", bounds.get("gt", 0) + step)
    high = bounds.get("le", bounds.get("lt", 0) - step)
    drawn = (low, high)[rng.integers(2)] if extreme else rng.uniform(low, high)
    return round(drawn) if field.annotation is int else float(drawn)


@ALL
def test_settings_from_all_over_their_bounds_work(cls: type[LibraryAugmenter], studio, pytestconfig) -> None:
    slow = cls.card.key in ("piecewise_affine", "superpixels", "grid_elastic_deform")
    tries = 24 if pytestconfig.getoption("--runslow") else 2 if slow else 4
    train = studio.dataset([studio.photo(70, 96), studio.photo(96, 70, seed=1)])
    for k in range(tries):
        params = valid_params(cls, rng_from("settings", cls.card.key, k), extreme=k % 3 == 2)
        samples = cls(**params).fit(train, rng_from("fit")).augment("only", 2, rng_from(k))
        assert len(samples) == 2


@ALL
def test_a_call_is_the_librarys_own(cls: type[LibraryAugmenter], studio) -> None:
    augmenter, pixels = cls(), studio.photo(80, 90)
    theirs, ours = augmenter._build(cls.transform), augmenter._build(cls.transform)
    for transform in (theirs, ours):
        transform.set_random_seed(5)
    beside = augmenter._extra(theirs, pixels, (studio.photo(80, 90, seed=1),))
    expected = theirs(image=pixels.copy(), **beside)["image"]
    found = called(ours, pixels.copy(), beside)
    assert (found == expected).all() and found.dtype == expected.dtype and found.flags.c_contiguous
    assert repr(ours.get_applied_params()) == repr(theirs.get_applied_params())


@ALL
def test_size_type_and_colours_stay(cls: type[LibraryAugmenter], studio) -> None:
    colour, grey = (
        [studio.photo(), studio.photo(40, 40, 1)],
        [studio.photo(seed=2)[..., 0], studio.photo(40, 40)[..., 1]],
    )
    train = studio.dataset(colour + grey)
    samples = cls().fit(train, rng_from("fit")).augment("only", 8, rng_from(1))
    for image, parent in zip(samples.images or [], samples.parents[:, 0], strict=True):
        original = read_pixels(studio.folder / parent)
        assert image.dtype == np.uint8
        assert image.ndim == original.ndim
        sizes = [original.shape[:2], original.shape[1::-1]] if cls.transform in TURNS else [original.shape[:2]]
        assert image.shape[:2] in sizes
    if cls.needs_colour:
        assert set(samples.parents[:, 0]) <= {"000.png", "001.png"}
        assert cls().why_not(train.take(["002.png", "003.png"])) is not None
    else:
        assert len(set(samples.parents[:, 0])) == 4


@ALL
def test_tiny_images_are_taken_too(cls: type[LibraryAugmenter], studio) -> None:
    tiny = [studio.photo(1, 1), studio.photo(2, 3), studio.photo(1, 50), studio.photo(3, 2)]
    train = studio.dataset(tiny)
    samples = cls().fit(train, rng_from("fit")).augment("only", 8, rng_from(0))
    shapes = {"000.png": (1, 1), "001.png": (2, 3), "002.png": (1, 50), "003.png": (3, 2)}
    for image, parent in zip(samples.images or [], samples.parents[:, 0], strict=True):
        expected = shapes[parent]
        assert image.shape[:2] in ((expected, expected[::-1]) if cls.transform in TURNS else (expected,))


@ALL
def test_a_worker_gets_the_same_class(cls: type[LibraryAugmenter]) -> None:
    travelled = pickle.loads(pickle.dumps(cls()))
    assert type(travelled) is cls
    assert travelled.params == cls().params


@pytest.mark.parametrize("key", ["gauss_noise", "perspective", "random_fog", "iso_noise"])
def test_pixels_are_those_of_the_bare_call(key: str, studio) -> None:
    cls = get(key)
    train = studio.dataset([studio.photo(80, 90)])
    samples = studio.make(key, train, seed=5)
    bare = cls()._build(cls.transform)  # type: ignore[attr-defined]
    streams = Streams([studio.told(samples)["seed"]])
    bare.set_random_state(streams.numpy(0), streams.plain(0))
    assert np.array_equal(studio.image(samples), bare(image=studio.photo(80, 90))["image"])


def test_parameters_reach_the_library_in_its_own_terms() -> None:
    rotate = get("rotate_all_settings")(
        limit_min=-3, limit_max=4, border_mode="wrap", interpolation="cubic", fill="grey"
    )
    given = arguments(SCHEMA["Rotate"]["fields"], rotate.params)
    assert given == {"limit": (-3.0, 4.0), "interpolation": 2, "border_mode": 3, "fill": 128, "crop_border": False}
    downscale = get("downscale")(interpolation_downscale="area")
    assert arguments(SCHEMA["Downscale"]["fields"], downscale.params)["interpolation_pair"] == {
        "downscale": 3,
        "upscale": 0,
    }
    assert arguments(SCHEMA["Sharpen"]["fields"], get("sharpen")(kernel_size=6).params)["kernel_size"] == 7


def test_bounds_are_the_librarys() -> None:
    with pytest.raises(InvalidParams, match="std_max"):
        get("gauss_noise")(std_max=1.5)
    with pytest.raises(InvalidParams, match=r"std_min .* must not be larger than std_max"):
        get("gauss_noise")(std_min=0.9)
    with pytest.raises(InvalidParams, match=r"shadow_roi_right must be at least 0\.1 above shadow_roi_left"):
        get("random_shadow")(shadow_roi_left=0.99)


@pytest.mark.parametrize("key", ["fda", "histogram_matching", "pixel_distribution_adaptation"])
def test_style_comes_from_another_image_of_the_class(key: str, studio) -> None:
    train = studio.dataset([studio.photo(), studio.photo(30, 50, 1)[..., 0], studio.photo(seed=2)])
    samples = studio.make(key, train, 12)
    assert samples.parents.shape == (12, 2)
    assert (samples.parents[:, 0] != samples.parents[:, 1]).all()
    assert set(samples.parents[:, 1]) == {"000.png", "001.png", "002.png"}
    assert (samples.weights == 0.5).all()
    with pytest.raises(NotApplicable, match="needs 2 images of a class; 'only' has 1"):
        studio.make(key, studio.dataset([studio.photo()]))


def test_small_images_are_enlarged_where_marks_need_room_and_it_is_told(studio) -> None:
    samples = studio.make("random_gravel", studio.dataset([studio.photo(32, 48)]))
    assert studio.told(samples)["enlarged_to"] == [384, 256]
    assert studio.image(samples).shape == (32, 48, 3)


@ALL
def test_ranges_to_search_hold_settings_that_work(cls: Any, studio) -> None:
    ranges = {name: (field.json_schema_extra or {}).get("tune") for name, field in cls.Params.model_fields.items()}
    numbers = {name: found for name, found in ranges.items() if found}
    assert all(found["low"] < found["high"] for found in numbers.values())
    train = studio.dataset([studio.photo(), studio.photo(seed=1)])
    mixed = {name: found["high" if name.endswith("_min") else "low"] for name, found in numbers.items()}
    for end in ("low", "high"):
        studio.make(cls.card.key, train, 2, **{name: found[end] for name, found in numbers.items()})
    studio.make(cls.card.key, train, 2, **mixed)  # the ends of a range meet and do not cross


def test_most_numbers_have_a_range_to_search() -> None:
    fields = [f for cls in LIBRARY_AUGMENTERS for f in cls.Params.model_fields.values() if f.annotation is not str]
    assert sum("tune" in (f.json_schema_extra or {}) for f in fields) > 200


def test_every_summary_is_ours_and_every_transform_says_when_not_to_use_it() -> None:
    assert set(WORDS) == set(SCHEMA)
    cards = [cls.card for cls in LIBRARY_AUGMENTERS]
    assert all(card.avoid.startswith("Avoid ") for card in cards)
    told = " ".join(card.summary for card in cards)
    assert not re.search(r"\bmasks?\b|bounding|keypoint|uint8|Apply|Augmentation", told)


@pytest.mark.parametrize("key", ["d4", "square_symmetry", "transpose", "random_rotate90"])
def test_quarter_turns_of_an_oblong_image_swap_its_sides_and_the_card_says_so(key: str, studio) -> None:
    samples = studio.make(key, studio.dataset([studio.photo(80, 120)]), 40)
    assert {image.shape[:2] for image in samples.images} <= {(80, 120), (120, 80)}
    assert (120, 80) in {image.shape[:2] for image in samples.images}
    assert "width and height swap" in get(key).card.summary
