"""Images on disk: class folders beside a metadata.csv; originals are copied byte for byte."""

import hashlib
import re
from pathlib import Path

import pandas as pd

from augmentors.balance.batch import Batch
from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.job import Job
from augmentors.export.arrow import as_table, write_csv


class FileNames:
    """Gives each image a name inside its class folder that no other has (case ignored)."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folders: dict[str, str] = {}

    def folder(self, label: str) -> str:
        """Return the folder of a class: its name, made safe for every file system."""
        if label not in self._folders:
            base = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", label).strip(" .") or "_"
            name, number = base, 2
            while name.casefold() in {f.casefold() for f in self._folders.values()}:
                name, number = f"{base}_{number}", number + 1
            self._folders[label] = name
        return self._folders[label]

    def place(self, label: str, path: str) -> str:
        """Return ``class/file`` for an image; a second image of the same name gets its folders into the name."""
        folder = self.folder(label)
        file = Path(path)
        for name in (file.name, path.replace("/", "__"), *(f"{file.stem}_{i}{file.suffix}" for i in range(2, 1000))):
            place = f"{folder}/{name}"
            if place.casefold() not in self._taken:
                break
        self._taken.add(place.casefold())
        return place


def write_originals(folder: Path, part: Dataset, names: FileNames, job: Job) -> tuple[dict[str, str], list[str]]:
    """Copy the images of a part; return {relative file: sha256} and the files in row order."""
    assert part.root is not None
    hashes: dict[str, str] = {}
    files: list[str] = []
    labels = part.labels
    for i, path in enumerate(part.frame[PATH_COLUMN].tolist()):
        place = names.place(str(labels[i]), path)
        data = (part.root / path).read_bytes()
        _write(folder / place, data)
        hashes[place] = hashlib.sha256(data).hexdigest()
        files.append(place)
        if i % 50 == 0:
            job.check()
            job.progress(i / len(part), "Copying the originals")
    return hashes, files


def write_new(folder: Path, batch: Batch, label: str, names: FileNames) -> tuple[dict[str, str], list[str]]:
    """Write the new images; return {relative file: sha256} and the files in row order."""
    hashes: dict[str, str] = {}
    files: list[str] = []
    frame = batch.samples.frame
    for name, target, data, suffix in zip(
        frame.index, frame[label].astype(str), batch.files or [], batch.suffixes or [], strict=True
    ):
        place = names.place(target, f"{name}{suffix}")
        _write(folder / place, data)
        hashes[place] = hashlib.sha256(data).hexdigest()
        files.append(place)
    return hashes, files


def write_metadata(folder: Path, frame: pd.DataFrame, files: list[str]) -> None:
    """Write ``metadata.csv``: sample id, file, label and what came with the images."""
    rows = frame.drop(columns=[PATH_COLUMN])
    rows.insert(0, "file", files)
    write_csv(as_table(rows), folder / "metadata.csv")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
