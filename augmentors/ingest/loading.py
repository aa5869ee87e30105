"""The way in: any accepted file or folder → a Dataset, with everything that was understood or set aside."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from augmentors.core.dataset import COLUMN_TYPES, KINDS, TASKS, ColumnType, Kind, Task
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.ranges import checked_cuts
from augmentors.ingest.fingerprint import data_file_fingerprint, file_digest
from augmentors.ingest.limits import os_errors_in_words
from augmentors.ingest.number_signs import checked_sign
from augmentors.ingest.read_csv import read_csv
from augmentors.ingest.read_parquet import read_parquet
from augmentors.ingest.result import Choices, Loaded, Proposal, RawTable
from augmentors.ingest.sniff import Format, detect_format
from augmentors.ingest.tabular import assemble, first_look

_LOOK_BYTES = 1 << 20
_LOOK_ROWS = 5000


def load(
    path: Path | str,
    *,
    kind: Kind | None = None,
    label: str | None = None,
    text: str | None = None,
    group: str | None = None,
    types: Mapping[str, ColumnType] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    merge_spellings: bool = False,
    task: Task | None = None,
    ranges: Sequence[float] | None = None,
    workdir: Path | None = None,
    job: Job = NO_JOB,
) -> Loaded:
    """Return the dataset in a file or folder.

    Parameters
    ----------
    path : Path or str
        .csv, .tsv, .parquet, .jsonl, or a .zip or folder of images.
    kind, label, text, group, types, delimiter, encoding, decimal : optional
        What is known about the data (`decimal`: "." or ","); guessed when left out, and each guess
        is a sentence in ``understood.notes``.
    merge_spellings : bool
        Merge classes whose names differ only by capitals or spaces at the ends.
    task : {"classification", "regression", "multilabel"}, optional
        Whether the label names a class, is a number, or holds several labels: then `label` names one column of
        sets like a|b, or columns of 0 and 1 with commas between them. Guessed when left out (not multilabel).
    ranges : sequence of float, optional
        Cut points between ranges of the target (regression); found in the training part when left out.
    workdir : Path, optional
        Where the images of a ZIP are unpacked; a temporary folder that lasts
        until the process ends when left out.
    job : Job, optional
        Told how far reading is, and asked whether to go on.

    Returns
    -------
    Loaded
        `dataset`, `quarantine` (what was set aside and why) and `understood`.

    Raises
    ------
    UserError
        When the data cannot be used: one sentence that says what and where,
        and a hint.
    """
    path = Path(path)
    choices = _choices(kind, label, text, group, types, delimiter, encoding, decimal, merge_spellings, task, ranges)
    with os_errors_in_words(path):
        form = detect_format(path)
        if form in ("zip", "folder"):
            from augmentors.ingest.images import load_images

            return load_images(path, choices, workdir, job)
        # The hash is made meanwhile: it needs the same bytes and no lock.
        with ThreadPoolExecutor(1) as pool:
            digest = pool.submit(file_digest, path)
            job.progress(0.0, f"Reading {path.name} …")
            raw = READERS[form](path, choices, False)
            job.check()
            job.progress(0.5, "Looking at every value …")
            return assemble(raw, choices, _Later(path, digest.result).fingerprint())


class _Later:
    def __init__(self, path: Path, digest: Callable[[], str]) -> None:
        self._path, self._digest = path, digest

    def fingerprint(self) -> str:
        return data_file_fingerprint(self._path, self._digest())


def propose(path: Path | str, **choices: Any) -> Proposal:
    """Return a first look at a file, from its beginning only.

    Parameters
    ----------
    path : Path or str
    **choices
        As in `load` (without `workdir`); what is given is not guessed.

    Raises
    ------
    UserError
        When the file cannot be read at all. A doubtful label is no error here.
    """
    path = Path(path)
    chosen = _choices(**({"types": None} | choices))
    with os_errors_in_words(path):
        form = detect_format(path)
        if form in ("zip", "folder"):
            from augmentors.ingest.images import propose_images

            return propose_images(path, chosen)
        raw = READERS[form](path, chosen, True)
        names = list(raw.columns)
        understood, preview, classes = first_look(raw, chosen)
        return Proposal(understood, preview, names, classes)


def _csv(path: Path, choices: Choices, look: bool) -> RawTable:
    return read_csv(path, choices, _LOOK_BYTES if look else None)


def _parquet(path: Path, choices: Choices, look: bool) -> RawTable:
    return read_parquet(path, _LOOK_ROWS if look else None, choices.alone)


def _jsonl(path: Path, choices: Choices, look: bool) -> RawTable:
    from augmentors.ingest.read_jsonl import read_jsonl

    return read_jsonl(path, choices, _LOOK_ROWS if look else None)


READERS: dict[Format, Callable[[Path, Choices, bool], RawTable]] = {
    "csv": _csv,
    "parquet": _parquet,
    "jsonl": _jsonl,
}


def _choices(
    kind: Kind | None = None,
    label: str | None = None,
    text: str | None = None,
    group: str | None = None,
    types: Mapping[str, ColumnType] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
    merge_spellings: bool = False,
    task: Task | None = None,
    ranges: Sequence[float] | None = None,
) -> Choices:
    if kind is not None and kind not in KINDS:
        raise UserError(f"The kind must be one of {', '.join(KINDS)}; got '{kind}'.")
    for name, wanted in (types or {}).items():
        if wanted not in COLUMN_TYPES:
            raise UserError(f"The type of column '{name}' must be one of {', '.join(COLUMN_TYPES)}; got '{wanted}'.")
    if task is not None and task not in TASKS:
        raise UserError(f"The task must be one of {', '.join(TASKS)}; got '{task}'.")
    if task not in (None, "regression") and ranges is not None:
        raise UserError(f"Ranges are for the task regression; got the task {task}.", "Leave one of them out.")
    return Choices(
        kind,
        label,
        text,
        group,
        dict(types or {}),
        delimiter,
        encoding,
        checked_sign(decimal),
        merge_spellings,
        task,
        None if ranges is None else checked_cuts(ranges),
    )
