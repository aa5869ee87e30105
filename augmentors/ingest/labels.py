"""The label column: rows without one are set aside, and the classes must make sense."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.errors import UserError
from augmentors.ingest.guesses import guess_label
from augmentors.ingest.label_spellings import merged
from augmentors.ingest.limits import MAX_CLASSES
from augmentors.ingest.result import LISTED, Quarantined, RawTable, listed

# A handful of classes is never too many, however few the rows.
_FEW = 10


def different(values: pa.ChunkedArray) -> pa.Array:
    """Return the values without repetition, missing ones included."""
    return pc.unique(pc.cast(values, values.type.value_type) if pa.types.is_dictionary(values.type) else values)


def without_missing(raw: RawTable, label: str, distinct: pa.Array | None = None) -> RawTable:
    """Return the rows that have a label; the others go to quarantine.

    Parameters
    ----------
    raw : RawTable
    label : str
    distinct : pyarrow.Array, optional
        The different values of the label, where they are known.

    Raises
    ------
    UserError
        When no row has one, or the column holds nested or binary values.
    """
    values = raw.columns[label]
    if raw.fixed.get(label) == "ignored":
        raise UserError(
            f"Column '{label}' of {raw.source} cannot be the label: its values are nested or binary.",
            "Choose a column of text, numbers or true/false.",
        )
    # The different values alone tell whether a row has no label.
    if not _missing(different(values) if distinct is None else distinct).any():
        return raw
    missing = _missing(values)
    count = int(missing.sum())
    if count == raw.n_rows:
        raise UserError(
            f"The label column '{label}' of {raw.source} is empty in all {count:,} rows.",
            "Choose another label column.",
        )
    reason = f"the label '{label}' is empty"
    at = np.flatnonzero(missing)[:LISTED]
    entries = [Quarantined(place, reason) for place in raw.places(at.tolist())]
    return raw.keep(~missing, listed(entries, count, "rows have an empty label"))


def _missing(values: pa.ChunkedArray | pa.Array) -> np.ndarray:
    missing = pc.is_null(values, nan_is_null=True)
    if _is_words(values):
        blank = pc.equal(pc.utf8_trim_whitespace(values), "")
        missing = pc.or_(missing, pc.fill_null(blank, False))
    return np.asarray(missing)


def checked_labels(
    raw: RawTable, label: str, values: pa.ChunkedArray, distinct: pa.Array, merge: bool = False
) -> tuple[pd.Series, str]:
    """Return the labels as pandas holds them and, where spellings were to be merged, what was.

    Parameters
    ----------
    raw : RawTable
    label : str
    values : pyarrow.ChunkedArray
        Of the label, none missing.
    distinct : pyarrow.Array
        The different values of the label; missing ones may be among them.
    merge : bool
        Whether spellings are to be merged.

    Raises
    ------
    UserError
        When there is one class, or so many that this cannot be the label.
    """
    if pa.types.is_dictionary(values.type):
        values = pc.cast(values, values.type.value_type)
    distinct = distinct.filter(pa.array(~_missing(distinct)))
    names = _as_pandas(raw, values)
    names, told = merged(names) if merge else (names, "")
    classes = names.nunique() if told else len(distinct)
    if classes == 1:
        only = distinct[0].as_py()
        raise UserError(
            f"The label column '{label}' of {raw.source} has one class ('{only}') in {raw.n_rows:,} rows; "
            "expected two or more.",
            _other_label(raw),
        )
    if classes > MAX_CLASSES or classes > max(_FEW, raw.n_rows / 2):
        limit = f"at most {MAX_CLASSES:,}, and at least two rows for each"
        raise UserError(
            f"The label column '{label}' of {raw.source} has {classes:,} classes in {raw.n_rows:,} rows; "
            f"expected {limit}.",
            _other_label(raw),
        )
    return names, told


def _as_pandas(raw: RawTable, values: pa.ChunkedArray) -> pd.Series:
    if raw.format == "parquet" and not _is_words(values):
        return values.to_pandas()
    return (values if _is_words(values) else pc.cast(values, pa.string())).to_pandas()


def _is_words(values: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(values.type) or pa.types.is_large_string(values.type))


def _other_label(raw: RawTable) -> str:
    """Return a hint that names another label column, where one is likely."""
    other, _ = guess_label(raw.columns)
    return f"Perhaps '{other}' is the label." if other else "Choose another label column."
