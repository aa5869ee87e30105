"""Where a new sample came from, for people: its row beside those of its parents, what was drawn, what the gate saw."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from augmentors.core.dataset import UNLABELLED
from augmentors.core.errors import UserError
from augmentors.export.manifest import MANIFEST
from augmentors.gate.near_copies import copy_words

WIDEST, WIDEST_OF_MANY, PARENTS_SHOWN = 60, 18, 6
# Of what is measured to judge: what the number says, and the most that is let pass.
COUNTED = {"ranges": "values outside the ranges seen in training", "constraints": "rules between columns broken"}
CHANGED = "*"


def explanation(folder: Path, certificate: Mapping[str, Any]) -> list[str]:
    """Return the birth certificate of a new sample in lines for a terminal.

    Parameters
    ----------
    folder : Path
        The export.
    certificate : mapping
        See `explain_sample`.
    """
    parents = dict(zip(certificate["parents"], certificate["weights"], strict=True))
    real = bool(parents) and _is_taken_over(parents)
    params = ", ".join(f"{name} {_plain(value)}" for name, value in certificate["params"].items())
    lines = [
        f"{certificate['sample_id']}: a new sample of class '{certificate['target']}', made by "
        f"{certificate['augmenter']}{f' ({params})' if params else ''}",
        _origin(parents),
        *(f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in _drawn(certificate["drawn"])),
        *(_judged(rule, value, _copy_words(folder), real) for rule, value in certificate["gate"].items()),
        f"Repeat it: block {certificate['block']} of round {certificate['round']}, place {certificate['index']}",
    ]
    if len(parents) > 1:
        lines[1] += ". Where numbers cannot be mixed, parents vote or the first one decides."
    return [*lines, *_rows(folder, certificate["sample_id"], list(parents))]


def _origin(parents: Mapping[str, float]) -> str:
    if not parents:
        return "Made from no single sample: a model of the class drew it."
    if _is_taken_over(parents):
        return f"Taken over as it is: {', '.join(parents)}, which came without a label; a learner gave it this one."
    return f"Made from: {_shares(parents)}"


def _is_taken_over(parents: Mapping[str, float]) -> bool:
    return all(name.startswith(UNLABELLED) for name in parents)


def _shares(parents: Mapping[str, float]) -> str:
    ordered = sorted(parents.items(), key=lambda one: -one[1])
    return ", ".join(f"{100 * weight:.0f} % of {name}" for name, weight in ordered)


def _drawn(drawn: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was drawn by name; the changes of a text one by one."""
    told = []
    for name, value in drawn.items():
        if name == "edits" and isinstance(value, list):
            told += [("change", _edit(one)) for one in value]
        elif name == "sha256":
            told.append(("file", f"copied byte for byte, SHA-256 {value}"))
        elif name != "seed":
            told.append((f"drawn, {name}", _plain(value)))
    return told


def _edit(edit: Any) -> str:
    if isinstance(edit, Mapping) and {"from", "to", "at"} <= set(edit):
        return f"'{edit['from']}' → '{edit['to']}' at letter {edit['at']}"
    return _plain(edit)


def _judged(rule: str, value: float | None, copy: str, real: bool) -> str:
    """Return what the gate measured, beside what it lets pass."""
    if rule in COUNTED:
        return f"Gate, {rule}: {value:g} {COUNTED[rule]} ({'told only: the sample is real' if real else '0 allowed'})"
    if value is None:
        return f"Gate, {rule}: nothing real is near ({copy})"
    return f"Gate, {rule}: {value:g} from the nearest real training sample ({copy})"


def _copy_words(folder: Path) -> str:
    """Return what counts as a copy of a real sample on this kind of data."""
    try:
        kind = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["kind"]
    except (OSError, ValueError, KeyError, TypeError):
        return "copies are rejected"
    return copy_words(kind)


def _rows(folder: Path, sample_id: str, parents: Sequence[str]) -> list[str]:
    """Return the new row beside its parents', a line per column; what differs from the first parent is marked."""
    path = folder / "train" / "train.parquet"
    if not path.is_file():
        return []
    try:
        table = pq.read_table(path, filters=[(pq.read_schema(path).names[0], "in", [*parents, sample_id])])
    except (OSError, pa.ArrowException):
        raise UserError(f"'{path}' cannot be read.", "Check the export with 'verify'.") from None
    rows = {str(row[table.column_names[0]]): row for row in table.to_pylist()}
    there = [name for name in parents if name in rows]
    shown = there[:PARENTS_SHOWN]
    if sample_id not in rows or not shown:
        return []
    head = [f"Row ({CHANGED} differs from {shown[0]})", *shown, "new"]
    cells, width = [head], WIDEST if len(shown) <= 2 else WIDEST_OF_MANY
    for name in table.column_names[1:]:
        new, old = rows[sample_id][name], [rows[parent][name] for parent in there]
        mark = "" if _same(new, old[0]) else CHANGED
        cells.append(
            [name, *(_cell(one, width) for one in old[: len(shown)]), _cell(new, width) + mark + _voted(new, old)]
        )
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return ["", *("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in cells)]


def _voted(new: Any, old: Sequence[Any]) -> str:
    """Return how many of several parents hold the same word as the new row."""
    if len(old) < 3 or not isinstance(new, str | bool):
        return ""
    return f" (as {sum(_same(new, value) for value in old)} of {len(old)} parents)"


def _same(a: Any, b: Any) -> bool:
    return bool(pd.isna(a) and pd.isna(b)) or bool(a == b)


def _cell(value: Any, width: int) -> str:
    said = "–" if value is None else f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
    return said if len(said) <= width else said[: width - 1] + "…"


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
