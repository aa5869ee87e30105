"""A ZIP or folder of images → a Dataset whose ids are the paths below the class-folder root."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from augmentors.core.dataset import PATH_COLUMN, ColumnType, Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.ingest import archive
from augmentors.ingest.fingerprint import file_digest, fingerprint
from augmentors.ingest.guesses import require_column
from augmentors.ingest.image_check import check_images
from augmentors.ingest.image_labels import ImageLabels, check_classes, class_counts, read_image_labels
from augmentors.ingest.image_layout import ImageLayout, by_folders, find_layout
from augmentors.ingest.label_spellings import merged
from augmentors.ingest.result import Choices, Loaded, Proposal, Quarantined, Understood

DEFAULT_LABEL = "label"


@dataclass(frozen=True)
class _Source:
    """Files on disk, laid out, with what was set aside so far."""

    name: str
    format: str
    folder: Path
    layout: ImageLayout
    folders: list[str]
    quarantine: list[Quarantined] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.folder / self.layout.root


def load_images(path: Path, choices: Choices, workdir: Path | None = None, job: Job = NO_JOB) -> Loaded:
    """Return the images of a ZIP (unpacked into `workdir`) or of a folder (read in place).

    Raises
    ------
    UserError
        When the ZIP is unsafe or damaged, or no two classes are left.
    """
    _require_image_kind(path, choices)
    if path.is_dir():
        return _load(_from_folder(path), choices, job)
    with _unpacked(path, workdir, job.part(0.0, 0.5)) as source:
        return _load(source, choices, job.part(0.5, 1.0))


def _require_image_kind(path: Path, choices: Choices) -> None:
    if choices.kind not in (None, "image"):
        raise UserError(
            f"{path.name} is a ZIP or folder, which holds images; got the kind {choices.kind}.",
            "Load the data file itself, or choose the kind image.",
        )
    task = "regression" if choices.ranges is not None else choices.task
    if task not in (None, "classification"):
        raise UserError(f"{path.name} holds images; the task {task} is for tables.", "Leave it out.")
    if choices.text is not None:
        raise UserError(f"{path.name} holds images, which have no text column.", "Leave it out.")


def _require_group(group: str | None, frame: pd.DataFrame, label: str, source: str) -> None:
    """Raise a UserError when the group column is not one that the table of labels gives."""
    others = [name for name in frame.columns if name not in (PATH_COLUMN, label)]
    if group is None or group in others:
        return
    if others:
        require_column(group, "group", others, source)
    raise UserError(
        f"{source} has no column '{group}' to use as group: its images come without further columns.",
        "Put a CSV with the columns file, label and group beside the images.",
    )


def _from_folder(path: Path) -> _Source:
    names, folders = walk(path)
    unreadable = [name for name in names if not is_unicode(name)]
    names = [name for name in names if is_unicode(name)]
    kept, aside = archive.without_collisions(names)
    aside += [
        Quarantined(name.encode("utf-8", "replace").decode(), "its name is not valid Unicode; rename it")
        for name in unreadable
    ]
    layout = find_layout([names[i] for i in kept], folders, path.name)
    return _Source(path.name, "folder", path, layout, folders, aside)


def is_unicode(name: str) -> bool:
    """Tell whether a file name can be written as UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def walk(path: Path) -> tuple[list[str], list[str]]:
    """Return files and folders below a folder, hidden ones left out, links not followed."""
    names, folders = [], []

    def refuse(error: OSError) -> None:
        raise error

    for parent, inner, files in os.walk(path, onerror=refuse):
        relative = Path(parent).relative_to(path).as_posix()
        prefix = "" if relative == "." else relative + "/"
        inner[:] = sorted(name for name in inner if not archive.is_hidden(name))
        folders += [prefix + name for name in inner]
        names += [prefix + name for name in sorted(files) if not archive.is_hidden(name)]
    return names, folders


@contextmanager
def _unpacked(path: Path, workdir: Path | None, job: Job) -> Iterator[_Source]:
    """Unpack what is needed of a ZIP; when loading fails, nothing stays behind."""
    with archive.opened(path) as zipped:
        files, folders = archive.members(zipped, path.name)
        kept, aside = archive.without_collisions([m.name for m in files])
        files = [files[i] for i in kept]
        layout = find_layout([m.name for m in files], folders, path.name)
        wanted = {layout.root + name for name in (*layout.images, *layout.tables)}
        target = unpack_folder(workdir)
        try:
            damaged = archive.extract(zipped, [m for m in files if m.name in wanted], target, job)
            layout = layout.without({entry.where for entry in damaged})
            yield _Source(path.name, "zip", target, layout, folders, aside + damaged)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise


def unpack_folder(workdir: Path | None) -> Path:
    """Return a fresh folder for the images of a ZIP."""
    if workdir is not None:
        workdir.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="images-", dir=workdir))
    target = Path(tempfile.mkdtemp(prefix="counterweight-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    return target


def _load(source: _Source, choices: Choices, job: Job) -> Loaded:
    labels, layout = _labels(source, choices)
    quarantine = source.quarantine + layout.quarantine + (labels.quarantine if labels else [])
    good, digests, bad = decoded(source.root, layout.images, job)
    listed = [name for name in good if labels is None or name in labels.rows]
    frame, types = _frame(listed, layout, labels, choices)
    label = labels.label if labels else choices.label or DEFAULT_LABEL
    _require_group(choices.group, frame, label, source.name)
    told = _merge(frame, label) if choices.merge_spellings else []
    check_classes(frame[label].tolist(), label, source.name, bad + quarantine)
    digests += [(name, file_digest(source.root / name)) for name in layout.tables]
    understood = _as_chosen(_understood(source, layout, labels, label, types), choices, told)
    schema = Schema(label, types, group=choices.group)
    dataset = Dataset("image", frame, schema, fingerprint(digests), source.root)
    return Loaded(dataset, quarantine + bad, understood)


def _labels(source: _Source, choices: Choices) -> tuple[ImageLabels | None, ImageLayout]:
    """Return the labels of a table, or the layout by class folders when no table speaks of the images."""
    layout = source.layout
    for name in layout.tables:
        labels = read_image_labels(source.root / name, name, layout.images, choices)
        if labels is not None:
            return labels, layout
    if layout.mode == "table":
        aside = layout.quarantine + [
            Quarantined(name, "names none of the images, so it was not used for labels") for name in layout.tables
        ]
        layout = by_folders(layout.root, layout.images, source.folders, source.name, aside)
    return None, layout


def decoded(root: Path, names: list[str], job: Job) -> tuple[list[str], list[tuple[str, str]], list[Quarantined]]:
    """Return the images that decode, the digests of all, and those that do not."""
    good: list[str] = []
    digests: list[tuple[str, str]] = []
    bad: list[Quarantined] = []
    for at, checked in enumerate(check_images(root, names)):
        if at % 64 == 0:
            job.check()
            job.progress(at / len(names), f"Decoded {at:,} of {len(names):,} images …")
        if checked.digest:
            digests.append((checked.name, checked.digest))
        if checked.problem:
            bad.append(Quarantined(checked.name, checked.problem))
        else:
            good.append(checked.name)
    return good, digests, bad


def _frame(
    names: list[str], layout: ImageLayout, labels: ImageLabels | None, choices: Choices
) -> tuple[pd.DataFrame, dict[str, ColumnType]]:
    """Return one row per image: its path, its label, and what else the table says of it."""
    columns: dict[str, list[str | None]] = {PATH_COLUMN: list(names)}
    if labels is None:
        columns[choices.label or DEFAULT_LABEL] = [layout.label(name) for name in names]
    else:
        others = list(next(iter(labels.rows.values()), {}))
        for column in others:
            key = f"{column} (table)" if column == PATH_COLUMN else column
            columns[key] = [labels.rows[name][column] for name in names]
    label = labels.label if labels else choices.label or DEFAULT_LABEL
    types: dict[str, ColumnType] = {name: "ignored" for name in columns if name != label}
    index = pd.Index(names, dtype="str", name="id")
    return pd.DataFrame({n: pd.array(v, dtype="str") for n, v in columns.items()}, index=index), types


def _merge(frame: pd.DataFrame, label: str) -> list[str]:
    """Give each class one spelling, in place; return what was merged."""
    frame[label], told = merged(frame[label])
    return [told] if told else []


def _as_chosen(understood: Understood, choices: Choices, told: list[str]) -> Understood:
    notes = [*understood.notes, *told]
    return replace(understood, group=choices.group, merge_spellings=choices.merge_spellings, notes=notes)


def _understood(
    source: _Source,
    layout: ImageLayout,
    labels: ImageLabels | None,
    label: str,
    types: dict[str, ColumnType],
) -> Understood:
    notes = list(layout.notes)
    if labels is None:
        notes.append("The class of an image is the name of its folder.")
        delimiter = encoding = None
    else:
        notes += labels.notes
        delimiter, encoding = labels.delimiter, labels.encoding
    return Understood(
        "image", label, types=types, delimiter=delimiter, encoding=encoding, format=source.format, notes=notes
    )


def propose_images(path: Path, choices: Choices) -> Proposal:
    """Return what a ZIP or folder of images seems to hold; no image is decoded.

    Raises
    ------
    UserError
        When it is unsafe or damaged, or nothing gives the images a class.
    """
    _require_image_kind(path, choices)
    if path.is_dir():
        return _propose(_from_folder(path), choices)
    with archive.opened(path) as zipped, tempfile.TemporaryDirectory() as folder:
        files, folders = archive.members(zipped, path.name)
        kept, aside = archive.without_collisions([m.name for m in files])
        files = [files[i] for i in kept]
        layout = find_layout([m.name for m in files], folders, path.name)
        tables = {layout.root + name for name in layout.tables}
        archive.extract(zipped, [m for m in files if m.name in tables], Path(folder))
        return _propose(_Source(path.name, "zip", Path(folder), layout, folders, aside), choices)


def _propose(source: _Source, choices: Choices) -> Proposal:
    labels, layout = _labels(source, choices)
    names = [name for name in layout.images if labels is None or name in labels.rows]
    frame, types = _frame(names, layout, labels, choices)
    label = labels.label if labels else choices.label or DEFAULT_LABEL
    _require_group(choices.group, frame, label, source.name)
    told = _merge(frame, label) if choices.merge_spellings else []
    understood = _as_chosen(_understood(source, layout, labels, label, types), choices, told)
    classes = class_counts(frame[label].tolist())
    return Proposal(understood, frame.head(10).reset_index(drop=True), list(frame.columns), classes)
