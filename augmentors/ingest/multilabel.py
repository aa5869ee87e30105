"""Several labels per sample: one column of 0 and 1 each, or one column of sets ("a|b", lists) → one column of sets."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.errors import UserError
from augmentors.core.label_sets import SEPARATOR, LabelSets, split_labels
from augmentors.ingest.guesses import require_column
from augmentors.ingest.result import Choices, RawTable

MOST_LABELS, NAMED = 500, 8
SEPARATORS = ("|", ";", ",")
# For names that hold the usual separators themselves.
OTHERS = ("¦", "\u241f")
TRUE, FALSE = ("1", "true", "1.0"), ("0", "false", "0.0")


def chosen_columns(raw: RawTable, choices: Choices) -> list[str]:
    """Return the columns that were chosen as labels.

    Raises
    ------
    UserError
        When none was, or one is the text or group column as well.
    """
    if choices.label is None:
        raise UserError(
            "The task multilabel needs to know the labels.",
            "Name their columns with commas between them (--label a,b,c), or the one that holds sets like a|b.",
        )
    names = label_columns(raw, choices.label)
    both = next((name for name in names if name in (choices.text, choices.group)), None)
    if both is not None:
        raise UserError(
            f"Column '{both}' cannot be a label and the text or group column at once.", "Choose different columns."
        )
    return names


def label_columns(raw: RawTable, label: str) -> list[str]:
    """Return the columns that a choice of label names: itself, or several with commas between them.

    Raises
    ------
    UserError
        When there is no such column, or one is named twice.
    """
    if label in raw.columns:
        return [label]
    names = [part.strip() for part in label.split(",")]
    for name in names:
        require_column(name, "a label", raw.columns, raw.source)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(f"The label column '{twice}' is named twice.", "Name each column once.")
    return names


def label_sets(raw: RawTable, label: str, order: list[str]) -> tuple[LabelSets, pd.Series]:
    """Take the label columns out of a table; return which labels there are, and each row's set as text.

    Parameters
    ----------
    raw : RawTable
    label : str
        See `label_columns`.
    order : list of str
        All columns of the file.

    Raises
    ------
    UserError
        When a column holds something else than 0 and 1, a label has no sample, or there are fewer than two
        or too many labels.
    """
    names = label_columns(raw, label)
    columns = {name: raw.columns.pop(name) for name in names}
    if len(names) == 1:
        sets, matrix = _from_one(raw, names[0], columns[names[0]])
    else:
        matrix = np.stack([_flags(raw, name, values) for name, values in columns.items()], axis=1)
        as_truth = all(pa.types.is_boolean(values.type) for values in columns.values())
        separator = next(mark for mark in (*SEPARATORS, *OTHERS) if not any(mark in name for name in names))
        sets = LabelSets(tuple(names), separator, tuple(order), as_truth)
    _check(raw, sets, matrix)
    return sets, pd.Series(sets.written(matrix), dtype="str")


def told_sets(sets: LabelSets) -> str:
    """Return in a sentence which labels there are."""
    shown = ", ".join(f"'{name}'" for name in sets.names[:NAMED])
    more = f" and {len(sets.names) - NAMED:,} more" if len(sets.names) > NAMED else ""
    how = "columns of 0 and 1" if sets.order else "one column of sets"
    return f"Samples carry several labels ({len(sets.names):,}, from {how}): {shown}{more}."


def _check(raw: RawTable, sets: LabelSets, matrix: np.ndarray) -> None:
    if not 2 <= len(sets.names) <= MOST_LABELS:
        raise UserError(
            f"{raw.source} has {len(sets.names):,} label(s); the task multilabel needs 2 to {MOST_LABELS}.",
            "Name several columns of 0 and 1 (--label a,b,c), or one that holds sets like a|b.",
        )
    empty = next((name for name, n in zip(sets.names, matrix.sum(axis=0), strict=True) if not n), None)
    if empty is not None:
        raise UserError(
            f"No row of {raw.source} has the label '{empty}'.", "Leave it out: nothing can be learnt of it."
        )


def _flags(raw: RawTable, name: str, values: pa.ChunkedArray) -> np.ndarray:
    """Return a column of 0 and 1 (or true and false) as truth values."""
    written = pc.utf8_lower(pc.utf8_trim_whitespace(pc.cast(values, pa.string())))
    yes, no = (pc.fill_null(pc.is_in(written, pa.array(known)), False) for known in (TRUE, FALSE))
    neither = np.flatnonzero(~(yes.to_numpy() | no.to_numpy()))
    if len(neither):
        place, found = raw.places([int(neither[0])])[0], values[int(neither[0])].as_py()
        shown = "nothing" if found is None or str(found).strip() == "" else f"'{found}'"
        raise UserError(
            f"The label column '{name}' of {raw.source} must hold 0 and 1 in every row; got {shown} at {place}.",
            "Correct it, or leave the column out.",
        )
    return np.asarray(yes.to_numpy())


def _from_one(raw: RawTable, name: str, values: pa.ChunkedArray) -> tuple[LabelSets, np.ndarray]:
    """Return the labels of a column of sets: lists, JSON lists, or names with a separator between them."""
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        lists = [[str(one) for one in row or []] for row in values.to_pylist()]
        return _of_lists(lists)
    written = pc.fill_null(pc.cast(values, pa.string()), "").to_pylist()
    if _are_json(written):
        return _of_lists([_json_list(raw, name, row, text) for row, text in enumerate(written)])
    mark = next((one for one in SEPARATORS if any(one in text for text in written)), None)
    if mark is None:
        raise UserError(
            f"The label column '{name}' of {raw.source} holds one label per row; the task multilabel expects sets "
            "like a|b, or several columns of 0 and 1.",
            "Choose the task classification, or name the label columns with commas between them.",
        )
    return _of_lists([split_labels(text, mark) for text in written], mark)


def _are_json(written: list[str]) -> bool:
    filled = [text for text in written[:1000] if text.strip()]
    return bool(filled) and all(text.lstrip().startswith("[") for text in filled)


def _json_list(raw: RawTable, name: str, row: int, text: str) -> list[str]:
    try:
        found = json.loads(text) if text.strip() else []
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        raise UserError(
            f"The label column '{name}' of {raw.source} holds lists; got '{text[:40]}' at {raw.places([row])[0]}.",
            'Write each set like ["a", "b"].',
        )
    return [str(one) for one in found]


def _of_lists(rows: list[list[str]], mark: str = SEPARATOR) -> tuple[LabelSets, np.ndarray]:
    names = sorted({name for row in rows for name in row})
    if any(mark in name for name in names):
        mark = next((one for one in (*SEPARATORS, *OTHERS) if not any(one in name for name in names)), OTHERS[-1])
    place: Mapping[str, int] = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)), dtype=bool)
    for i, row in enumerate(rows):
        matrix[i, [place[name] for name in row]] = True
    return LabelSets(tuple(names), mark), matrix
