"""The explicit tuple of all self-supervised methods, and how to get one."""

import difflib
import json
from pathlib import Path
from typing import Any

from augmentors.core.dataset import Kind
from augmentors.core.errors import UserError
from augmentors.selfsup.encoder import FACTS, Encoder
from augmentors.selfsup.masked_column import MaskedColumn
from augmentors.selfsup.masked_image import MaskedImage
from augmentors.selfsup.masked_token import MaskedToken
from augmentors.selfsup.simclr import SimClr

PRETEXTS: tuple[type[Encoder], ...] = (
    # table
    MaskedColumn,
    # text
    MaskedToken,
    # image
    SimClr,
    MaskedImage,
)


def pretexts_for(kind: Kind | None) -> tuple[type[Encoder], ...]:
    """Return the methods for a kind of data, in the list's order; all of them for None."""
    return tuple(cls for cls in PRETEXTS if kind in (None, cls.card.kind))


def pretext(key: str) -> type[Encoder]:
    """Return the method of this key.

    Raises
    ------
    UserError
        When there is none, with the closest ones.

    Examples
    --------
    >>> pretext("simclr").card.title
    'SimCLR'
    """
    by_key = {cls.card.key: cls for cls in PRETEXTS}
    if key in by_key:
        return by_key[key]
    close = difflib.get_close_matches(key, by_key, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(map(repr, close))}?" if close else f"Known are: {', '.join(by_key)}."
    raise UserError(f"There is no self-supervised method '{key}'.", hint)


def load_encoder(folder: Path) -> Encoder:
    """Return the encoder saved in a folder, whatever its method.

    Raises
    ------
    UserError
        When the folder holds none.
    """
    try:
        method = json.loads((folder / FACTS).read_text(encoding="utf-8"))["method"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{folder} holds no encoder: its {FACTS} is missing or broken.", "Train it again.") from None
    return pretext(method).load(folder)


def describe_pretext(cls: type[Encoder]) -> dict[str, Any]:
    """Return a method's card and parameters as plain data."""
    card = cls.card
    return {
        "key": card.key,
        "kind": card.kind,
        "title": card.title,
        "summary": card.summary,
        "avoid": card.avoid,
        "references": list(card.references),
        "params": cls.Params.model_json_schema(),
    }
