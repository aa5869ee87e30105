"""JSON Lines → columns: one object per line; a line that is none is set aside."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from augmentors.core.dataset import ColumnType
from augmentors.core.errors import UserError
from augmentors.ingest.encoding import decode
from augmentors.ingest.limits import MAX_COLUMNS, RAGGED_SHARE
from augmentors.ingest.result import LISTED, Choices, Quarantined, RawTable, listed

_CHUNK = 20_000


@dataclass
class _Gathered:
    """What was read so far: finished pieces, and the lines that could not be used."""

    names: dict[str, None] = field(default_factory=dict)
    pieces: list[dict[str, list[Any]]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    bad: list[Quarantined] = field(default_factory=list)
    n_bad: int = 0
    total: int = 0
    as_json: Counter[str] = field(default_factory=Counter)


def read_jsonl(path: Path, choices: Choices, max_rows: int | None = None) -> RawTable:
    """Return the columns of a JSON Lines file; an absent key is a missing value.

    Parameters
    ----------
    path : Path
    choices : Choices
        The encoding is detected where not given.
    max_rows : int, optional
        Look at the first lines only.

    Raises
    ------
    UserError
        When it holds no object, one field, or many lines that are no objects.
    """
    decoded = decode(path.read_bytes(), path.name, choices.encoding)
    _require_lines(decoded.data, path.name)
    found = _gather(decoded.data, max_rows)
    if not found.rows and not found.n_bad:
        raise UserError(f"{path.name} holds nothing but blank lines.", "Write one JSON object per line.")
    if found.n_bad > RAGGED_SHARE * found.total:
        first = found.bad[0]
        raise UserError(
            f"{path.name}: {found.n_bad:,} of {found.total:,} lines are not JSON objects "
            f"(first on {first.where}: {first.reason}).",
            "Write one JSON object per line.",
        )
    if len(found.names) < (1 if choices.alone else 2):
        named = ", ".join(f"'{name}'" for name in found.names) or "none"
        raise UserError(
            f"{path.name}: the objects have {len(found.names)} field ({named}); "
            "expected a label and at least one more.",
            "Add the missing field.",
        )
    if len(found.names) > MAX_COLUMNS:
        raise UserError(
            f"{path.name}: the objects have {len(found.names):,} different fields; "
            f"at most {MAX_COLUMNS:,} are accepted."
        )
    return _as_table(path.name, found, decoded.encoding)


def _require_lines(data: Any, source: str) -> None:
    head = bytes(memoryview(data)[:4096]).lstrip()
    if head.startswith(b"["):
        raise UserError(
            f"{source} holds one JSON array; expected one JSON object per line.",
            "Write each object on a line of its own, without the brackets around them.",
        )


def _gather(data: Any, max_rows: int | None) -> _Gathered:
    found = _Gathered()
    lines = _filled_lines(data)
    while batch := list(islice(lines, _CHUNK if max_rows is None else max_rows)):
        _read_batch(batch, found)
        if max_rows is not None:
            break
    return found


def _filled_lines(data: Any) -> Iterator[tuple[int, str]]:
    """Yield line numbers and lines that are not blank."""
    with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="\n", errors="replace") as text:
        for number, line in enumerate(text, start=1):
            if not line.isspace():
                yield number, line


def _read_batch(batch: list[tuple[int, str]], found: _Gathered) -> None:
    objects: list[dict[str, Any]] = []
    for number, line in batch:
        row, problem = _object(line)
        if row is None:
            found.n_bad += 1
            if len(found.bad) < LISTED:
                found.bad.append(Quarantined(f"line {number:,}", problem))
        else:
            objects.append(row)
            found.rows.append(found.total)
        found.total += 1
    for row in objects:
        for name in row:
            found.names.setdefault(name)
    found.pieces.append({name: _flat(name, objects, found) for name in found.names})
    found.sizes.append(len(objects))


def _object(line: str) -> tuple[dict[str, Any] | None, str]:
    """Return the object on a line, or why there is none."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        what = error.msg.lower().removesuffix(" at")
        return None, f"is not valid JSON ({what} at character {error.pos + 1:,})"
    except RecursionError:
        return None, "is nested too deeply"
    except ValueError as error:
        return None, f"is not valid JSON ({error})"
    if not isinstance(value, dict):
        return None, f"holds {type(value).__name__} where an object is expected"
    return value, ""


def _flat(name: str, objects: list[dict[str, Any]], found: _Gathered) -> list[Any]:
    """Return one field of all objects; lists and objects as JSON text."""
    values = [row.get(name) for row in objects]
    for at, value in enumerate(values):
        if isinstance(value, dict | list):
            values[at] = json.dumps(value, ensure_ascii=False)
            found.as_json[name] += 1
    return values


def _as_table(source: str, found: _Gathered, encoding: str) -> RawTable:
    columns = {name: _column(name, found) for name in found.names}
    nested: dict[str, ColumnType] = dict.fromkeys(found.as_json, "ignored")
    notes = [f"Field '{name}' holds lists or objects; it is kept as JSON text and ignored." for name in nested]
    complete = found.n_bad == 0
    return RawTable(
        source=source,
        format="jsonl",
        columns=columns,
        n_rows=len(found.rows),
        rows=None if complete else np.asarray(found.rows, dtype=np.int64),
        typed=True,
        fixed=nested,
        encoding=encoding,
        quarantine=listed(found.bad, found.n_bad, "lines are not JSON objects"),
        notes=notes,
    )


def _column(name: str, found: _Gathered) -> pa.ChunkedArray:
    """Return a field as one type: the type of all its values, or text when they differ."""
    types: set[type] = set()
    for piece in found.pieces:
        types |= set(map(type, piece.get(name, ())))
    types.discard(type(None))
    parts = [piece.pop(name, None) for piece in found.pieces]
    try:
        return _chunks(parts, found.sizes, _common_type(types))
    except OverflowError:
        # Whole numbers beyond 64 bits stay as written: a float would change them.
        return _chunks(parts, found.sizes, pa.string())


def _chunks(parts: list[list[Any] | None], sizes: list[int], target: pa.DataType) -> pa.ChunkedArray:
    chunks = []
    for values, size in zip(parts, sizes, strict=True):
        if values is None:
            chunks.append(pa.nulls(size, target))
        elif target == pa.string():
            chunks.append(pa.array([_text(value) for value in values], target))
        else:
            chunks.append(pa.array(values, target))
    return pa.chunked_array(chunks, target)


def _common_type(types: set[type]) -> pa.DataType:
    if types == {bool}:
        return pa.bool_()
    if types == {int}:
        return pa.int64()
    if types and types <= {int, float}:
        return pa.float64()
    return pa.string()


def _text(value: Any) -> str | None:
    """Return a value as text; a half of a surrogate pair cannot be kept and becomes '?'."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
