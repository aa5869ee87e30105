"""A table of file and label beside the images → the class of each image."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.errors import UserError
from augmentors.ingest.guesses import guess_label, require_column
from augmentors.ingest.labels import without_missing
from augmentors.ingest.limits import MAX_CLASSES
from augmentors.ingest.read_csv import read_csv
from augmentors.ingest.result import Choices, Quarantined, RawTable

FILE_NAMES = (
    *("file", "filename", "file_name", "path", "filepath", "file_path", "image", "image_path", "img"),
    *("image_name", "image_file", "image_id", "id", "name"),
)


@dataclass(frozen=True)
class ImageLabels:
    """The rows of the table that belong to an image.

    Parameters
    ----------
    label : str
        Name of the label column.
    rows : dict of str to dict
        Per image (path below the root): the label and the other columns.
    """

    label: str
    rows: dict[str, dict[str, str | None]]
    delimiter: str | None
    encoding: str | None
    quarantine: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_image_labels(table: Path, name: str, images: list[str], choices: Choices) -> ImageLabels | None:
    """Return the labels that a table gives to images; None when it does not speak of them.

    Parameters
    ----------
    table : Path
    name : str
        Its path below the root of the images; files are looked for beside it.
    images : list of str
        Paths below the root.
    choices : Choices
        `label`, `delimiter` and `encoding` are honoured.

    Raises
    ------
    UserError
        When the table cannot be read or has no label.
    """
    raw = replace(read_csv(table, choices), source=name)
    for column in raw.columns:
        raw.as_written(column)
    finder = _Finder(images, name)
    file_column = _file_column(raw, finder)
    if file_column is None:
        return None
    require_column(choices.label, "label", raw.columns, name)
    label, sentence = choices.label, ""
    if label is None:
        label, sentence = guess_label(raw.columns, (file_column,))
        label = label or _only_other(raw, file_column)
    if label is None:
        raise UserError(f"{name}: no column beside '{file_column}' looks like a label.", "Name the label column.")
    raw = without_missing(raw, label)
    notes = [*raw.notes, f"The labels come from '{name}': file names in column '{file_column}'."]
    notes += [sentence] if sentence else []
    rows, aside = _match(raw, file_column, finder)
    unlisted = [Quarantined(image, f"is not listed in {name}") for image in images if image not in rows]
    return ImageLabels(label, rows, raw.delimiter, raw.encoding, raw.quarantine + aside + unlisted, notes)


class _Finder:
    """Finds the image that a cell speaks of: by path, by name, or by name without suffix."""

    def __init__(self, images: list[str], table: str) -> None:
        beside = str(PurePosixPath(table).parent)
        self._prefix = "" if beside == "." else beside + "/"
        self._exact = set(images)
        self._by_name = _unique({image: PurePosixPath(image).name for image in images})
        self._by_stem = _unique({image: PurePosixPath(image).stem for image in images})

    def find(self, cell: str) -> str | None:
        wanted = cell.strip().replace("\\", "/").removeprefix("./")
        for path in (self._prefix + wanted, wanted):
            if path in self._exact:
                return path
        base = PurePosixPath(wanted).name
        return self._by_name.get(base) or self._by_stem.get(base)


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Return name → image for the names that belong to one image only."""
    found: dict[str, str | None] = {}
    for image, name in names.items():
        found[name] = None if name in found else image
    return {name: image for name, image in found.items() if image is not None}


def _file_column(raw: RawTable, finder: _Finder) -> str | None:
    """Return the column whose values name images; columns with a fitting name are asked first."""
    order = sorted(raw.columns, key=lambda n: _rank(n.strip().lower()))
    for name in order:
        head = raw.columns[name].slice(0, 2000).drop_null().slice(0, 200).to_pylist()
        hits = sum(finder.find(cell) is not None for cell in head)
        if hits and (hits >= 0.5 * len(head) or _rank(name.strip().lower()) < len(FILE_NAMES)):
            return name
    return None


def _rank(name: str) -> int:
    return FILE_NAMES.index(name) if name in FILE_NAMES else len(FILE_NAMES)


def _only_other(raw: RawTable, file_column: str) -> str | None:
    others = [name for name in raw.columns if name != file_column]
    return others[0] if len(others) == 1 else None


def _match(
    raw: RawTable, file_column: str, finder: _Finder
) -> tuple[dict[str, dict[str, str | None]], list[Quarantined]]:
    """Return per image the other columns of its row, and the rows without an image of their own."""
    rows: dict[str, dict[str, str | None]] = {}
    aside: list[Quarantined] = []
    others = {name: values.to_pylist() for name, values in raw.columns.items() if name != file_column}
    places = raw.places(range(raw.n_rows))
    for at, cell in enumerate(raw.columns[file_column].to_pylist()):
        where = f"{raw.source}, {places[at]}"
        image = finder.find(cell) if cell else None
        if image is None:
            aside.append(Quarantined(where, f"no image '{cell or ''}' was found"))
        elif image in rows:
            aside.append(Quarantined(where, f"'{image}' is listed a second time; the first row counts"))
        else:
            rows[image] = {name: values[at] for name, values in others.items()}
    return rows, aside


def check_classes(labels: list[str], label: str, source: str, aside: list[Quarantined]) -> None:
    """Raise a UserError when images have one class, or so many that these are no classes."""
    classes = sorted(set(labels))
    first = f" ({len(aside):,} set aside, first '{aside[0].where}': {aside[0].reason})" if aside else ""
    if not classes:
        raise UserError(f"{source} holds no usable image{first}.", "Check the images and their labels.")
    if len(classes) == 1:
        raise UserError(
            f"{source} has one class ('{classes[0]}') in {len(labels):,} usable images{first}; expected two or more.",
            "Check the class folders or the label column, and what was set aside.",
        )
    if len(classes) > MAX_CLASSES or len(classes) > max(10, len(labels) / 2):
        raise UserError(
            f"{source} has {len(classes):,} classes ('{label}') in {len(labels):,} images; "
            f"expected at most {MAX_CLASSES:,}, and at least two images for each.",
            "Choose another label column, or sort the images into fewer folders.",
        )


def class_counts(labels: list[str]) -> dict[str, int]:
    """Return the number of images per class, largest first."""
    counts = pc.value_counts(pa.array(labels, pa.string())).to_pylist()
    return {c["values"]: c["counts"] for c in sorted(counts, key=lambda c: (-c["counts"], c["values"]))}
