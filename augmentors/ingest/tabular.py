"""Columns as a reader found them → a Dataset: types, label, kind, and what is set aside."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from augmentors.core.dataset import ColumnType, Dataset, Kind, Schema, Task
from augmentors.core.errors import UserError
from augmentors.core.label_sets import LabelSets
from augmentors.ingest.columns import Column, as_type, floats_or_text, infer_text, number_names_rows, words
from augmentors.ingest.guesses import guess_kind, guess_label, guess_text, require_column, wordiest
from augmentors.ingest.label_spellings import merged
from augmentors.ingest.labels import checked_labels, different, without_missing
from augmentors.ingest.multilabel import chosen_columns, label_columns, label_sets, told_sets
from augmentors.ingest.number_signs import Signs, number_signs
from augmentors.ingest.result import Choices, Loaded, RawTable, Understood
from augmentors.ingest.targets import GUESSED, checked_target, guess_target, guess_task
from augmentors.ingest.typed_columns import typed_column
from augmentors.ingest.unit_signs import Marked, marked_numbers

_THREADS = 2
NUMERIC: tuple[ColumnType, ...] = ("number", "integer")


@dataclass(frozen=True)
class _Meaning:
    """What the columns were taken for."""

    kind: Kind
    label: str
    text: str | None
    columns: dict[str, Column]
    notes: list[str]
    target: Column | None = None
    # Of a label that was guessed to be a number although the data is text: then it names classes.
    written: pa.ChunkedArray | None = None

    @property
    def types(self) -> dict[str, ColumnType]:
        return {name: column.type for name, column in self.columns.items()}


def assemble(raw: RawTable, choices: Choices, fingerprint: str) -> Loaded:
    """Return the dataset of a table or of texts.

    Raises
    ------
    UserError
        When a chosen column is missing, or the label has one class, too many,
        or no value at all.
    """
    order = list(raw.columns)
    raw, meaning, names, sets = _labelled(raw, choices, order)
    label = meaning.label
    frame = _frame(raw, meaning, {label: names}, order if sets is None else sets.one_column(order, label))
    understood = _understood(raw, meaning, choices)
    # Times that the user wants as something else are no times any more.
    times = {name for name, kind in understood.types.items() if kind != "date" and _is_time(raw.stored.get(name))}
    stored = {name: raw.stored[name] for name in order if name in raw.stored and name not in times}
    schema = Schema(label, understood.types, understood.text, choices.group, stored)
    schema = replace(schema, task=understood.task, cuts=understood.ranges, sets=sets)
    return Loaded(Dataset(meaning.kind, frame, schema, fingerprint), raw.quarantine, understood)


def _labelled(
    raw: RawTable, choices: Choices, order: list[str]
) -> tuple[RawTable, _Meaning, pd.Series, LabelSets | None]:
    """Return the rows that have a label, what their columns mean, the labels, and which there are of several."""
    label, sentence = _label(raw, choices)
    task, why = _task(raw, choices, label)
    said = [one for one in (sentence, why) if one]
    if task == "multilabel":
        sets, names = label_sets(raw, label, order)
        return raw, _understand(raw, choices, label, [*said, told_sets(sets)]), names, sets
    if task == "regression":
        distinct = different(raw.columns[label])
        raw = without_missing(raw, label, distinct)
        meaning = _understand(raw, choices, label, said, is_number=True)
        if meaning.target is not None:
            return *_with_targets(raw, meaning), None
        names, told = checked_labels(raw, label, meaning.written, distinct, choices.merge_spellings)
        return raw, replace(meaning, notes=[*meaning.notes, *([told] if told else [])]), names, None
    raw.as_written(label)
    distinct = different(raw.columns[label])
    raw = without_missing(raw, label, distinct)
    names, told = checked_labels(raw, label, raw.columns.pop(label), distinct, choices.merge_spellings)
    return raw, _understand(raw, choices, label, [*said, *([told] if told else [])]), names, None


def _task(raw: RawTable, choices: Choices, label: str) -> tuple[Task, str]:
    """Return what is to be predicted and, where that was guessed to be a number, a sentence on why."""
    if choices.task is not None:
        return choices.task, ""
    if choices.ranges is not None:
        return "regression", "The task was taken as regression, since ranges were given."
    if choices.kind not in (None, "table") or choices.text is not None:
        return "classification", ""
    return guess_task(label, raw.columns[label])


def _with_targets(raw: RawTable, meaning: _Meaning) -> tuple[RawTable, _Meaning, pd.Series]:
    """Return the rows that have a target, and the targets; the others go to quarantine."""
    assert meaning.target is not None, "regression keeps the target's column"
    known, entries = checked_target(raw, meaning.label, meaning.target)
    target, columns = meaning.target, meaning.columns
    if not known.all():
        raw, chosen = raw.keep(known, entries), pa.array(known)
        target = replace(target, values=target.values.filter(chosen))
        columns = {name: replace(column, values=column.values.filter(chosen)) for name, column in columns.items()}
    return raw, replace(meaning, columns=columns), target.values.to_pandas()


def _is_time(stored: Mapping[str, Any] | None) -> bool:
    return stored is not None and stored["type"] == "timestamp"


def without_label(raw: RawTable, choices: Choices) -> tuple[pd.DataFrame, Understood]:
    """Return rows that have no label column, and how they were read."""
    order = list(raw.columns)
    meaning = _understand(raw, choices, "", [])
    return _frame(raw, meaning, {}, order), _understood(raw, meaning, choices)


def first_look(raw: RawTable, choices: Choices) -> tuple[Understood, pd.DataFrame, dict[str, int]]:
    """Return what the beginning of a file seems to hold, without judging its label.

    Returns
    -------
    understood : Understood
        With label "" when none is likely.
    preview : DataFrame, shape (at most 10, columns)
    classes : dict of str to int
    """
    order = list(raw.columns)
    try:
        label, sentence = _label(raw, choices)
    except UserError as error:
        if choices.label is not None:
            raise
        label, sentence = "", error.message
    task, why = _task(raw, choices, label) if label else ("classification", "")
    if label and task == "classification":
        raw.as_written(label)
    labels = raw.columns.pop(label) if label and task == "classification" else None
    several = {name: raw.columns.pop(name) for name in label_columns(raw, label)} if task == "multilabel" else {}
    said = [one for one in (sentence, why) if one]
    meaning = _understand(raw, choices, label, said, is_number=task == "regression")
    shown = {name: _head(column).series for name, column in meaning.columns.items()}
    shown |= {name: pc.cast(values.slice(0, 10), pa.string()).to_pandas() for name, values in several.items()}
    if meaning.target is not None:
        shown[label] = _head(meaning.target).series
    labels = labels if meaning.written is None else meaning.written
    classes: dict[str, int] = {}
    if labels is not None:
        shown[label] = pc.cast(labels.slice(0, 10), pa.string()).to_pandas()
        names = pc.cast(labels, pa.string()).drop_null().to_pandas()
        counts = (merged(names)[0] if choices.merge_spellings else names).value_counts()
        classes = {str(name): int(n) for name, n in counts.items()}
    preview = pd.DataFrame({name: shown[name] for name in order})
    return _understood(raw, meaning, choices), preview, classes


def _head(column: Column) -> Column:
    return Column(column.values.slice(0, 10), column.type)


def _label(raw: RawTable, choices: Choices) -> tuple[str, str]:
    """Return the label column and, where it was guessed, a sentence on why."""
    several = choices.task == "multilabel"
    if several:
        chosen_columns(raw, choices)
    roles = ((None if several else choices.label, "label"), (choices.text, "text"), (choices.group, "group"))
    for name, role in roles:
        require_column(name, role, raw.columns, raw.source)
    for name in choices.types:
        require_column(name, "a typed column", raw.columns, raw.source)
    if choices.label is not None:
        if not several and choices.label in (choices.text, choices.group):
            raise UserError(
                f"Column '{choices.label}' cannot be the label and the text or group column at once.",
                "Choose different columns.",
            )
        return choices.label, ""
    guess = guess_target if choices.task == "regression" or choices.ranges is not None else guess_label
    label, sentence = guess(raw.columns, (choices.text, choices.group, *raw.fixed))
    if label is None:
        names = ", ".join(f"'{name}'" for name in list(raw.columns)[:8])
        raise UserError(
            f"{raw.source}: no column looks like a label (few different values) among {names}.",
            "Name the label column.",
        )
    return label, sentence


def _understand(raw: RawTable, choices: Choices, label: str, notes: list[str], is_number: bool = False) -> _Meaning:
    as_read = raw.columns[label] if is_number else None
    columns = _typed(raw, choices)
    target = columns.pop(label) if is_number else None
    text, kind = choices.text, choices.kind
    if kind == "image":
        raise UserError(
            f"{raw.source} holds rows, not images.",
            "Load a ZIP or folder of images, or choose the kind table or text.",
        )
    guessed = text or guess_text(columns, (label, choices.group))
    if kind is None:
        kind, sentence = ("text", "") if text else guess_kind(columns, guessed, choices.group)
        if kind == "table" and not _learnable(columns, choices.group):
            kind, sentence = _text_if_nothing_else(raw, columns, choices)
        notes += [sentence] if sentence else []
    if kind == "text":
        guessed = guessed or wordiest(columns, (label, choices.group))
        if guessed is None:
            raise UserError(f"{raw.source} has no column that could hold the texts.", "Choose the kind table instead.")
        if text is None:
            notes.append(f"The text column was guessed: '{guessed}'.")
        columns[guessed] = Column(_as_text(columns[guessed].values), "text")
    elif text is not None:
        raise UserError(f"A table has no text column; got '{text}'.", "Choose the kind text, or leave it out.")
    notes += [column.note for name, column in columns.items() if column.note and name != guessed]
    meaning = _Meaning(kind, label, guessed if kind == "text" else None, columns, notes, target)
    return meaning if kind == "table" else _of_texts(raw, choices, meaning, as_read)


def _of_texts(raw: RawTable, choices: Choices, meaning: _Meaning, as_read: pa.ChunkedArray | None) -> _Meaning:
    """Return what texts mean: a label that was only guessed to be a number names classes there."""
    if choices.task == "multilabel":
        raise UserError(
            f"The task multilabel is for tables; the data of {raw.source} was taken as {meaning.kind}.",
            "Choose the kind table, or the task classification.",
        )
    if meaning.target is None:
        return meaning
    if choices.task is None and choices.ranges is None:
        notes = [note for note in meaning.notes if not note.startswith(GUESSED)]
        return replace(meaning, target=None, written=as_read, notes=notes)
    raise UserError(
        f"The label column '{meaning.label}' of {raw.source} was taken as a number to predict, which is for tables "
        f"only; the data was taken as {meaning.kind}.",
        "Choose the kind table, or the task classification.",
    )


def _learnable(columns: Mapping[str, Column], group: str | None) -> bool:
    return any(column.type != "ignored" for name, column in columns.items() if name != group)


def _text_if_nothing_else(raw: RawTable, columns: Mapping[str, Column], choices: Choices) -> tuple[Kind, str]:
    name = wordiest(columns, (choices.group,))
    if name is None or name in choices.types:
        raise UserError(
            f"{raw.source} has no column to learn from beside the label: "
            f"{', '.join(repr(n) for n in list(columns)[:5])} are ignored.",
            "Give one of them another type.",
        )
    return "text", f"The data was taken as text: '{name}' is the only column to learn from."


def _as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())


def _typed(raw: RawTable, choices: Choices) -> dict[str, Column]:
    """Return every column with its type, given or inferred, and as pandas holds it; several at a time."""
    as_written = {name for name, kind in choices.types.items() if kind not in NUMERIC}
    marked = marked_numbers(raw.columns, {choices.text, *as_written})
    signs = _signs(raw, choices, marked)

    def one(name: str) -> Column:
        # Popped, so that the text of a column is freed once its numbers are there.
        values = raw.columns.pop(name)
        wanted = choices.types.get(name) or ("text" if name == choices.text else None)
        if name in marked:
            return _unmarked(name, marked[name], wanted, signs.get(name))
        if raw.typed:
            return typed_column(name, values, wanted, raw.fixed.get(name))
        if wanted:
            return as_type(name, values, wanted, signs.get(name))
        column = infer_text(name, values, signs.get(name), raw.leading_zeros)
        if column.type == "integer" and number_names_rows(name, column.values):
            note = f"Column '{name}' numbers the rows (each value is different); it is ignored."
            return Column(column.values, "ignored", note)
        return column

    def some(names: list[str]) -> dict[str, Column]:
        columns = {name: one(name) for name in names}
        for column in columns.values():
            # Asked for here, so that it is made beside the other columns.
            _ = column.series
        return columns

    names = list(raw.columns)
    # One task for many columns: most take less than handing a task over.
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = [pool.submit(some, names[at::_THREADS]) for at in range(_THREADS)]
        _ = raw.ids
        found = {name: column for part in parts for name, column in part.result().items()}
    return {name: found[name] for name in names}


def _signs(raw: RawTable, choices: Choices, marked: Mapping[str, Marked]) -> dict[str, Signs]:
    """Return how the numbers of columns are written; those beside a sign count like the others."""
    if raw.typed and not marked:
        return {}

    def written(name: str) -> pa.ChunkedArray:
        return marked[name].bare if name in marked or raw.reread is None else raw.reread(name)

    bare = {name: floats_or_text(column.bare) for name, column in marked.items()}
    shown = bare if raw.typed else raw.columns | bare
    reread = written if raw.reread is not None or marked else None
    signs = number_signs(shown, raw.delimiter, choices.decimal, reread)
    for name in set(signs) - set(marked):
        raw.as_written(name)
    return signs


def _unmarked(name: str, marked: Marked, wanted: ColumnType | None, signs: Signs | None) -> Column:
    """Return a column of numbers with a sign as numbers, or as it is written where they cannot be read."""
    if wanted:
        column = as_type(name, marked.bare, wanted, signs)
    else:
        column = infer_text(name, marked.bare, signs, leading_zeros=True)
    if column.type in NUMERIC:
        return Column(column.values, column.type, f"{marked.note(name)} {column.note}".strip())
    column = words(name, marked.written)
    return Column(column.values, column.type, marked.lost(name))


def _frame(raw: RawTable, meaning: _Meaning, labels: dict[str, pd.Series], order: list[str]) -> pd.DataFrame:
    """Return the rows indexed by their ids, columns in the file's order."""
    series = {name: labels[name] if name in labels else meaning.columns[name].series for name in order}
    frame = pd.DataFrame(series, copy=False)
    frame.index = raw.ids
    return frame


def _understood(raw: RawTable, meaning: _Meaning, choices: Choices) -> Understood:
    return Understood(
        kind=meaning.kind,
        label=meaning.label,
        text=meaning.text,
        group=choices.group,
        types=meaning.types,
        delimiter=raw.delimiter,
        encoding=raw.encoding,
        decimal=choices.decimal,
        merge_spellings=choices.merge_spellings,
        task=choices.task if choices.task == "multilabel" else "regression" if meaning.target else "classification",
        ranges=choices.ranges if meaning.target is not None else None,
        format=raw.format,
        notes=raw.notes + meaning.notes,
    )
