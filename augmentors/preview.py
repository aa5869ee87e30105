"""A few before and after pairs of an augmenter, quickly: what a screen shows before anything runs."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from time import perf_counter
from typing import Any, Literal

import numpy as np
import pandas as pd

from augmentors import catalog
from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from

ORIGINALS = 4
OF_EACH = 2
# Rows that a preview looks at: enough neighbours for every class, few enough to answer at once.
CLASS_ROWS, OTHER_ROWS = 4_000, 4_000
# How many samples are made to find two of each original; images are costly and dealt evenly.
DRAWN = {"table": 2_048, "text": 64, "image": ORIGINALS * OF_EACH}
# What learns from its class sees more of it than the originals; two of each are made.
LEARNT_FROM = 60
# Labelled samples, and as many unlabelled ones, that a preview of pseudo-labelling judges.
JUDGED = {"table": 4_000, "text": 400, "image": 240}
WORD = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")

ChangeKind = Literal["same", "inserted", "deleted", "replaced"]


@dataclass(frozen=True)
class Parent:
    """What a new sample was made from: an original, its share, its values and pixels."""

    id: str
    weight: float
    values: dict[str, Any]
    image: np.ndarray | None = None


@dataclass(frozen=True)
class Pair:
    """A new sample beside its parents.

    Parameters
    ----------
    id : str
    parents : tuple of Parent
        Heaviest place first as the augmenter names them; empty for generators.
    values : dict of str to Any
        The new row.
    image : ndarray or None
    drawn : dict
        What was drawn for this sample.
    """

    id: str
    parents: tuple[Parent, ...]
    values: dict[str, Any]
    image: np.ndarray | None
    drawn: dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """Pairs of one augmenter for one class, with what it said and how long it took.

    Parameters
    ----------
    pairs : tuple of Pair
    notes : tuple of str
        Fallbacks, in plain words; also whether only a part of the rows was looked at.
    seconds : float
        Fitting and making, together.
    """

    pairs: tuple[Pair, ...]
    notes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Change:
    """A piece of a text that is the same, or was inserted, deleted or replaced."""

    kind: ChangeKind
    before: str
    after: str


def preview(
    train: Dataset,
    key: str,
    params: Mapping[str, Any],
    target: str,
    *,
    seed: int = 0,
    originals: Sequence[str] | None = None,
) -> Preview:
    """Return two new samples for each of up to four originals of a class.

    Parameters
    ----------
    train : Dataset
        The training part only.
    key, params
        An augmenter of the catalogue and its parameters.
    target : str
    seed : int
        Another seed gives other draws, and other originals when none are chosen.
    originals : sequence of str, optional
        Ids of training samples of the class; four at random when left out.

    Raises
    ------
    NotApplicable
        When the augmenter cannot work on this class, with the reason.
    InvalidParams

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> shown = preview(toy_table(), "smote", {}, "rare")
    >>> len(shown.pairs), len(shown.pairs[0].parents)
    (8, 2)
    """
    began = perf_counter()
    augmenter, times = catalog.get(key)(**params).preview_version()
    if Need.UNLABELLED in augmenter.card.needs:
        pairs, notes = _taken_over(augmenter, train, target, seed)
        return Preview(pairs, tuple(notes), perf_counter() - began)
    chosen = list(originals or random_originals(train, target, seed))[:ORIGINALS]
    some, notes = looked_at(train, target, _with_class_mates(augmenter, train, target, chosen, seed), seed)
    if times > 1:
        notes.append(f"Trained for 1/{times:.0f} of the steps on {len(some):,} images: a run gives better ones.")
    try:
        samples = _made(augmenter, some, target, seed)
    except NotApplicable:
        # The originals at hand may be the few that cannot be changed: try with more of the class.
        some, notes = looked_at(train, target, random_originals(train, target, seed, 200), seed)
        samples = _made(augmenter, some, target, seed)
    picked = samples.take(_two_of_each(samples, chosen))
    pairs = tuple(_pair(augmenter, picked, i) for i in range(len(picked)))
    # Notes count samples of the class, so they are only true where all of them were looked at.
    whole = some.class_counts[target] == train.class_counts[target]
    return Preview(pairs, (*(samples.notes if whole else ()), *notes), perf_counter() - began)


def _taken_over(augmenter: Augmenter, train: Dataset, target: str, seed: int) -> tuple[tuple[Pair, ...], list[str]]:
    """Return the unlabelled samples that would be taken over first, from a bounded part of the data."""
    some, notes = labelled_and_not(train, target, seed)
    augmenter.fit(some, rng_from("preview fit", augmenter.card.key, seed)).prepare(target)
    n = min(ORIGINALS * OF_EACH, augmenter.supply(target) or 0)
    samples = augmenter.augment(target, n, rng_from("preview", augmenter.card.key, seed))
    return tuple(_pair(augmenter, samples, i) for i in range(n)), [*(() if notes else samples.notes), *notes]


def labelled_and_not(train: Dataset, target: str, seed: int) -> tuple[Dataset, list[str]]:
    """Return the part of the labelled and unlabelled rows that a preview judges, and what to say of it."""
    if train.unlabelled is None:
        return train, []
    most = JUDGED[train.kind]
    rng = rng_from("judged", target, seed)
    own = rng.permutation(train.positions(target))[: most // 3]
    others = rng.permutation(np.flatnonzero(train.labels != target))[: most - len(own)]
    at = np.sort(np.concatenate([own, others]))
    pool = train.unlabelled
    of_pool = np.sort(rng.permutation(len(pool))[:most])
    if len(at) == len(train) and len(of_pool) == len(pool):
        return train, []
    some = replace(train.take(train.ids[at]), unlabelled=replace(pool, frame=pool.frame.iloc[of_pool]))
    return some, [
        f"The preview looks at {len(at):,} of {len(train):,} training samples and at {len(of_pool):,} of "
        f"{len(pool):,} unlabelled ones: a run knows more of both."
    ]


def _made(augmenter: Augmenter, some: Dataset, target: str, seed: int) -> Samples:
    key = augmenter.card.key
    augmenter.fit(some, rng_from("preview fit", key, seed))
    n = DRAWN[some.kind]
    if _learns_from_class(augmenter):
        n = max(n, OF_EACH * some.class_counts[target])  # dealt evenly, so that each original is met twice
    return augmenter.augment(target, n, rng_from("preview", key, seed))


def _learns_from_class(augmenter: Augmenter) -> bool:
    return augmenter.card.kind != "table" and Need.FIT in augmenter.card.needs


def _with_class_mates(augmenter: Augmenter, train: Dataset, target: str, chosen: list[str], seed: int) -> list[str]:
    """Return the originals and, where the augmenter learns from the class, others of it."""
    if not _learns_from_class(augmenter):
        return chosen
    return list(dict.fromkeys([*chosen, *random_originals(train, target, seed, LEARNT_FROM)]))[:LEARNT_FROM]


def random_originals(train: Dataset, target: str, seed: int, n: int = ORIGINALS) -> list[str]:
    """Return the ids of n training samples of a class, drawn by the seed."""
    own = train.positions(target)
    picked = rng_from("originals", target, seed).permutation(own)[:n]
    return [str(i) for i in train.ids[picked]]


def looked_at(train: Dataset, target: str, chosen: Sequence[str], seed: int) -> tuple[Dataset, list[str]]:
    """Return the part of the training rows that a preview fits on, and what to say about it.

    Texts and images are changed one by one, so their class is the chosen
    originals; rows of a table need their neighbours.
    """
    own = train.positions(target)
    others = np.setdiff1d(np.arange(len(train)), own)
    rng = rng_from("looked at", target, seed)
    keep = train.frame.index.get_indexer(pd.Index(list(chosen)))
    keep = keep[keep >= 0]
    if train.kind != "table":
        few = rng.permutation(others)[:50]
        at = np.sort(np.concatenate([keep if len(keep) else own[:ORIGINALS], few]))
        return train.take(train.ids[at]), []
    if len(own) <= CLASS_ROWS and len(others) <= OTHER_ROWS:
        return train, []
    parts = [keep, rng.permutation(own)[:CLASS_ROWS], rng.permutation(others)[:OTHER_ROWS]]
    at = np.unique(np.concatenate(parts))
    return train.take(train.ids[at]), [f"The preview looks at {len(at):,} of {len(train):,} training rows."]


def word_changes(before: str, after: str) -> list[Change]:
    """Return what changed between two texts, word by word.

    Examples
    --------
    >>> [c.kind for c in word_changes("a good day", "a fine day")]
    ['same', 'replaced', 'same']
    """
    old, new = WORD.findall(before), WORD.findall(after)
    kinds: dict[str, ChangeKind] = {
        "equal": "same",
        "insert": "inserted",
        "delete": "deleted",
        "replace": "replaced",
    }
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        Change(kinds[tag], "".join(old[i1:i2]), "".join(new[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]


def changed_columns(pair: Pair) -> list[str]:
    """Return the columns in which a new row differs from its first parent, in the row's order."""
    if not pair.parents:
        return []
    first = pair.parents[0].values
    return [name for name, value in pair.values.items() if not same_value(value, first.get(name))]


def same_value(a: Any, b: Any) -> bool:
    """Whether two cells hold the same; two missing ones do."""
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b))
    return bool(a == b)


def _two_of_each(samples: Samples, chosen: Sequence[str]) -> np.ndarray:
    """Return row positions: two per chosen first parent, others where one has none."""
    firsts = samples.parents[:, 0]
    picked: list[int] = []
    for parent in chosen:
        picked += np.flatnonzero(firsts == parent)[:OF_EACH].tolist()
    spare = [i for i in range(len(samples)) if i not in set(picked)]
    return np.array((picked + spare)[: ORIGINALS * OF_EACH], dtype=np.int64)


def _pair(augmenter: Augmenter, samples: Samples, i: int) -> Pair:
    train, new = augmenter.train, samples.frame.iloc[i]
    parents = tuple(
        _parent(augmenter.parents_from(), str(name), float(weight))
        for name, weight in zip(samples.parents[i], samples.weights[i], strict=True)
        if name
    )
    return Pair(
        str(samples.frame.index[i]),
        parents,
        _shown_values(train, new),
        samples.images[i] if samples.images is not None else None,
        json.loads(samples.certificate["drawn"].iloc[i]),
    )


def _parent(train: Dataset, name: str, weight: float) -> Parent:
    at = int(train.frame.index.get_indexer(pd.Index([name]))[0])
    image = None
    if train.kind == "image":
        from augmentors.explore.images import read_rgb

        image = read_rgb(train.image_path(at))
    return Parent(name, weight, _shown_values(train, train.frame.iloc[at]), image)


def _shown_values(train: Dataset, row: pd.Series) -> dict[str, Any]:
    if train.kind == "image":
        return {}
    label = made_label(train)
    return {name: row[name] for name in [*([] if label is None else [label]), *train.schema.features()]}


def made_label(train: Dataset) -> str | None:
    """Return the column of the label where it is made with the row: a number or a set of labels, never a class."""
    return None if train.schema.task == "classification" else train.schema.label


def fitted_for_timing(augmenter: Augmenter, train: Dataset, target: str) -> Augmenter:
    """Return the augmenter fitted on a bounded part of the training rows, ready to make samples of a class."""
    if Need.UNLABELLED in augmenter.card.needs:
        augmenter.fit(labelled_and_not(train, target, 0)[0], rng_from("timing")).prepare(target)
        return augmenter
    mates = LEARNT_FROM if _learns_from_class(augmenter) else 16
    some, _ = looked_at(train, target, random_originals(train, target, 0, mates), 0)
    augmenter.fit(some, rng_from("timing"))
    augmenter.prepare(target)
    return augmenter
