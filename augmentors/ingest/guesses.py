"""Which column is the label, which the text, and what kind of data it is; each guess in a sentence."""

import difflib
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.dataset import ColumnType, Kind
from augmentors.core.errors import UserError
from augmentors.ingest.columns import Column, text_facts

LABEL_NAMES = (
    *("label", "labels", "class", "classes", "target", "y", "category", "outcome", "diagnosis"),
    *("class_label", "classname", "class_name", "species", "response", "sentiment", "intent"),
    *("churn", "fraud", "is_fraud", "isfraud", "spam", "is_spam", "default", "status", "result"),
)
TEXT_NAMES = (
    *("text", "sentence", "message", "review", "comment", "body", "content", "subject", "title"),
    *("tweet", "question", "description", "document", "abstract", "utterance", "email"),
)
_FEW_CLASSES = 50
# So many columns are named when one is missing.
_NAMED = 30
# With more columns to learn from than this beside the text, it is a table that holds text.
_FEW_OTHERS = 3


def guess_label(columns: Mapping[str, pa.ChunkedArray], skipped: Iterable[str | None] = ()) -> tuple[str | None, str]:
    """Return the likeliest label column and a sentence on why; (None, "") when none is likely."""
    candidates = [name for name in columns if name not in set(skipped)]
    by_name = {name.strip().lower(): name for name in reversed(candidates)}
    for wanted in LABEL_NAMES:
        if wanted in by_name:
            name = by_name[wanted]
            return name, f"The label column was guessed by its name: '{name}'."
    for name in reversed(candidates):
        distinct = _few_values(columns[name])
        if distinct:
            return name, (
                f"The label column was guessed: '{name}', the last column with few different values ({distinct})."
            )
    return None, ""


def _few_values(values: pa.ChunkedArray) -> int:
    """Return the number of different values when they could be classes, else 0."""
    if not _is_plain(values.type):
        return 0
    head = values.slice(0, 20_000).drop_null()
    if len(head) < 2:
        return 0
    if pa.types.is_dictionary(head.type):  # Arrow cannot count these.
        head = head.cast(head.type.value_type)
    distinct = int(pc.count_distinct(head).as_py())
    return distinct if 2 <= distinct <= max(2, min(_FEW_CLASSES, len(head) // 2)) else 0


def _is_plain(kind: pa.DataType) -> bool:
    """Tell whether values of this type can be class names."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or (pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type))
    )


def guess_text(columns: Mapping[str, Column], given: Iterable[str | None] = ()) -> str | None:
    """Return the column that reads most like free text; None when there is none."""
    skipped = set(given)
    texts = {n: c for n, c in columns.items() if c.type == "text" and n not in skipped}
    named = [n for n in texts if n.lower() in TEXT_NAMES]
    if named:
        return min(named, key=lambda n: TEXT_NAMES.index(n.lower()))
    if len(texts) < 2:
        return next(iter(texts), None)
    return max(texts, key=lambda n: text_facts(texts[n].values).mean_length)


def wordiest(columns: Mapping[str, Column], skipped: Iterable[str | None] = ()) -> str | None:
    """Return the column of words with the longest values, whatever its type; None without one."""
    words = {
        name: column
        for name, column in columns.items()
        if name not in set(skipped) and column.values.type in (pa.string(), pa.large_string())
    }
    named = [n for n in words if n.lower() in TEXT_NAMES]
    return next(iter(named), None) or max(words, key=lambda n: text_facts(words[n].values).mean_length, default=None)


def guess_kind(columns: Mapping[str, Column], text: str | None, group: str | None) -> tuple[Kind, str]:
    """Return ``text`` when one free-text column dominates, else ``table``, and a sentence."""
    if text is None:
        return "table", "The data was taken as a table: no column reads like free text."
    unused: tuple[ColumnType, ...] = ("ignored", "text")
    others = [n for n, c in columns.items() if c.type not in unused and n != group]
    if len(others) <= _FEW_OTHERS:
        return "text", f"The data was taken as text: column '{text}' reads like sentences."
    return "table", (
        f"The data was taken as a table: beside the text in '{text}' there are {len(others)} other columns."
    )


def require_column(name: str | None, role: str, names: Iterable[str], source: str) -> None:
    """Raise a UserError, with the nearest name, when a chosen column does not exist."""
    known = list(names)
    if name is None or name in known:
        return
    lowered = {n.lower(): n for n in reversed(known)}
    close = [lowered[n] for n in difflib.get_close_matches(name.lower(), list(lowered), 3)]
    ordered = [*close, *(n for n in known if n not in close)]
    rest = f" and {len(known) - _NAMED:,} more" if len(known) > _NAMED else ""
    shown = ", ".join(f"'{n}'" for n in ordered[:_NAMED]) + rest
    raise UserError(
        f"{source} has no column '{name}' to use as {role}; its columns are: {shown}.",
        f"Did you mean {' or '.join(repr(n) for n in close)}?" if close else "Choose one of these.",
    )
