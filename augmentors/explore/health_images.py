"""Findings about image files."""

from collections.abc import Iterator

import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.explore.health import Finding, counted, percent, some_ids
from augmentors.explore.images import image_facts

TINY = 24  # pixels, shorter side
MIN_CLASS = 5
UNEVEN = 0.9


def image_table(dataset: Dataset, job: Job = NO_JOB) -> pd.DataFrame:
    """Return what the header of each file says, in dataset order.

    Returns
    -------
    DataFrame
        ``width``, ``height`` (0 when unreadable), ``size`` ("640 × 480"), ``mode``, ``format``,
        ``frames``, ``colour``, ``grey`` and ``readable``, indexed by sample id.
    """
    rows = []
    for i in range(len(dataset)):
        if i % 64 == 0:
            job.check()
            job.progress(i / len(dataset), "Reading image sizes")
        try:
            facts = image_facts(dataset.image_path(i))
        except UserError:
            rows.append((0, 0, "unreadable", "", "", 1, "", False, False))
            continue
        size = f"{facts.width} × {facts.height}"
        grey = facts.colour == "grey"
        rows.append(
            (
                facts.width,
                facts.height,
                size,
                facts.mode,
                facts.format,
                facts.frames,
                facts.colour,
                grey,
                True,
            )
        )
    names = ["width", "height", "size", "mode", "format", "frames", "colour", "grey", "readable"]
    return pd.DataFrame(rows, columns=names, index=dataset.frame.index)


def image_findings(dataset: Dataset, job: Job) -> list[Finding]:
    """Return what is wrong or odd about sizes, colours and files."""
    table = image_table(dataset, job)
    found = list(_unreadable(dataset, table))
    seen = table[table["readable"]]
    if len(seen):
        found += [*_sizes(dataset, seen), *_colours(dataset, seen), *_odd_files(dataset, table)]
        found += [*_by_class(dataset, table, "size"), *_by_class(dataset, table, "colour")]
    return found


def _unreadable(dataset: Dataset, table: pd.DataFrame) -> Iterator[Finding]:
    bad = ~table["readable"].to_numpy()
    n = int(bad.sum())
    if n:
        message = f"{counted(n, 'image')} cannot be read any more: {'its file' if n == 1 else 'their files'} changed."
        yield Finding("unreadable_images", "error", message, n, some_ids(dataset, bad))


def _sizes(dataset: Dataset, seen: pd.DataFrame) -> Iterator[Finding]:
    sizes = seen["size"].value_counts()
    if len(sizes) > 1:
        smallest, largest = (
            seen["size"].iloc[int(at)]
            for at in ((seen["width"] * seen["height"]).argmin(), (seen["width"] * seen["height"]).argmax())
        )
        most = f"{percent(sizes.iloc[0] / len(seen))} are {sizes.index[0]}"
        message = (
            f"Images come in {len(sizes):,} sizes, from {smallest} to {largest} pixels; {most}. "
            "They are scaled to one size to learn from, and kept as they are in the export."
        )
        odd = dataset.frame.index.isin(seen.index[seen["size"] != sizes.index[0]])
        yield Finding("mixed_sizes", "info", message, len(sizes), some_ids(dataset, odd))
    tiny = dataset.frame.index.isin(seen.index[seen[["width", "height"]].min(axis=1) < TINY])
    if tiny.any():
        n = int(tiny.sum())
        message = f"{counted(n, 'image')} {'is' if n == 1 else 'are'} narrower than {TINY} pixels: details may be lost."
        yield Finding("tiny_images", "info", message, n, some_ids(dataset, tiny))


def _colours(dataset: Dataset, seen: pd.DataFrame) -> Iterator[Finding]:
    counts = seen["colour"].value_counts()
    if len(counts) < 2:
        return
    words = {"grey": "grey", "colour": "in colour", "transparent": "partly transparent (shown on white)"}
    parts = [f"{count:,} are {words[str(name)]}" for name, count in counts.items()]
    odd = dataset.frame.index.isin(seen.index[seen["colour"] != counts.index[0]])
    message = f"Kinds of images are mixed: {' and '.join([', '.join(parts[:-1]), parts[-1]])}."
    yield Finding("mixed_colours", "info", message, int(counts.iloc[1:].sum()), some_ids(dataset, odd))


def _odd_files(dataset: Dataset, table: pd.DataFrame) -> Iterator[Finding]:
    animated = (table["frames"] > 1).to_numpy()
    if animated.any():
        n = int(animated.sum())
        message = f"{counted(n, 'image')} {'has' if n == 1 else 'have'} several frames: only the first is used."
        yield Finding("animated_images", "info", message, n, some_ids(dataset, animated))
    deep = table["mode"].isin(["I", "F", "I;16", "I;16B", "I;16L", "I;16N"]).to_numpy()
    if deep.any():
        n = int(deep.sum())
        have = "has" if n == 1 else "have"
        message = f"{counted(n, 'image')} {have} more than 8 bits per pixel: scaled to 8 bits to work with."
        yield Finding("deep_images", "info", message, n, some_ids(dataset, deep))


def _by_class(dataset: Dataset, table: pd.DataFrame, fact: str) -> Iterator[Finding]:
    """A size or colour that one class has almost always and the others almost never."""
    labels = dataset.labels
    for value, n in table.loc[table["readable"], fact].value_counts().head(20).items():
        has = (table[fact] == value).to_numpy()
        if n == len(table):
            continue
        shares = pd.Series(has).groupby(labels).mean()
        shares = shares[[name for name, count in dataset.class_counts.items() if count >= MIN_CLASS]]
        high = shares[shares >= UNEVEN]
        if len(high) != 1 or len(shares) < 2 or shares.drop(high.index).max() > 1 - UNEVEN:
            continue
        name = str(high.index[0])
        what = {"grey": "grey", "colour": "in colour", "transparent": "partly transparent"}.get(str(value))
        message = (
            f"Images of '{name}' are {what or f'{value} pixels'}, those of other classes are not: "
            f"a model could learn the {fact} instead of what is shown."
        )
        yield Finding(f"{fact}_by_class", "warning", message, int(has.sum()), some_ids(dataset, has), (), (name,))
