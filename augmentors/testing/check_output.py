"""Checks of what an augmenter makes: how many, from whom, of what type."""

from dataclasses import replace

import numpy as np
import pandas as pd

from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.testing.trial import Toys, expect, fitted, is_sentence, made, new, rarest


def check_exact_count(cls: type[Augmenter], toys: Toys) -> None:
    """Exactly n samples are made, for small and large n, each for the class that was asked."""
    train = toys.ordinary()
    augmenter = fitted(cls, train)
    for target in train.class_counts:
        for n in (1, 7, 70):
            samples = augmenter.augment(target, n, rng_from("count", n))
            expect(len(samples) == n, f"Asked for {n} samples of '{target}', got {len(samples)}.")
            check_samples(samples, train, target, cls)


def check_zero_asked(cls: type[Augmenter], toys: Toys) -> None:
    """Zero asked is zero made, as an empty set with all its columns."""
    train = toys.ordinary()
    samples = made(cls, train, 0)
    expect(len(samples) == 0, f"Asked for 0 samples, got {len(samples)}.")
    expect(list(samples.frame.columns) == list(train.frame.columns), "An empty result lacks columns.")
    expect(len(samples.images or []) == 0, "An empty result holds images.")


def check_tiny_classes(cls: type[Augmenter], toys: Toys) -> None:
    """Classes of 1, 2, 3 and 4 samples work, or NotApplicable says why; so does a dataset of one class."""
    sizes = [{"common": 40, "some": 20, "rare": size} for size in (1, 2, 3, 4)]
    for counts in [*sizes, {"only": 12}, {"one": 1, "two": 1}]:
        _works_or_explains(cls, toys.ordinary(counts))


def check_labels(cls: type[Augmenter], toys: Toys) -> None:
    """Labels that are text, whole numbers, truth values or unicode work alike and keep their dtype."""
    odd_names = {"Größe ≥ 5 µm": 40, "NA": 14, "日本 / ü": 12}
    for train in (
        toys.ordinary(labels="integer"),
        toys.ordinary(labels="boolean"),
        toys.ordinary(odd_names if toys.kind != "image" else {"Größe": 40, "NA": 14, "日本 ü": 12}),
    ):
        check_samples(made(cls, train), train, rarest(train), cls)


def check_odd_inputs(cls: type[Augmenter], toys: Toys) -> None:
    """Missing, constant, huge, empty, very long, one-pixel … inputs work, or NotApplicable says why."""
    for train in toys.odd():
        _works_or_explains(cls, train, n=40)


def check_makes_something_new(cls: type[Augmenter], toys: Toys) -> None:
    """Only who declares Need.COPIES copies; all others change at least something."""
    train = toys.ordinary()
    samples = made(cls, train, 32)
    copies = [_is_copy(samples, i, parents_of(cls, train)) for i in range(len(samples))]
    if Need.UNLABELLED in cls.card.needs:
        expect(all(copies), f"'{cls.card.key}' takes over unlabelled samples but changed something.")
    elif Need.COPIES in cls.card.needs:
        expect(all(copies), f"'{cls.card.key}' declares Need.COPIES but changed something.")
    else:
        expect(not all(copies), f"'{cls.card.key}' only copies; declare Need.COPIES or change something.")


def check_notes(cls: type[Augmenter], toys: Toys) -> None:
    """Fallbacks are told in sentences, once each, and no reason is left empty."""
    for train in [toys.ordinary(), toys.ordinary({"common": 40, "rare": 3}), *toys.odd()]:
        try:
            notes = made(cls, train).notes
        except NotApplicable:
            continue
        for note in notes:
            expect(is_sentence(note), f"A note of '{cls.card.key}' is not a sentence: {note!r}.")
        expect(len(set(notes)) == len(notes), f"'{cls.card.key}' repeats a note.")


def parents_of(cls: type[Augmenter], train: Dataset) -> Dataset:
    """Return the samples of which parents may be: training samples, or those without a label."""
    return train.unlabelled if Need.UNLABELLED in cls.card.needs and train.unlabelled is not None else train


def check_samples(samples: Samples, train: Dataset, target: str, cls: type[Augmenter]) -> None:
    """Check one set of samples against the training part it came from."""
    _check_ids(samples, train)
    _check_parents(samples, train, cls)
    _check_columns(samples, train, target)
    if train.kind == "image":
        _check_images(samples)


def _check_ids(samples: Samples, train: Dataset) -> None:
    ids = samples.frame.index
    expect(ids.is_unique, "Two samples have the same id.")
    expect(not set(ids) & set(train.ids), "A new sample has the id of a training sample.")


def _check_parents(samples: Samples, train: Dataset, cls: type[Augmenter]) -> None:
    parents, weights = samples.parents, samples.weights
    expect(
        parents.shape == weights.shape and len(parents) == len(samples),
        "Parents and weights differ in shape.",
    )
    present = parents != ""
    real = parents_of(cls, train).ids
    expect(set(parents[present]) <= set(real), "A parent is not in the training part.")
    expect(
        (weights >= 0).all() and not weights[~present].any(),
        "A weight is negative, or stands where no parent is.",
    )
    parentless = ~present.any(axis=1)
    expect(np.allclose(weights.sum(axis=1)[~parentless], 1.0), "The weights of some parents do not sum to 1.")
    if parentless.any():
        expect(Need.FIT in cls.card.needs, "A sample has no parent, which only generators (Need.FIT) may have.")
        expect(
            (samples.certificate["fitted_on"] == train.content_hash).all(),
            "'fitted_on' is not the training part.",
        )


def _check_columns(samples: Samples, train: Dataset, target: str) -> None:
    new, old = samples.frame, train.frame
    expect(list(new.columns) == list(old.columns), f"Columns {list(new.columns)}, expected {list(old.columns)}.")
    label = train.schema.label
    bearing = replace(train, frame=new).positions(target)
    expect(len(bearing) == len(new), f"A label is not '{target}'.")
    expect(
        new[label].dtype == old[label].dtype,
        f"The label became {new[label].dtype}, expected {old[label].dtype}.",
    )
    for name in train.schema.features():
        expect(
            new[name].dtype == old[name].dtype,
            f"'{name}' became {new[name].dtype}, expected {old[name].dtype}.",
        )
        holes = new[name].isna().any() and not old[name].isna().any()
        expect(not holes, f"'{name}' has missing values, which the training part has not.")
        kind = train.schema.types[name]
        if kind in ("category", "boolean"):
            known = set(old[name].dropna())
            expect(set(new[name].dropna()) <= known, f"'{name}' holds a value that the training part has not.")
        if kind in ("number", "integer"):
            numbers = new[name].to_numpy(dtype="float64", na_value=np.nan)
            expect(not np.isinf(numbers).any(), f"'{name}' holds an infinite number.")


def _check_images(samples: Samples) -> None:
    images = samples.images
    expect(images is not None and len(images) == len(samples), "There is not one image per sample.")
    for image in images or []:
        expect(image.dtype == np.uint8, f"An image is {image.dtype}, expected uint8.")
        plain = image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))
        expect(plain and image.size, f"An image has shape {image.shape}, expected (height, width[, 3 or 4]).")


def _works_or_explains(cls: type[Augmenter], train: Dataset, n: int = 6) -> None:
    """Make samples of every class; NotApplicable needs a reason that a user understands."""
    for target in train.class_counts:
        reason = new(cls).why_not(train, target)
        try:
            samples = fitted(cls, train).augment(target, n, rng_from("tiny"))
        except NotApplicable as error:
            expect(is_sentence(error.message), f"The reason is not a sentence: {error.message!r}.")
            continue
        expect(reason is None, f"why_not says {reason!r}, yet '{cls.card.key}' works.")
        expect(len(samples) == n, f"Asked for {n} samples of '{target}', got {len(samples)}.")
        check_samples(samples, train, target, cls)


def _is_copy(samples: Samples, i: int, train: Dataset) -> bool:
    """Return whether a sample equals one of its parents."""
    parents = [parent for parent in samples.parents[i] if parent]
    if train.kind == "image":
        from augmentors.explore.images import read_pixels

        at = train.frame.index.get_indexer(pd.Index(parents))
        image = (samples.images or [])[i]
        return any(np.array_equal(image, read_pixels(train.image_path(int(position)))) for position in at)
    features = train.schema.features()
    new = samples.frame.iloc[i]
    return any(all(_equal(new[c], train.frame.at[parent, c]) for c in features) for parent in parents)


def _equal(a: object, b: object) -> bool:
    return (pd.isna(a) and pd.isna(b)) or a == b  # type: ignore[call-overload]
