"""Samples without labels → a Dataset, read as the labelled samples beside them were read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from augmentors.core.card import FOUND
from augmentors.core.dataset import UNLABELLED, Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.ingest.fingerprint import data_file_fingerprint, file_digest
from augmentors.ingest.limits import os_errors_in_words
from augmentors.ingest.loading import READERS
from augmentors.ingest.number_signs import checked_sign
from augmentors.ingest.result import LISTED, Choices, Quarantined, RawTable, listed
from augmentors.ingest.sniff import detect_format
from augmentors.ingest.tabular import without_label

NAMED = 5


@dataclass(frozen=True)
class Unlabelled:
    """Samples without labels, what was set aside on the way, and how they were read.

    Parameters
    ----------
    dataset : Dataset
        Its frame has no label column; its ids begin with ``unlabelled:``.
    quarantine : list of Quarantined
    notes : list of str
    delimiter, encoding : str or None
        For text files, detected or given.
    """

    dataset: Dataset
    quarantine: list[Quarantined]
    notes: list[str]
    delimiter: str | None = None
    encoding: str | None = None


def load_unlabelled(
    path: Path | str,
    like: Dataset,
    *,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    workdir: Path | None = None,
    job: Job = NO_JOB,
) -> Unlabelled:
    """Return samples without labels that lie beside a dataset.

    Parameters
    ----------
    path : Path or str
        As for `load`; columns as in `like`, the label column may be left out. Images need no class folders.
    like : Dataset
        The labelled samples: kind, columns and types are theirs.
    delimiter, encoding, decimal : str, optional
        Guessed when left out.
    workdir : Path, optional
        Where the images of a ZIP are unpacked.
    job : Job, optional

    Raises
    ------
    UserError
        When the data cannot be used: other columns, values of another type, no sample.
    """
    path = Path(path)
    if like.schema.task != "classification":
        raise UserError(
            f"Unlabelled data is for data with one class per sample; '{like.schema.label}' {FOUND[like.schema.task]}."
        )
    with os_errors_in_words(path), _named_unlabelled(path, like.kind):
        form = detect_format(path)
        images = form in ("zip", "folder")
        _check_kind(path, form, images, like.kind)
        if images:
            from augmentors.ingest.unlabelled_images import read_unlabelled_images

            frame, fingerprint, root, aside, notes = read_unlabelled_images(path, like, workdir, job)
            return Unlabelled(_beside(like, frame, fingerprint, root), aside, notes)
        schema = like.schema
        sign = checked_sign(decimal)
        given = (like.kind, None, schema.text, schema.group, schema.types, delimiter, encoding, sign)
        choices = Choices(*given, alone=True)
        job.progress(0.0, f"Reading {path.name} …")
        raw = READERS[form](path, choices, False)
        job.check()
        return _rows(raw, like, choices, data_file_fingerprint(path, file_digest(path)))


@contextmanager
def _named_unlabelled(path: Path, kind: str) -> Iterator[None]:
    """Say in errors of the readers, who know no second file, that it is the unlabelled data that they speak of."""
    try:
        yield
    except UserError as error:
        if "unlabelled" in error.message.lower():
            raise
        told = error.message.removeprefix(path.name).lstrip()
        sentence = f"The unlabelled data {path.name} {told}" if told != error.message else f"Unlabelled data: {told}"
        # A hint about class folders is for labelled images.
        raise UserError(sentence, "Give a ZIP or a folder of images." if kind == "image" else error.hint) from None


def _check_kind(path: Path, form: str, images: bool, kind: str) -> None:
    if images == (kind == "image"):
        return
    read = (
        f"is a {form if form == 'folder' else 'ZIP'}, which is read as images" if images else "holds rows, not images"
    )
    expected = "a ZIP or a folder of images" if kind == "image" else "a file of rows with the same columns"
    raise UserError(
        f"The unlabelled data {path.name} {read}; the labelled data is of kind {kind}.", f"Give {expected}."
    )


def _rows(raw: RawTable, like: Dataset, choices: Choices, fingerprint: str) -> Unlabelled:
    notes = _with_columns_of(raw, like)
    if not raw.n_rows:
        raise UserError(f"The unlabelled data {raw.source} has no row.")
    try:
        frame, understood = without_label(raw, choices)
    except UserError as error:
        raise UserError(
            f"The unlabelled data {raw.source} does not fit the labelled data: {error.message}",
            "Write its values as in the labelled data.",
        ) from None
    frame, holes = _typed_like(frame, like)
    aside = [*raw.quarantine, *_listed(raw, holes)]
    if not len(frame):
        raise UserError(
            f"The unlabelled data {raw.source} has no row that could be used: {aside[0].reason}.",
        )
    dataset = _beside(like, frame, fingerprint, None)
    # What is guessed of a column is known already: its type is the labelled column's.
    return Unlabelled(
        dataset,
        aside,
        [*notes, *(f"Unlabelled data: {said}" for said in raw.notes)],
        understood.delimiter,
        understood.encoding,
    )


def _with_columns_of(raw: RawTable, like: Dataset) -> list[str]:
    """Take the label column out and fill in ignored ones; refuse any other difference in columns."""
    label, notes = like.schema.label, []
    if label in raw.columns and label not in like.schema.types:
        raw.columns.pop(label)
        raw.fixed.pop(label, None)
        notes.append(f"Column '{label}' of the unlabelled data {raw.source} is not looked at.")
    wanted = [name for name in like.frame.columns if name != label]
    spare = [name for name in wanted if like.schema.types.get(name) == "ignored" and name != like.schema.group]
    lacking = [name for name in wanted if name not in raw.columns]
    more = [name for name in raw.columns if name not in wanted]
    needed = [name for name in lacking if name not in spare]
    if needed or more:
        said = [f"it lacks {_named(needed)}"] if needed else []
        said += [f"it has {_named(more)}, which the labelled data lacks"] if more else []
        raise UserError(
            f"The unlabelled data {raw.source} has other columns than the labelled data: {' and '.join(said)}.",
            f"Give it the same columns; the label column '{label}' may be left out.",
        )
    for name in lacking:
        raw.columns[name] = pa.chunked_array([pa.nulls(raw.n_rows, pa.string())])
    if lacking:
        notes.append(f"The unlabelled data {raw.source} lacks {_named(lacking)}, ignored anyway: left empty.")
    return notes


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:NAMED])
    return shown + (f" and {len(names) - NAMED:,} more" if len(names) > NAMED else "")


def _typed_like(frame: pd.DataFrame, like: Dataset) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the rows with the labelled data's columns and dtypes, and where a value misses that no dtype allows."""
    dtypes = {name: like.frame[name].dtype for name in like.frame.columns if name != like.schema.label}
    frame = frame[list(dtypes)]
    strict = [name for name, dtype in dtypes.items() if isinstance(dtype, np.dtype) and dtype.kind in "iub"]
    gaps = {name: frame[name].isna().to_numpy() for name in strict}
    holes = {name: np.flatnonzero(mask) for name, mask in gaps.items() if mask.any()}
    good = ~np.logical_or.reduce(list(gaps.values())) if gaps else np.ones(len(frame), dtype=bool)
    kept = frame[good]
    return pd.DataFrame({n: kept[n].astype(dtype) for n, dtype in dtypes.items()}, index=kept.index), holes


def _listed(raw: RawTable, holes: dict[str, np.ndarray]) -> list[Quarantined]:
    entries: list[Quarantined] = []
    total = 0
    for name, at in holes.items():
        reason = f"'{name}' is missing, which never happens in the labelled data"
        entries += [Quarantined(place, reason) for place in raw.places(at[:LISTED].tolist())]
        total += len(at)
    return listed(entries, total, "rows lack a value")


def _beside(like: Dataset, frame: pd.DataFrame, fingerprint: str, root: Path | None) -> Dataset:
    ids = pd.Index([f"{UNLABELLED}{name}" for name in frame.index], dtype=like.frame.index.dtype, name=frame.index.name)
    return replace(like, frame=frame.set_axis(ids, axis=0), fingerprint=fingerprint, root=root, unlabelled=None)
