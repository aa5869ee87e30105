"""The manifest: what the export holds, without time, host or path, so that equal work gives equal manifests."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from augmentors import __version__
from augmentors.core.seeds import digest

LIBRARIES = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy", "pillow")
BY_KIND = {
    "table": (),
    "text": ("nlpaug", "nltk"),
    "image": ("albumentations", "opencv-python-headless"),
}
REPORT = "report.html"
DROPPED = "dropped.parquet"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PartRows:
    """How many samples the parts of an export hold.

    Parameters
    ----------
    original, new : int
        Of train.
    test : int
    """

    original: int
    new: int
    test: int


def part_rows(manifest: Mapping[str, Any]) -> PartRows:
    """Return how many samples each part holds; class counts do not tell where a sample bears several labels."""
    files = manifest["files"]
    held = {
        part: max((facts["rows"] for name, facts in files.items() if name.startswith(f"{part}/")), default=0)
        for part in ("train", "test")
    }
    new = files["provenance.parquet"]["rows"]
    return PartRows(held["train"] - new, new, held["test"])


def library_versions(kind: str) -> dict[str, str]:
    """Return the versions that decide the bytes: interpreter, processor, libraries."""
    found = {"counterweight": __version__, "python": platform.python_version(), "machine": platform.machine()}
    for name in (*LIBRARIES, *BY_KIND[kind]):
        found[name] = version(name)
    return found


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def identity(files: dict[str, dict[str, Any]]) -> str:
    """Return the hash over train, test, provenance and recipe; the report is not part of it."""
    return digest({name: facts["sha256"] for name, facts in files.items()})
