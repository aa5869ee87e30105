"""The datasets that come with the app."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError


@dataclass(frozen=True)
class Sample:
    """One built-in dataset and what to say about it before it is opened.

    Parameters
    ----------
    key, title, one_line : str
    path, thumbnail : Path
    kind : {"table", "text", "image"}
    label, text : str or None
        Columns to load it with; None for image folders.
    rows : int
    classes : dict of str to int
        Samples per class.
    imbalance_ratio : float
        Largest class over smallest.
    source, licence : str
    """

    key: str
    title: str
    path: Path
    kind: Kind
    label: str | None
    text: str | None
    rows: int
    classes: dict[str, int]
    imbalance_ratio: float
    one_line: str
    source: str
    licence: str
    thumbnail: Path


def assets_dir() -> Path:
    """Return the folder `assets` beside the package.

    Raises
    ------
    UserError
        When it is not there (the package was installed without its data).
    """
    folder = Path(__file__).resolve().parents[2] / "assets"
    if not folder.is_dir():
        raise UserError(
            "The folder 'assets' with the built-in data is not beside the package.",
            "Run from a complete checkout.",
        )
    return folder


def samples() -> list[Sample]:
    """Return the built-in datasets in the order in which they are shown."""
    folder = assets_dir() / "samples"
    entries = yaml.safe_load((folder / "samples.yaml").read_text(encoding="utf-8"))
    return [_sample(folder, entry) for entry in entries]


def sample(key: str) -> Sample:
    """Return a built-in dataset by its key.

    Raises
    ------
    UserError
        When there is none of that key.
    """
    known = samples()
    for one in known:
        if one.key == key:
            return one
    keys = ", ".join(one.key for one in known)
    raise UserError(f"There is no built-in sample '{key}'; there are: {keys}.", "Choose one of these.")


def _sample(folder: Path, entry: dict[str, Any]) -> Sample:
    return Sample(
        key=entry["key"],
        title=entry["title"],
        path=folder / entry["file"],
        kind=entry["kind"],
        label=entry.get("label"),
        text=entry.get("text"),
        rows=int(entry["rows"]),
        classes={str(name): int(n) for name, n in entry["classes"].items()},
        imbalance_ratio=float(entry["imbalance_ratio"]),
        one_line=entry["one_line"],
        source=entry["source"],
        licence=entry["licence"],
        thumbnail=folder / entry["thumbnail"],
    )
