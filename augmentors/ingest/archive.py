"""Unpacking a ZIP that a stranger made: nothing climbs out, nothing explodes, nothing is overwritten."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.ingest import limits
from augmentors.ingest.result import Quarantined

_STEP = 1 << 22
_SYSTEM_FILES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Member:
    """A file in an archive, under the name that it will have on disk."""

    name: str
    info: zipfile.ZipInfo


def is_hidden(name: str) -> bool:
    """Tell whether a relative path is one that operating systems leave behind."""
    parts = name.split("/")
    return any(p.startswith(".") or p == "__MACOSX" for p in parts) or parts[-1].lower() in _SYSTEM_FILES


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP; damage becomes a UserError, wherever it shows."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UserError(
            f"The ZIP {path.name} is damaged or was cut short ({str(error).rstrip('.').lower()}).",
            "Make or download it again.",
        ) from None
    except (NotImplementedError, RuntimeError) as error:
        raise UserError(
            f"The ZIP {path.name} is packed in a way that cannot be read ({str(error).rstrip('.').lower()}).",
            "Pack it again with the usual method (deflate), without a password.",
        ) from None


def members(archive: zipfile.ZipFile, source: str) -> tuple[list[Member], list[str]]:
    """Return the files and the folders of an archive, after checking all of it.

    Raises
    ------
    UserError
        When it is empty, encrypted, too large, or holds a link or a path that
        leads out of it.
    """
    infos = archive.infolist()
    if not infos:
        raise UserError(f"The ZIP {source} is empty.", "Put class folders with images into it.")
    _check_size(infos, source)
    files: list[Member] = []
    folders: list[str] = []
    for info in infos:
        name = _safe_name(info, source)
        if is_hidden(name):
            continue
        if info.is_dir() or info.filename.endswith("\\"):
            folders.append(name)
        else:
            files.append(Member(name, info))
    return files, folders


def _check_size(infos: list[zipfile.ZipInfo], source: str) -> None:
    if len(infos) > limits.MAX_ZIP_FILES:
        raise UserError(
            f"The ZIP {source} holds {len(infos):,} files; at most {limits.MAX_ZIP_FILES:,} are accepted.",
            "Split it.",
        )
    if any(info.flag_bits & 0x1 for info in infos):
        first = next(info.filename for info in infos if info.flag_bits & 0x1)
        raise UserError(
            f"The ZIP {source} is encrypted ('{first}' needs a password).",
            "Pack it again without a password.",
        )
    unpacked = sum(info.file_size for info in infos)
    packed = max(sum(info.compress_size for info in infos), 1)
    is_bomb = unpacked > limits.SMALL_ZIP_BYTES and unpacked > limits.MAX_ZIP_RATIO * packed
    if is_bomb or unpacked > limits.MAX_ZIP_BYTES:
        raise UserError(
            f"The ZIP {source} would unpack to {unpacked / 2**20:,.0f} MB from {packed / 2**20:,.1f} MB; "
            f"at most {limits.MAX_ZIP_BYTES / 2**20:,.0f} MB and {limits.MAX_ZIP_RATIO}-fold are accepted.",
            "Split it, or check where it comes from.",
        )
    large = next((info for info in infos if info.file_size > limits.MAX_FILE_BYTES), None)
    if large is not None:
        raise UserError(
            f"'{large.filename}' in the ZIP {source} has {large.file_size / 2**20:,.0f} MB; "
            f"at most {limits.MAX_FILE_BYTES / 2**20:,.0f} MB are accepted.",
            "Leave it out.",
        )


def _safe_name(info: zipfile.ZipInfo, source: str) -> str:
    """Return the relative path of an entry, with forward slashes."""
    raw = info.orig_filename.replace("\\", "/")
    what = None
    if raw.startswith("/") or re.match(r"[A-Za-z]:", raw):
        what = "an absolute path"
    elif ".." in raw.split("/"):
        what = "a path that leads out of it"
    elif stat.S_ISLNK(info.external_attr >> 16):
        what = "a link"
    elif "\0" in raw:
        what = "a name with a NUL character"
    if what is not None:
        shown = raw.replace("\0", "␀")
        raise UserError(
            f"The ZIP {source} is refused: it holds {what} ('{shown}').",
            "Pack it again from the folder that holds the class folders.",
        )
    return str(PurePosixPath(info.filename.replace("\\", "/")))


def without_collisions(names: list[str]) -> tuple[list[int], list[Quarantined]]:
    """Return the positions of names to keep; a second spelling of the same name is set aside.

    Names that differ by upper and lower case only would overwrite each other
    on many disks.
    """
    first: dict[str, int] = {}
    kept: list[int] = []
    aside: list[Quarantined] = []
    for at, name in enumerate(names):
        earlier = first.setdefault(name.casefold(), at)
        if earlier == at:
            kept.append(at)
        elif names[earlier] == name:
            aside.append(Quarantined(name, "the name occurs twice; the first file was kept"))
        else:
            other = names[earlier]
            aside.append(Quarantined(name, f"has the same name as '{other}' but for upper and lower case"))
    return kept, aside


def _copy(source: IO[bytes], sink: IO[bytes], job: Job) -> None:
    while piece := source.read(_STEP):
        sink.write(piece)
        job.check()


def extract(archive: zipfile.ZipFile, chosen: list[Member], folder: Path, job: Job = NO_JOB) -> list[Quarantined]:
    """Write members into a folder; a damaged one is set aside and the others go on.

    Raises
    ------
    OSError
        When the disk refuses.
    """
    aside: list[Quarantined] = []
    done, whole = 0, sum(member.info.file_size for member in chosen) or 1
    for at, member in enumerate(chosen):
        if at % 64 == 0 or member.info.file_size > _STEP:
            job.check()
            job.progress(done / whole, f"Unpacked {done / 2**20:,.0f} of {whole / 2**20:,.0f} MB …")
        done += member.info.file_size
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(member.info) as source, target.open("wb") as sink:
                _copy(source, sink, job)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            target.unlink(missing_ok=True)
            aside.append(Quarantined(member.name, "is damaged inside the ZIP"))
        except OSError as error:
            # A full disk does not say by itself what could not be written.
            error.filename = error.filename or str(target)
            raise
    return aside
