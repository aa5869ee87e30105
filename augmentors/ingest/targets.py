"""A label that is a number: when it is taken for one, and its values checked."""

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.dataset import Task
from augmentors.core.errors import UserError
from augmentors.ingest.columns import Column, number_names_rows
from augmentors.ingest.guesses import LABEL_NAMES
from augmentors.ingest.result import LISTED, Quarantined, RawTable, listed
from augmentors.ingest.text_values import trimmed, without_tokens

# Up to so many different numbers may well be classes (grades, years of school, counts of rings).
MOST_CLASSES_OF_NUMBERS = 20
# Whole numbers with so many rows each may be classes, too.
ROWS_PER_CLASS = 20
# Too few values say nothing of what is rare.
LEAST_ROWS = 20
LOOKED_AT = 20_000
_FIRST = 200
GUESSED = "The task was taken as regression"


def guess_task(label: str, values: pa.ChunkedArray) -> tuple[Task, str]:
    """Return whether a label is a number to predict or names classes, and a sentence where it is a number."""
    # One word among the first values rules it out.
    first = _numbers(values.slice(0, _FIRST).drop_null())
    numbers = None if first is None else _numbers(values.slice(0, LOOKED_AT).drop_null())
    numbers = None if numbers is None else numbers.drop_null()
    if numbers is None or not len(numbers) or number_names_rows(label, numbers):
        return "classification", ""
    distinct = int(pc.count_distinct(numbers).as_py())
    if distinct <= MOST_CLASSES_OF_NUMBERS or (_whole(numbers) and distinct * ROWS_PER_CLASS <= len(numbers)):
        return "classification", ""
    return "regression", (f"{GUESSED}: '{label}' holds many different numbers ({distinct:,} in {len(numbers):,} rows).")


def _numbers(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return values
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    try:
        return pc.cast(without_tokens(trimmed(values)), pa.float64())
    except pa.ArrowInvalid:
        return None


def _whole(numbers: pa.ChunkedArray) -> bool:
    if pa.types.is_integer(numbers.type):
        return True
    known = numbers.to_numpy()
    return bool((known == np.floor(known)).all())


def guess_target(columns: Mapping[str, pa.ChunkedArray], skipped: Iterable[str | None]) -> tuple[str | None, str]:
    """Return the likeliest target of a regression and a sentence on why; (None, "") when none is likely."""
    numeric = [name for name in columns if name not in set(skipped) and _numbers(columns[name].slice(0, 1000))]
    by_name = {name.strip().lower(): name for name in reversed(numeric)}
    named = next((by_name[wanted] for wanted in LABEL_NAMES if wanted in by_name), None)
    if named is not None:
        return named, f"The target was guessed by its name: '{named}'."
    varied = [name for name in numeric if pc.count_distinct(columns[name]).as_py() > MOST_CLASSES_OF_NUMBERS]
    if not varied:
        return None, ""
    return varied[-1], f"The target was guessed: '{varied[-1]}', the last column of many different numbers."


def checked_target(raw: RawTable, label: str, column: Column) -> tuple[np.ndarray, list[Quarantined]]:
    """Return which rows have a target, and where the others are.

    Raises
    ------
    UserError
        When the column is no number, or too few of its values are known or different.
    """
    if not (pa.types.is_integer(column.values.type) or pa.types.is_floating(column.values.type)):
        first = next((str(v) for v in column.values.slice(0, 200).drop_null().to_pylist()), "")
        raise UserError(
            f"The label column '{label}' of {raw.source} is not numeric (such as '{first[:40]}'), which regression "
            "needs.",
            "Choose another label column, or the task classification.",
        )
    known = np.isfinite(column.values.to_numpy().astype(np.float64))
    distinct = len(pc.unique(column.values.filter(pa.array(known))))
    if known.sum() < LEAST_ROWS or distinct < 2:
        raise UserError(
            f"The label column '{label}' of {raw.source} has {int(known.sum()):,} values, {distinct:,} of them "
            f"different; regression needs at least {LEAST_ROWS} values, and two different ones.",
            "Choose another label column, or the task classification.",
        )
    lost = np.flatnonzero(~known)
    entries = [Quarantined(place, f"the label '{label}' is no number") for place in raw.places(lost[:LISTED].tolist())]
    return known, listed(entries, len(lost), "rows have a label that is no number")
