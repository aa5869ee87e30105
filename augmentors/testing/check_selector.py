"""The public suite that every selector passes."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, InvalidParams, NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import rng_from
from augmentors.core.selector import Selection, Selector
from augmentors.explore.candidates import candidates_of
from augmentors.testing.trial import CheckFailed, Toys, expect

COUNTS = {"common": 40, "some": 18, "rare": 6}


def check_selector(cls: type[Selector], folder: Path | None = None) -> None:
    """Run every check on a selector, on each kind of data that its card names.

    Parameters
    ----------
    cls : type of Selector
    folder : Path, optional
        Where toy images are written; a temporary folder by default.

    Raises
    ------
    AssertionError
        At the first broken promise, with what was expected and what came.

    Examples
    --------
    >>> from augmentors.selection.tomek_links import TomekLinks
    >>> check_declared(TomekLinks, Toys("table"))
    """
    for kind in cls.card.kinds:
        toys = Toys(kind, folder)
        for check in SELECTOR_CHECKS:
            check(cls, toys)


def check_declared(cls: type[Selector], toys: Toys) -> None:
    """Card and parameters are complete, serialise, and refuse what they do not know."""
    card = cls.card
    expect(card.key.isidentifier() and card.key == card.key.lower(), f"'{card.key}' is not a lower-case key.")
    expect(card.stages and card.kinds and card.summary.endswith("."), f"The card of '{card.key}' is not complete.")
    expect(card.references, f"'{card.key}' names no reference.")
    entry = json.loads(json.dumps(cls().entry))
    expect(cls(**entry["params"]).params == cls().params, "Parameters changed by way of JSON.")
    for name, field in cls.Params.model_fields.items():
        expect(field.title and field.description, f"'{name}' lacks a title or a description.")
    wrongs: list[dict[str, Any]] = [{"no_such_parameter": 1}, *({name: object()} for name in cls.Params.model_fields)]
    for wrong in wrongs:
        try:
            cls(**wrong)
        except InvalidParams:
            continue
        raise CheckFailed(f"'{card.key}' accepted {wrong}.")


def check_selection(cls: type[Selector], toys: Toys) -> None:
    """Each drop has a reason and no keep has one; no class vanishes; the input stays as it was."""
    for train in _trials(toys):
        before = train.frame.copy(deep=True)
        selection = chosen(cls, train)
        expect(selection.keep.dtype == bool and len(selection.keep) == len(train), "The mask does not fit the data.")
        expect(((selection.reasons == "") == selection.keep).all(), "A drop has no reason, or a keep has one.")
        left = set(train.labels[selection.keep])
        expect(left == set(train.class_counts), f"Classes vanished: {set(train.class_counts) - left}.")
        expect(train.frame.equals(before), "The data was changed.")


def check_expected(cls: type[Selector], toys: Toys) -> None:
    """Counts that are told beforehand are what comes out, and never more than there were."""
    train = toys.ordinary(COUNTS)
    selector = cls()
    counts = selector.expected(train.class_counts)
    expect(all(counts[name] <= n for name, n in train.class_counts.items()), "More was expected than there is.")
    if counts != train.class_counts:
        left = train.take(train.ids[chosen(cls, train).keep]).class_counts
        expect(left == counts, f"Expected {counts}, got {left}.")


def check_reproducible(cls: type[Selector], toys: Toys) -> None:
    """The same seed decides the same; global random state is neither read nor changed."""
    train = toys.ordinary(COUNTS)
    wanted = chosen(cls, train).keep
    state = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index]
    np.random.seed(1)
    before = np.random.get_state()[1].tolist()  # type: ignore[index]
    expect((chosen(cls, train).keep == wanted).all(), "The same seed decided otherwise, or global state was read.")
    expect(np.random.get_state()[1].tolist() == before, "numpy's global random state was changed.")  # type: ignore[index]
    expect(random.getstate() == state[0], "The global random state was changed.")


def check_cancelled(cls: type[Selector], toys: Toys) -> None:
    """A cancelled selection raises Cancelled before any work."""
    try:
        chosen(cls, toys.ordinary(COUNTS), job=_Stopped())
    except Cancelled:
        return
    raise CheckFailed("A cancelled selection went on.")


def check_other_kinds(cls: type[Selector], toys: Toys) -> None:
    """A kind of data that the card does not name is refused with a reason."""
    for kind in ("table", "text", "image"):
        if kind in cls.card.kinds:
            continue
        try:
            chosen(cls, Toys(kind, toys.folder).ordinary(COUNTS))
        except NotApplicable:
            continue
        raise CheckFailed(f"'{cls.card.key}' selected {kind} samples, which its card does not name.")


def chosen(cls: type[Selector], train: Dataset, job: Job = NO_JOB, **params: Any) -> Selection:
    """Return what a selector decides of a training part, with a fixed seed."""
    return cls(**params).select(candidates_of(train), rng_from("select"), job)


def _trials(toys: Toys) -> Iterator[Dataset]:
    yield toys.ordinary(COUNTS)
    yield toys.ordinary({"common": 12, "rare": 1})
    yield from toys.odd()


class _Stopped(Job):
    def check(self) -> None:
        raise Cancelled("stopped")


SELECTOR_CHECKS: tuple[Callable[[type[Selector], Toys], None], ...] = (
    check_declared,
    check_selection,
    check_expected,
    check_reproducible,
    check_cancelled,
    check_other_kinds,
)
