"""A ZIP or folder of images without labels: every image that decodes, wherever it lies."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pandas as pd

from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.ingest import archive
from augmentors.ingest.fingerprint import fingerprint
from augmentors.ingest.image_layout import IMAGE_SUFFIXES
from augmentors.ingest.images import decoded, is_unicode, unpack_folder, walk
from augmentors.ingest.result import Quarantined


def read_unlabelled_images(
    path: Path, like: Dataset, workdir: Path | None, job: Job
) -> tuple[pd.DataFrame, str, Path, list[Quarantined], list[str]]:
    """Return rows, fingerprint, folder, what was set aside and notes of images without labels.

    Raises
    ------
    UserError
        When the ZIP is unsafe or damaged, or no image is left.
    """
    folder, names, aside = _from_folder(path) if path.is_dir() else _unpacked(path, workdir, job.part(0.0, 0.5))
    images = sorted(name for name in names if _is_image(name))
    aside += [Quarantined(name, "is not an image") for name in sorted(names) if not _is_image(name)]
    top = _wrapping(images)
    root, inside = folder / top, [name.removeprefix(top) for name in images]
    good, digests, bad = decoded(root, inside, job.part(0.5, 1.0))
    aside += bad
    if not good:
        why = f": {aside[0].where} {aside[0].reason}" if aside else ""
        raise UserError(f"The unlabelled data {path.name} holds no image that could be used{why}.")
    nested = sum("/" in name for name in good)
    notes = [f"The folders of {nested:,} unlabelled images are not looked at: their class is open."] if nested else []
    index = pd.Index(good, dtype="str", name="id")
    columns = [name for name in like.frame.columns if name != like.schema.label]
    empty: list[str | None] = [None] * len(good)
    values = {name: pd.array(good if name == PATH_COLUMN else empty, dtype="str") for name in columns}
    return pd.DataFrame(values, index=index), fingerprint(digests), root, aside, notes


def _from_folder(path: Path) -> tuple[Path, list[str], list[Quarantined]]:
    names, _ = walk(path)
    names = [name for name in names if is_unicode(name)]
    kept, aside = archive.without_collisions(names)
    return path, [names[i] for i in kept], aside


def _unpacked(path: Path, workdir: Path | None, job: Job) -> tuple[Path, list[str], list[Quarantined]]:
    with archive.opened(path) as zipped:
        files, _ = archive.members(zipped, path.name)
        kept, aside = archive.without_collisions([member.name for member in files])
        files = [files[i] for i in kept]
        target = unpack_folder(workdir)
        damaged = archive.extract(zipped, [member for member in files if _is_image(member.name)], target, job)
    gone = {entry.where for entry in damaged}
    return target, [member.name for member in files if member.name not in gone], aside + damaged


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES


def _wrapping(names: Sequence[str]) -> str:
    """Return the folders that merely wrap everything, as "a/b/" or "", so that a ZIP and its folder are alike."""
    root = ""
    while names and all("/" in name.removeprefix(root) for name in names):
        tops = {name.removeprefix(root).split("/")[0] for name in names}
        if len(tops) > 1:
            break
        root += tops.pop() + "/"
    return root
