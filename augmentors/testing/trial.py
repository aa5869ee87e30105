"""Running an augmenter on toy data, and comparing what two runs gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
import pandas as pd

from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import UNLABELLED, Dataset, Kind, Task
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.testing.toys import (
    COUNTS,
    Labels,
    odd_table,
    toy_images,
    toy_multilabel,
    toy_regression,
    toy_table,
    toy_text,
    with_label_sets,
    with_numeric_label,
)


class CheckFailed(AssertionError):
    """An augmenter broke a promise; the message says which and how."""


def expect(condition: object, message: str) -> None:
    """Raise CheckFailed with the message unless the condition holds."""
    if not condition:
        raise CheckFailed(message)


@dataclass
class Toys:
    """The toy datasets of one kind; images are written into a folder, once.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    folder : Path or None
        Where images are written; a temporary folder when None.
    task : {"regression", "multilabel"} or None
        Tables have a label of this task; classes become ranges, or labels of which a row may bear two.
    unlabelled: bool
        Whether samples without labels lie beside them; classes are then easy to tell apart, but for two samples.
    """

    kind: Kind
    folder: Path | None = None
    task: Task | None = None
    unlabelled: bool = False
    _made: dict[str, Dataset] = field(default_factory=dict)

    @cached_property
    def _temporary(self) -> "TemporaryDirectory[str]":
        return TemporaryDirectory(prefix="toys-")

    @classmethod
    def of(cls, augmenter: type[Augmenter], folder: Path | None = None) -> Self:
        """Return the datasets that an augmenter can work on."""
        return cls(augmenter.card.kind, folder, augmenter.card.task, Need.UNLABELLED in augmenter.card.needs)

    def ordinary(self, counts: Mapping[str, int] | None = None, labels: Labels = "text") -> Dataset:
        """Return the plain toy dataset, with these classes and this type of label."""
        if self.task == "regression":
            return toy_regression(counts, whole=labels != "text")
        if self.task == "multilabel":
            return toy_multilabel(counts)
        plain = self._plain(counts, labels)
        if not self.unlabelled:
            return plain
        many = dict.fromkeys(counts or COUNTS, 100 if self.kind == "image" else 300)
        return with_unlabelled(two_swapped(apart(plain)), apart(self._plain(many, "text", seed=1)))

    def _plain(self, counts: Mapping[str, int] | None, labels: Labels, seed: int = 0) -> Dataset:
        if self.kind == "table":
            return toy_table(counts, labels=labels, seed=seed)
        if self.kind == "text":
            return toy_text(counts, labels=labels, seed=seed)
        return self._images(f"{dict(counts or {})}-{labels}-{seed}", counts, labels, odd=False, seed=seed)

    def odd(self) -> list[Dataset]:
        """Return datasets of strange but legal values."""
        if self.task == "regression":
            return [toy_regression(missing=True), with_numeric_label(odd_table(), list(COUNTS))]
        if self.task == "multilabel":
            return [toy_multilabel(missing=True), with_label_sets(odd_table(), list(COUNTS))]
        if self.kind == "table":
            found = [toy_table(missing=True), odd_table()]
        elif self.kind == "text":
            found = [toy_text(odd=True)]
        else:
            found = [self._images("odd", None, "text", odd=True)]
        return [with_unlabelled(one, one) for one in found] if self.unlabelled else found

    def _images(self, name: str, counts: Mapping[str, int] | None, labels: Labels, odd: bool, seed: int = 0) -> Dataset:
        if name not in self._made:
            folder = (self.folder or Path(self._temporary.name)) / f"images-{len(self._made)}"
            self._made[name] = toy_images(folder, counts, labels=labels, odd=odd, seed=seed)
        return self._made[name]


def with_unlabelled(train: Dataset, others: Dataset) -> Dataset:
    """Return a training part beside which other samples lie without their labels."""
    frame = others.frame.drop(columns=[others.schema.label])
    frame.index = pd.Index([f"{UNLABELLED}{name}" for name in frame.index], dtype="str")
    return replace(train, unlabelled=replace(others, frame=frame))


def apart(dataset: Dataset) -> Dataset:
    """Return a toy dataset in which a model can tell the classes apart; texts and images are so from the start."""
    if dataset.kind != "table":
        return dataset
    code = pd.factorize(pd.Series(dataset.labels), sort=True)[0]
    return replace(dataset, frame=dataset.frame.assign(width=dataset.frame["width"] + 6.0 * code))


def two_swapped(dataset: Dataset) -> Dataset:
    """Return a dataset in which a sample of the largest and one of the smallest class bear each other's label."""
    names = list(dataset.class_counts)
    if len(names) < 2 or dataset.class_counts[names[-1]] < 10:
        return dataset
    at = [int(dataset.positions(name)[0]) for name in (names[0], names[-1])]
    order = np.arange(len(dataset))
    order[at] = order[at[::-1]]
    frame = dataset.frame.copy()
    for name in frame.columns.drop(dataset.schema.label):
        frame[name] = frame[name].array.take(order)
    return replace(dataset, frame=frame)


def rarest(train: Dataset) -> str:
    """Return the smallest class."""
    return list(train.class_counts)[-1]


def fitted(
    cls: type[Augmenter], train: Dataset, params: Mapping[str, Any] | None = None, job: Job = NO_JOB
) -> Augmenter:
    """Return an augmenter fitted with a fixed seed."""
    return new(cls, params).fit(train, rng_from("fit"), job)


def new(cls: type[Augmenter], params: Mapping[str, Any] | None = None) -> Augmenter:
    """Return an augmenter with some parameters, and what it needs to be told in order to work at all."""
    return cls(**{**trial_params(cls), **(params or {})})


def trial_params(cls: type[Augmenter]) -> dict[str, Any]:
    """Return values for parameters whose default is too costly for every check, or does not work alone (a model).

    Declared as ``json_schema_extra={"trial": value}``; ``"tiny:NAME"`` is a folder with the tiny model of that name.
    """
    extras = {name: field.json_schema_extra for name, field in cls.Params.model_fields.items()}
    declared = {n: extra["trial"] for n, extra in extras.items() if isinstance(extra, dict) and "trial" in extra}
    return {name: as_value(value) for name, value in declared.items()}


def as_value(declared: Any) -> Any:
    """Return a value declared for trials; a tiny model is made when it is first asked for."""
    if isinstance(declared, str) and declared.startswith("tiny:"):
        from augmentors.testing.tiny_models import tiny_model

        return str(tiny_model(declared.removeprefix("tiny:")))
    return declared


def made(
    cls: type[Augmenter], train: Dataset, n: int = 6, params: Mapping[str, Any] | None = None, seed: int = 0
) -> Samples:
    """Return n samples of the rarest class from a freshly fitted augmenter."""
    return fitted(cls, train, params).augment(rarest(train), n, rng_from("augment", seed))


def difference(one: Samples, two: Samples, *, ids: bool = True, exact: bool = True) -> str | None:
    """Return what differs between two sets of samples, in words; None when nothing does.

    Parameters
    ----------
    one, two : Samples
    ids : bool
        Whether the new samples' ids count.
    exact : bool
        Whether numbers must agree to the last bit, or to about 1e-9.
    """
    if len(one) != len(two):
        return f"{len(one)} samples against {len(two)}"
    if ids and list(one.frame.index) != list(two.frame.index):
        return "the sample ids"
    try:
        pd.testing.assert_frame_equal(
            one.frame.reset_index(drop=True),
            two.frame.reset_index(drop=True),
            check_exact=exact,
            rtol=1e-9,
        )
    except AssertionError as error:
        return f"the values ({' '.join(str(error).split())[:200]})"
    if not np.array_equal(one.parents, two.parents):
        return "the parents"
    if not np.allclose(one.weights, two.weights, rtol=0, atol=0 if exact else 1e-9):
        return "the parents' weights"
    if exact and one.certificate["drawn"].tolist() != two.certificate["drawn"].tolist():
        return "the drawn values or the trace"
    return None if _same_images(one, two) else "the pixels"


def _same_images(one: Samples, two: Samples) -> bool:
    if one.images is None or two.images is None:
        return one.images is two.images
    return all(np.array_equal(a, b) for a, b in zip(one.images, two.images, strict=True))


def is_sentence(text: str) -> bool:
    """Return whether a text reads as one sentence: begins like one and ends with a full stop."""
    return len(text) >= 10 and text == text.strip() and not text[0].islower() and text[-1] in ".!?"
