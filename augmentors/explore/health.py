"""What is wrong or odd about a dataset, in words for the person who knows the data."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.explore.distribution import class_table, imbalance_ratio
from augmentors.explore.duplicates import Pair, duplicate_pairs
from augmentors.explore.group_column import propose_group

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
MAX_IDS = 1000
SMOTE_NEIGHBOURS = 5
STRONG_IMBALANCE, SOME_IMBALANCE = 10.0, 3.0
FEW_IN_TEST = 5
MANY_CLASSES = 100
MAX_NAMED = 5  # classes with a finding of their own; the others share one


@dataclass(frozen=True)
class Finding:
    """One thing a person should know about the data.

    Parameters
    ----------
    code : str
        Stable name, such as ``tiny_class``.
    severity : {"error", "warning", "info"}
    message : str
        One or two plain sentences.
    count : int
        How many samples (or classes, columns, groups) it concerns.
    sample_ids : tuple of str
        Samples to show, at most a thousand.
    columns : tuple of str
    classes : tuple of str
    """

    code: str
    severity: Severity
    message: str
    count: int = 1
    sample_ids: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def findings(
    dataset: Dataset,
    split: Split | None = None,
    job: Job = NO_JOB,
    pairs: list[Pair] | None = None,
) -> list[Finding]:
    """Return what is wrong or odd, most severe first, then by how much it concerns.

    Parameters
    ----------
    dataset : Dataset
    split : Split, optional
        With it, class sizes and rules are those of the training part, and gaps of the test part are told.
    job : Job, optional
    pairs : list of Pair, optional
        Duplicates, when they are known already.
    """
    found = list(_classes(dataset, split))
    if pairs is None:
        pairs = duplicate_pairs(dataset, job=job.part(0.0, 0.6))
    found += _duplicates(dataset, split, pairs)
    found += _belonging_together(dataset, split, job)
    from augmentors.explore.health_leaks import leak_findings

    found += leak_findings(dataset, pairs, job)
    if dataset.kind != "image":
        from augmentors.explore.health_columns import column_findings

        found += column_findings(dataset, job.part(0.6, 0.8))
    if dataset.kind == "table":
        from augmentors.explore.health_rules import rule_findings

        # Rules of test rows are not to be known.
        found += rule_findings(dataset if split is None else dataset.take(split.train))
    if dataset.kind == "text":
        from augmentors.explore.health_texts import text_findings

        found += text_findings(dataset, split)
    if dataset.kind == "image":
        from augmentors.explore.health_images import image_findings

        found += image_findings(dataset, job.part(0.6, 1.0))
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), -f.count, f.code, f.message))


def class_health(dataset: Dataset, pairs: list[Pair] | None = None) -> pd.DataFrame:
    """Return one row per class, largest first.

    Returns
    -------
    DataFrame
        ``label``, ``samples``, ``duplicates`` (samples with an equal or near one); then for tables
        ``missing_share``; for texts ``median_length``, ``empty``; for images ``median_width``,
        ``median_height``, ``sizes``, ``grey_share``.
    """
    pairs = duplicate_pairs(dataset) if pairs is None else pairs
    repeated = dataset.frame.index.isin([i for pair in pairs for i in (pair.a, pair.b)])
    facts = pd.DataFrame({"label": dataset.labels, "duplicate": repeated})
    if dataset.kind == "table":
        features = dataset.schema.features()
        facts["missing"] = dataset.frame[features].isna().to_numpy().mean(axis=1) if features else 0.0
        extra: dict[str, tuple[str, str]] = {"missing_share": ("missing", "mean")}
    elif dataset.kind == "text":
        facts["length"] = [len(text.strip()) for text in dataset.texts]
        facts["empty"] = facts["length"] == 0
        extra = {"median_length": ("length", "median"), "empty": ("empty", "sum")}
    else:
        from augmentors.explore.health_images import image_table

        images = image_table(dataset)
        for name in ("width", "height", "size", "grey"):
            facts[name] = images[name].to_numpy()
        extra = {
            "median_width": ("width", "median"),
            "median_height": ("height", "median"),
            "sizes": ("size", "nunique"),
            "grey_share": ("grey", "mean"),
        }
    table = facts.groupby("label", sort=False).agg(
        samples=("duplicate", "size"), duplicates=("duplicate", "sum"), **extra
    )
    return table.reindex(list(dataset.class_counts)).rename_axis("label").reset_index()


def some_ids(dataset: Dataset, mask: np.ndarray) -> tuple[str, ...]:
    """Return the ids of the samples a mask marks, at most a thousand."""
    return tuple(dataset.ids[np.flatnonzero(mask)[:MAX_IDS]].tolist())


def percent(share: float) -> str:
    """Return a share as a person writes it: never "0 %" for what is there.

    Examples
    --------
    >>> percent(0.123), percent(0.0004), percent(0.9999)
    ('12 %', '0.04 %', '99.99 %')
    """
    value = 100 * share
    if 1 <= value < 99 or value in (0, 100):
        return f"{value:.0f} %"
    return f"{value:.2g} %" if value < 1 else f"{value:.4g} %"


def counted(n: int, noun: str) -> str:
    """Return a count and its noun: "1 row", "1,200 rows"."""
    plural = f"{noun}es" if noun.endswith("s") else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{n:,} {noun if n == 1 else plural}"


def quoted(names: Iterable[object], limit: int = 3) -> str:
    """Return names in quotes, the first few and how many more there are."""
    names = list(names)
    shown = ", ".join(f"'{name}'" for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit:,} more"


# -- classes ---------------------------------------------------------------------


def _classes(dataset: Dataset, split: Split | None) -> Iterable[Finding]:
    table = class_table(dataset, split)
    train = dict(zip(table["label"], table["train"].tolist(), strict=True))
    if len(train) == 1:
        only = quoted(train)
        yield Finding("one_class", "error", f"There is only one class, {only}: there is nothing to tell apart.", 1)
    if len(train) > MANY_CLASSES:
        yield Finding(
            "many_classes",
            "warning",
            f"There are {len(train):,} classes, with {counted(int(table['total'].median()), 'sample')} in the "
            "middle one. Is the label column the right one?",
            len(train),
        )
    noun = "sample" if split is None else "training sample"
    yield from _imbalance({name: count for name, count in train.items() if count}, noun)
    tiny = {name: count for name, count in reversed(train.items()) if count <= SMOTE_NEIGHBOURS}
    yield from (_tiny(dataset, name, count, noun) for name, count in islice(tiny.items(), MAX_NAMED))
    if len(tiny) > MAX_NAMED:
        rest = list(tiny)[MAX_NAMED:]
        words = f"{counted(len(rest), 'more class')} have {SMOTE_NEIGHBOURS} {noun}s or fewer: {quoted(rest)}."
        yield _about_classes(dataset, "tiny_class", "warning", words, rest)
    if split is not None:
        yield from _untested(dataset, dict(zip(table["label"], table["test"].tolist(), strict=True)))
    yield from _similar_names(dataset)


def _imbalance(counts: dict[str, int], noun: str) -> Iterable[Finding]:
    ratio = imbalance_ratio(counts)
    if ratio < SOME_IMBALANCE:
        return
    largest, smallest = max(counts, key=lambda c: counts[c]), min(counts, key=lambda c: counts[c])
    yield Finding(
        "imbalance",
        "warning" if ratio >= STRONG_IMBALANCE else "info",
        f"Class '{largest}' has {ratio:,.{0 if ratio >= 10 else 1}f} times as many {noun}s as "
        f"'{smallest}' ({counts[largest]:,} to {counts[smallest]:,}).",
        len(counts),
        classes=(largest, smallest),
    )


def _tiny(dataset: Dataset, name: str, count: int, noun: str) -> Finding:
    start = f"Class '{name}' has {counted(count, noun) if count else f'no {noun}s'}"
    severity: Severity = "warning"
    if count == 0:
        text, severity = f"{start}: nothing can be learnt about it, and nothing made for it.", "error"
    elif count == 1:
        how = (
            "SMOTE needs 2, so only copies of it can be made"
            if dataset.kind == "table"
            else ("all that can be made are variations of that one")
        )
        text, severity = f"{start}: {how}.", "error"
    elif dataset.kind == "table":
        text = (
            f"{start}: SMOTE with {SMOTE_NEIGHBOURS} neighbours needs {SMOTE_NEIGHBOURS + 1}, "
            f"so it would use {count - 1}."
        )
    else:
        text = f"{start}: what is made for it can only vary these {count}."
    return _about_classes(dataset, "tiny_class", severity, text, [name])


def _untested(dataset: Dataset, test: dict[str, int]) -> Iterable[Finding]:
    absent = [name for name, count in test.items() if count == 0]
    for name in absent[:MAX_NAMED]:
        message = f"Class '{name}' has no test samples: whether a model recognises it cannot be measured."
        yield _about_classes(dataset, "untested_class", "error", message, [name])
    if len(absent) > MAX_NAMED:
        rest = absent[MAX_NAMED:]
        message = f"{counted(len(rest), 'more class')} have no test samples: {quoted(rest)}."
        yield _about_classes(dataset, "untested_class", "error", message, rest)
    few = [name for name, count in test.items() if 0 < count < FEW_IN_TEST]
    for name in few[:MAX_NAMED]:
        message = (
            f"Class '{name}' has {counted(test[name], 'test sample')}: one right or wrong answer moves its "
            f"recall by {100 / test[name]:.0f} points."
        )
        yield _about_classes(dataset, "few_test_samples", "info", message, [name])
    if len(few) > MAX_NAMED:
        rest = few[MAX_NAMED:]
        message = f"{counted(len(rest), 'more class')} have fewer than {FEW_IN_TEST} test samples: {quoted(rest)}."
        yield _about_classes(dataset, "few_test_samples", "info", message, rest)


def _about_classes(dataset: Dataset, code: str, severity: Severity, message: str, names: list[str]) -> Finding:
    at = np.concatenate([dataset.positions(name) for name in names[:MAX_IDS]])
    ids = tuple(dataset.ids[at[:MAX_IDS]].tolist())
    count = sum(dataset.class_counts.get(name, 0) for name in names)
    return Finding(code, severity, message, count, ids, classes=tuple(names))


def _similar_names(dataset: Dataset) -> Iterable[Finding]:
    from augmentors.explore.duplicate_texts import normalised

    groups: dict[str, list[str]] = {}
    for name in dataset.class_counts:
        groups.setdefault(normalised(name) or name, []).append(name)
    for names in groups.values():
        # "-1" and "1" differ by a sign, not by spelling.
        if len(names) > 1 and len({name.strip().casefold() for name in names}) < len(names):
            counts = " and ".join(f"'{name}' ({dataset.class_counts[name]:,})" for name in names)
            mask = np.isin(dataset.labels.astype(str), names)
            yield Finding(
                "similar_class_names",
                "warning",
                f"Classes {counts} differ only by capitals or spaces: are they the same?",
                len(names),
                some_ids(dataset, mask),
                classes=tuple(names),
            )


# -- duplicates ------------------------------------------------------------------


def _duplicates(dataset: Dataset, split: Split | None, pairs: list[Pair]) -> Iterable[Finding]:
    noun = {"table": "row", "text": "text", "image": "image"}[dataset.kind]
    at = dataset.frame.index.get_indexer(pd.Index([i for pair in pairs for i in pair[:2]])).reshape(-1, 2)
    exact = np.array([pair.exact for pair in pairs], dtype=bool)
    for chosen, code, words in (
        (exact, "duplicates", "exact copies"),
        (~exact, "near_duplicates", "near copies"),
    ):
        n = int(chosen.sum())
        if n:
            copies = f"{words} of another" if n > 1 else f"{words[:-3]}y of another"
            yield Finding(
                code,
                "warning" if n > 0.1 * len(dataset) else "info",
                f"{counted(n, noun)} {'are' if n > 1 else 'is'} {copies if n > 1 else 'a ' + copies} "
                f"({percent(n / len(dataset))}). Copies are kept on one side of the split.",
                n,
                _pair_ids(dataset, at[chosen]),
            )
    labels = dataset.labels
    clash = labels[at[:, 0]] != labels[at[:, 1]] if len(at) else np.empty(0, bool)
    if (clash & exact).any():
        yield _contradiction(dataset, at[clash & exact], f"equal {noun}", "warning")
    if (clash & ~exact).any():
        yield _contradiction(dataset, at[clash & ~exact], f"nearly equal {noun}", "info")
    if split is not None and len(at):
        in_test = dataset.frame.index.isin(split.test)
        across = in_test[at[:, 0]] != in_test[at[:, 1]]
        if across.any():
            yield Finding(
                "duplicates_across_split",
                "error",
                f"{counted(int(across.sum()), 'pair')} of equal or nearly equal {noun}s lie on both sides of the "
                "split: results on the test part would look better than they are.",
                int(across.sum()),
                _pair_ids(dataset, at[across]),
            )


def _belonging_together(dataset: Dataset, split: Split | None, job: Job) -> Iterable[Finding]:
    from augmentors.explore.health_leaks import subject_findings

    proposal = propose_group(dataset, job)
    yield from subject_findings(dataset, split, proposal)
    if proposal is not None:
        columns = (proposal.column,) if proposal.column else ()
        severity: Severity = "warning" if proposal.alike else "info"
        yield Finding("repeated_subjects", severity, proposal.message, proposal.count, proposal.sample_ids, columns)


def _contradiction(dataset: Dataset, at: np.ndarray, words: str, severity: Severity) -> Finding:
    first = at[0]
    a, b = dataset.labels[first[0]], dataset.labels[first[1]]
    return Finding(
        "contradictory_labels",
        severity,
        f"{counted(len(at), 'pair')} of {words}s carry different labels, such as '{a}' and '{b}': "
        "at least one of each is wrong, or the data cannot tell them apart.",
        len(at),
        _pair_ids(dataset, at),
        classes=tuple(sorted({str(name) for name in dataset.labels[at.ravel()]})),
    )


def _pair_ids(dataset: Dataset, at: np.ndarray) -> tuple[str, ...]:
    """Return ids pair after pair, so that what belongs together is shown together."""
    return tuple(dict.fromkeys(dataset.ids[at.ravel()[: 2 * MAX_IDS]].tolist()))[:MAX_IDS]
