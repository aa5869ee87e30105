"""Encoders kept in a folder, one folder each under its id: found again, listed, never half written.

An encoder's id hashes method, parameters, seed and the rows it learnt from, so
an equal one is taken from the shelf rather than trained again; its weights are
those that training would give.
"""

import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.selfsup.encoder import FACTS, Encoder, encoder_id
from augmentors.selfsup.registry import load_encoder
from augmentors.store import disk_errors, read_json, write_json

# Beside an encoder: which dataset of the workspace it is for, and when it was made.
ABOUT = "about.json"
DRAFT = ".draft-"

_shelf: ContextVar[Path | None] = ContextVar("shelf", default=None)
# Where encoders whose hash is part of a learner's key lie.
_places: dict[str, Path] = {}


@contextmanager
def shelf(folder: Path) -> Iterator[None]:
    """Look for encoders in a folder, and keep there what is trained, inside."""
    token = _shelf.set(folder)
    try:
        yield
    finally:
        _shelf.reset(token)


def learnt(encoder: Encoder, train: Dataset, seed: int, job: Job = NO_JOB) -> Encoder:
    """Return the encoder fitted on a training part: an equal one from the shelf, else trained now and put there."""
    folder = _shelf.get()
    if folder is None:
        return encoder.fit(train, seed, job)
    found = find(folder, encoder_id(encoder, train, seed))
    if found is None:
        found = encoder.fit(train, seed, job)
        keep(found, folder)
    return found


def keep(encoder: Encoder, folder: Path, about: dict[str, Any] | None = None) -> Path:
    """Put a fitted encoder on a shelf and return its folder; one of the same id that is there already stays.

    Parameters
    ----------
    encoder : Encoder
    folder : Path
        The shelf.
    about : dict, optional
        Plain facts to be found in the list, such as the dataset's id.
    """
    home = folder / encoder.id
    with disk_errors("The encoder"):
        if not (home / FACTS).exists():
            draft = folder / f"{DRAFT}{secrets.token_hex(4)}"
            try:
                encoder.save(draft)
                draft.rename(home)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        if about is not None or not (home / ABOUT).exists():
            write_json(home / ABOUT, {"created": time.time()} | (about or {}))
    return home


def find(folder: Path, encoder_id: str) -> Encoder | None:
    """Return the encoder of an id from a shelf, and mark it as used; None where there is none or it is broken."""
    home = folder / encoder_id
    if not (home / FACTS).exists():
        return None
    try:
        found = load_encoder(home)
    except UserError:
        return None
    os.utime(home)
    return found


def listed(folder: Path, **about: Any) -> list[dict[str, Any]]:
    """Return what is known of the encoders on a shelf, newest first; only those about which these facts hold."""
    found = []
    for path in folder.glob(f"*/{FACTS}"):
        known = read_json(path.parent / ABOUT)
        if path.parent.name.startswith(".") or known is None or any(known.get(k) != v for k, v in about.items()):
            continue
        facts = read_json(path) or {}
        found.append({name: value for name, value in facts.items() if name != "facts"} | known)
    return sorted(found, key=lambda one: -float(one["created"]))


def left_over(folder: Path, now: float, drafts_s: float, unused_s: float) -> Iterator[Path]:
    """Yield drafts of broken-off writes and encoders that nothing has used for so long."""
    for path in sorted(folder.glob("*")):
        age = now - path.stat().st_mtime
        if age > (drafts_s if path.name.startswith(DRAFT) else unused_s):
            yield path


def register(folder: Path) -> str:
    """Make an encoder on disk known by its hash in this process, and return that hash.

    Raises
    ------
    UserError
        When the folder holds no encoder.
    """
    try:
        found = str(json.loads((folder / FACTS).read_text(encoding="utf-8"))["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            f"'{folder}' holds no encoder: its {FACTS} is missing or broken.",
            "Give the folder that 'pretrain --out' wrote.",
        ) from None
    _places[found] = folder
    return found


def register_all(shelf_folder: Path) -> None:
    """Make every encoder on a shelf known by its hash in this process."""
    for path in shelf_folder.glob(f"*/{FACTS}"):
        with suppress(UserError):  # a broken one is told of by whoever asks for it
            register(path.parent)


def place_of(encoder_hash: str) -> Path | None:
    """Return where the encoder of a hash lies; None where it was never made known to this process."""
    return _places.get(encoder_hash)


def known_encoder(encoder_hash: str) -> Encoder:
    """Return the encoder of a hash that was made known to this process by `register`.

    Raises
    ------
    UserError
        When it was not.
    """
    return _loaded(_place(encoder_hash), encoder_hash)


def known_facts(encoder_hash: str) -> dict[str, Any]:
    """Return what its file says of such an encoder, without reading the weights.

    Raises
    ------
    UserError
        When it was not made known to this process.
    """
    facts: dict[str, Any] = read_json(_place(encoder_hash) / FACTS) or {}
    if facts.get("hash") != encoder_hash:
        raise _gone(encoder_hash)
    return facts


def _place(encoder_hash: str) -> Path:
    if encoder_hash not in _places:
        raise _gone(encoder_hash)
    return _places[encoder_hash]


def _gone(encoder_hash: str) -> UserError:
    return UserError(f"The encoder {encoder_hash} is not here any more.", "Train it again.")


@lru_cache(maxsize=2)
def _loaded(folder: Path, encoder_hash: str) -> Encoder:
    found = load_encoder(folder)
    if found.hash != encoder_hash:
        raise UserError(f"The encoder in {folder} was trained anew meanwhile.", "Start the comparison again.")
    return found
