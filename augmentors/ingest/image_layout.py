"""Which files are images and where their class is written: in folders, or in a table beside them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from augmentors.core.errors import UserError
from augmentors.ingest.result import Quarantined

IMAGE_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp"),
    *(".ppm", ".pgm", ".pbm", ".jp2", ".avif", ".tga"),
)
TABLE_SUFFIXES = (".csv", ".tsv")
_PARTS = frozenset({"train", "training", "test", "testing", "val", "valid", "validation", "dev"})


@dataclass(frozen=True)
class ImageLayout:
    """How a set of files is laid out.

    Parameters
    ----------
    root : str
        Path of the folder that holds the class folders ("" or ending in "/").
    mode : {"folders", "table"}
    images : list of str
        Paths relative to `root`.
    class_part : int
        Which part of such a path names the class.
    tables : list of str
        Tables that may hold the labels, relative to `root`.
    quarantine : list of Quarantined
    notes : list of str
    """

    root: str
    mode: Literal["folders", "table"]
    images: list[str]
    class_part: int = 0
    tables: list[str] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def label(self, name: str) -> str:
        """Return the class of an image of mode ``folders``."""
        return name.split("/")[self.class_part]

    def without(self, gone: Collection[str]) -> "ImageLayout":
        """Return the layout without some files, given by their whole paths."""
        images = [name for name in self.images if self.root + name not in gone]
        tables = [name for name in self.tables if self.root + name not in gone]
        return replace(self, images=images, tables=tables)


def find_layout(names: Sequence[str], folders: Sequence[str], source: str) -> ImageLayout:
    """Return the layout of files given by their relative paths.

    Parameters
    ----------
    names, folders : sequence of str
        Files and folders with forward slashes, hidden ones left out.
    source : str
        Name of the ZIP or folder, for messages.

    Raises
    ------
    UserError
        When there is no image, or nothing that gives the images a class.
    """
    if not any(_suffix(name) in IMAGE_SUFFIXES for name in names):
        raise _no_images(names, source)
    root = _wrapping_folder(names)
    inside = sorted(name.removeprefix(root) for name in names)
    images = [name for name in inside if _suffix(name) in IMAGE_SUFFIXES]
    tables = [name for name in inside if _suffix(name) in TABLE_SUFFIXES and name.count("/") <= 1]
    others = [n for n in inside if _suffix(n) not in IMAGE_SUFFIXES and n not in tables]
    aside = [Quarantined(name, "is neither an image nor a table of labels") for name in others]
    if tables:
        return ImageLayout(root, "table", images, tables=tables, quarantine=aside)
    return by_folders(root, images, folders, source, aside)


def by_folders(
    root: str, images: list[str], folders: Sequence[str], source: str, aside: list[Quarantined]
) -> ImageLayout:
    """Return the layout in which the name of the folder is the class.

    Raises
    ------
    UserError
        When no image lies in a folder, or all lie in one.
    """
    nested = [name for name in images if "/" in name]
    loose = [name for name in images if "/" not in name]
    if not nested:
        raise UserError(
            f"{source}: the {len(images):,} images do not lie in class folders, and no CSV gives their labels.",
            "Put each image into a folder named after its class, or add a CSV with the columns file and label.",
        )
    aside = aside + [Quarantined(name, "does not lie in a class folder") for name in loose]
    part, notes = 0, []
    tops = {name.split("/")[0].lower() for name in nested}
    if tops <= _PARTS and all(name.count("/") >= 2 for name in nested):
        part = 1
        notes.append(f"The folders {', '.join(sorted(tops))} were joined: a new split is made here.")
    layout = ImageLayout(root, "folders", nested, part, quarantine=aside, notes=notes)
    layout = replace(layout, quarantine=aside + _empty_folders(layout, folders))
    classes = sorted({layout.label(name) for name in nested})
    if len(classes) == 1:
        raise UserError(
            f"{source} has one class folder with images ('{classes[0]}'); expected two or more.",
            "Put the images of each class into a folder of its own.",
        )
    return layout


def _empty_folders(layout: ImageLayout, folders: Sequence[str]) -> list[Quarantined]:
    filled = {"/".join(name.split("/")[: layout.class_part + 1]) for name in layout.images}
    depth = layout.class_part + 1
    inside = [f.removeprefix(layout.root).strip("/") for f in folders if f.startswith(layout.root)]
    empty = sorted({f for f in inside if f and f.count("/") == depth - 1 and f not in filled})
    return [Quarantined(f"{name}/", "this class folder holds no image") for name in empty]


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _wrapping_folder(names: Sequence[str]) -> str:
    """Return the folders that merely wrap everything, as "a/b/" or ""."""
    root = ""
    while True:
        rest = [name.removeprefix(root) for name in names]
        tops = {name.split("/")[0] for name in rest}
        wraps_all = len(tops) == 1 and all("/" in name for name in rest)
        # A folder right above images is a class, unless a table of labels lies beside them.
        holds_more = any(name.count("/") >= 2 or _suffix(name) in TABLE_SUFFIXES for name in rest)
        if not (wraps_all and holds_more):
            return root
        root += tops.pop() + "/"


def _no_images(names: Sequence[str], source: str) -> UserError:
    data = [n for n in names if _suffix(n) in (*TABLE_SUFFIXES, ".parquet", ".jsonl", ".txt", ".json")]
    if data:
        return UserError(f"{source} holds no image; it holds '{data[0]}'.", f"Load '{data[0]}' itself, unpacked.")
    kinds = sorted({_suffix(n) or "no suffix" for n in names})[:5]
    return UserError(
        f"{source} holds no image; it holds {len(names):,} files" + (f" ({', '.join(kinds)})." if kinds else "."),
        "Put class folders with images into it.",
    )
