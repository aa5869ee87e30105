"""What a file is, by its name and by its first bytes; the two must agree."""

import zipfile
from pathlib import Path
from typing import Literal

from augmentors.core.errors import UserError
from augmentors.ingest.encoding import cut_at_character, is_utf8

Format = Literal["csv", "parquet", "jsonl", "zip", "folder"]

SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".zip": "zip",
}
ACCEPTED = ".csv, .tsv, .parquet, .jsonl, or a .zip or folder of images"
_EXPECTED: dict[Format, str] = {
    "csv": "text with separators",
    "jsonl": "one JSON object per line",
    "parquet": "a Parquet file",
    "zip": "a ZIP archive",
    "folder": "a folder",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"PAR1", "a Parquet file"),
    (b"PARE", "an encrypted Parquet file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"ARROW1", "an Arrow/Feather file"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
)
_HINTS = {
    "a ZIP archive": "Rename it to .zip if it is a ZIP of images, or unpack it first.",
    "a Parquet file": "Rename it to .parquet.",
    "an encrypted Parquet file": "Decrypt it first.",
    "an Excel workbook": "Save the sheet as CSV and load that.",
    "an old Office document": "Save the sheet as CSV and load that.",
    "an Arrow/Feather file": "Save it as Parquet and load that.",
    "a gzip archive": "Unpack it first.",
    "a PNG image": "Put the images into a ZIP, with a folder for each class.",
    "a JPEG image": "Put the images into a ZIP, with a folder for each class.",
}
_TEXT_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def detect_format(path: Path) -> Format:
    """Return what the file is.

    Raises
    ------
    UserError
        When it is empty, of a kind that is not accepted, or not what its name says.
    """
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise UserError(f"{path.name} is empty (0 bytes).", "Choose a file that holds a header and rows.")
    named = SUFFIXES.get(path.suffix.lower())
    if named is None:
        raise UserError(
            f"{path.name} is of a kind that is not accepted; expected {ACCEPTED}, got '{path.suffix}'.",
            _HINTS.get(_content(head, path) or "", "Convert it to one of these."),
        )
    found = _content(head, path)
    if found is not None and found != _EXPECTED[named]:
        raise _mismatch(path, named, found)
    if found is None and named in ("parquet", "zip"):
        raise _mismatch(path, named, "text" if b"\0" not in head else "other binary data")
    if named == "csv":
        _require_no_json(path, head)
    return named


def _content(head: bytes, path: Path) -> str | None:
    """Return what the first bytes say in words; None when they look like text."""
    for magic, words in _MAGIC:
        if head[: len(magic)].lower() == magic.lower():
            return _inside_zip(path) if words == "a ZIP archive" else words
    is_text = head.startswith(_TEXT_BOMS) or _nul_pattern(head) or is_utf8(cut_at_character(memoryview(head)))
    return "binary data" if not is_text and head.count(b"\0") > len(head) // 1000 else None


def _nul_pattern(head: bytes) -> bool:
    """Tell whether NULs fill every other byte, as in UTF-16 text without a mark."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) < 0.05 * len(head) / 2


def _inside_zip(path: Path) -> str:
    """Tell Office documents, which are ZIP archives themselves, from plain ones."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "a ZIP archive"
    if "[Content_Types].xml" in names:
        return "an Excel workbook" if any(n.startswith("xl/") for n in names) else "an Office document"
    return "a ZIP archive"


def _mismatch(path: Path, named: Format, found: str) -> UserError:
    message = f"{path.name} is not what its name says: expected {_EXPECTED[named]}, got {found}."
    return UserError(message, _HINTS.get(found, f"Choose a file that is {ACCEPTED}."))


def _require_no_json(path: Path, head: bytes) -> None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"', b'[{"', b"[\n")):
        raise UserError(
            f"{path.name} is not what its name says: expected text with separators, got JSON.",
            "Rename it to .jsonl if it holds one object per line.",
        )
