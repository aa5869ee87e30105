"""Findings about texts."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.split import Split
from augmentors.explore.duplicate_texts import normalised
from augmentors.explore.health import Finding, counted, percent, some_ids

VERY_SHORT = 10  # characters
EMBEDDED = 1_100  # characters: about the 256 word pieces that the sentence embedding reads
MIN_CLASS = 10
MIN_SHARE = 0.02  # of texts that differ only in numbers: fewer are chance
_DIGITS = re.compile(r"\d+")
LENGTH_FACTOR = 3.0


def text_findings(dataset: Dataset, split: Split | None = None) -> list[Finding]:
    """Return what is wrong or odd about the texts themselves, and whether the test part repeats templates."""
    lengths = np.array([len(text.strip()) for text in dataset.texts], dtype=np.int64)
    return [
        *_empty(dataset, lengths),
        *_short(dataset, lengths),
        *_long(dataset, lengths),
        *_uneven(dataset, lengths),
        *_templates(dataset, split),
    ]


def _empty(dataset: Dataset, lengths: np.ndarray) -> Iterator[Finding]:
    empty = lengths == 0
    n = int(empty.sum())
    if n:
        message = f"{counted(n, 'text')} {'is' if n == 1 else 'are'} empty ({percent(n / len(lengths))})."
        yield Finding("empty_texts", "warning", message, n, some_ids(dataset, empty))


def _short(dataset: Dataset, lengths: np.ndarray) -> Iterator[Finding]:
    short = (lengths > 0) & (lengths < VERY_SHORT)
    n = int(short.sum())
    # Short texts are the nature of some data; they are worth a word where they are the exception.
    if n and np.median(lengths) >= 3 * VERY_SHORT:
        have = "has" if n == 1 else "have"
        what = f"{counted(n, 'text')} {have} fewer than {VERY_SHORT} characters"
        message = f"{what}: too little to swap or replace words in."
        yield Finding("short_texts", "info", message, n, some_ids(dataset, short))


def _long(dataset: Dataset, lengths: np.ndarray) -> Iterator[Finding]:
    long = lengths > EMBEDDED
    n = int(long.sum())
    if n:
        are = "is" if n == 1 else "are"
        message = (
            f"{counted(n, 'text')} {are} longer than about {EMBEDDED:,} characters ({percent(n / len(lengths))}; the "
            f"longest has {lengths.max():,}): the map and the sentence embedding see only the beginning."
        )
        yield Finding("long_texts", "info", message, n, some_ids(dataset, long))


def _uneven(dataset: Dataset, lengths: np.ndarray) -> Iterator[Finding]:
    medians = pd.Series(lengths).groupby(dataset.labels).median()
    medians = medians[[name for name, count in dataset.class_counts.items() if count >= MIN_CLASS]]
    if len(medians) < 2 or medians.max() < LENGTH_FACTOR * max(medians.min(), 1):
        return
    longest, shortest = str(medians.idxmax()), str(medians.idxmin())
    message = (
        f"Texts of '{longest}' are {medians.max() / max(medians.min(), 1):.0f} times as long as those of "
        f"'{shortest}' (median {medians.max():,.0f} and {medians.min():,.0f} characters): a model could learn the "
        "length instead of the meaning."
    )
    yield Finding("length_by_class", "info", message, 2, (), (), (longest, shortest))


def _templates(dataset: Dataset, split: Split | None) -> Iterator[Finding]:
    """Tell of texts that equal another one once their numbers are masked; those equal as they are count as copies."""
    plain = [normalised(text) for text in dataset.texts]
    masked = pd.Series([_DIGITS.sub("0", text) for text in plain])
    # A text of numbers alone says nothing once they are masked.
    worded = masked.str.contains(r"[^\W\d_]", regex=True).to_numpy()
    variants = pd.Series(plain).groupby(masked).transform("nunique").to_numpy()
    alike = worded & (variants > 1)
    n = int(alike.sum())
    if n < MIN_SHARE * len(plain):
        return
    message = f"{counted(n, 'text')} differ from another only in numbers ({percent(n / len(plain))})"
    if split is None:
        message += ": the test part may be too easy."
    else:
        in_test = dataset.frame.index.isin(split.test)
        easy = int((alike & in_test & masked.isin(set(masked[~in_test])).to_numpy()).sum())
        if easy:
            message += f", {easy:,} of {int(in_test.sum()):,} test texts from a training text: the test may be too easy"
        message += "."
    yield Finding("same_but_for_numbers", "warning", message, n, some_ids(dataset, alike))
