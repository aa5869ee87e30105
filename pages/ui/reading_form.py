"""How a file was understood, as a form: kind, label, text, types, separator, encoding, decimal sign."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from augmentors.core.dataset import COLUMN_TYPES, KINDS, PATH_COLUMN, TASKS
from augmentors.core.errors import UserError
from augmentors.core.ranges import parse_cuts
from augmentors.ingest import Proposal
from pages.ui import theme
from pages.ui.drafts import Draft

DELIMITERS = {",": "comma  ,", ";": "semicolon  ;", "\t": "tab", "|": "bar  |", " ": "space"}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "cp1250", "cp1251", "shift_jis", "gb18030", "big5")
DECIMALS = {"": "as each column tells", ".": "point: 1,234.5", ",": "comma: 1.234,5"}
TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json")
COLUMNS_EDITED = 200
TASK_WORDS = {"classification": "names classes", "regression": "is a number", "multilabel": "holds several"}


def choose(draft: Draft, proposal: Proposal) -> dict[str, Any]:
    """Draw what can be corrected and return the choices that differ from the guesses."""
    found, choices = proposal.understood, dict(draft.choices)
    with st.container(horizontal=True, vertical_alignment="top"):
        kind = st.segmented_control("Kind of data", KINDS, default=found.kind, key=f"{draft.id}-kind", required=True)
        if found.format not in ("zip", "folder"):
            label = _label(draft, proposal)
            text = _column("Text", proposal.columns, found.text, f"{draft.id}-text") if kind == "text" else None
            _note_change(choices, {"label": (label, found.label), "text": (text, found.text)})
    _note_change(choices, {"kind": (kind, found.kind)})
    if kind != found.kind:
        choices.pop("text", None)
    if kind == "table" and found.label:
        _task(draft, found, choices)
    if found.delimiter is not None or found.encoding is not None:
        _reading_chips(draft, found, choices)
    types = _edited_types(draft, proposal)
    if types:
        choices["types"] = choices.get("types", {}) | types
    return choices


def _label(draft: Draft, proposal: Proposal) -> str | None:
    """Draw the choice of the label column, or of several, and return what `ingest.load` takes."""
    found = proposal.understood
    if found.task != "multilabel":
        return _column("Label", proposal.columns, found.label, f"{draft.id}-label")
    given = [found.label] if found.label in proposal.columns else [one.strip() for one in found.label.split(",")]
    chosen = st.multiselect("Labels", proposal.columns, given, key=f"{draft.id}-labels", width=420)
    return ",".join(chosen) or None


def _task(draft: Draft, found: Any, choices: dict[str, Any]) -> None:
    """Draw whether the label names classes, is a number or holds several, and the cut points of its ranges."""
    with st.container(horizontal=True, vertical_alignment="top"):
        task = st.segmented_control(
            "The label",
            TASKS,
            default=found.task,
            key=f"{draft.id}-task-{found.label}",  # another label is guessed anew
            required=True,
            format_func=lambda name: TASK_WORDS[name],
            help="A number is predicted by regression; plan, gate and charts then work on ranges of it. Several labels "
            "per sample stand in columns of 0 and 1, or in one column of sets like a|b.",
        )
        if task != found.task:
            choices["task"] = task
            choices.pop("ranges", None)
            if found.task == "multilabel":
                choices["label"] = found.label.split(",")[0].strip()
            elif task == "multilabel":
                choices["label"] = found.label
        if task != "regression":
            return
        written = st.text_input(
            "Cut points between ranges",
            ", ".join(f"{cut:g}" for cut in found.ranges or ()),
            key=f"{draft.id}-ranges",
            width=260,
            placeholder="found by the box plot",
            help="Such as 0, 5, 20. Left empty, rare ranges are told by the box plot of the training part.",
        )
    try:
        cuts = parse_cuts(written.strip() or None, "Cut points")
    except UserError as error:
        st.error(theme.escape(f"{error.message} {error.hint}"))
        return
    if cuts != (found.ranges and tuple(found.ranges)):
        choices.pop("ranges", None)
        choices |= {"ranges": list(cuts)} if cuts else {}


def ask(draft: Draft) -> dict[str, Any]:
    """Draw separator and encoding of a text file that could not be read, and return the choices with them."""
    choices = dict(draft.choices)
    if Path(draft.name).suffix.lower() not in TEXT_SUFFIXES:
        return choices
    with st.container(border=True, width=520):
        st.markdown("Perhaps it is written in another way:")
        with st.container(horizontal=True):
            options = {"": "detect it", **DELIMITERS}
            given = {
                "delimiter": st.selectbox(
                    "Columns are separated by",
                    list(dict.fromkeys([choices.get("delimiter", ""), *options])),
                    key=f"{draft.id}-ask-delimiter",
                    format_func=lambda d: options.get(d, d),
                    accept_new_options=True,
                ),
                "encoding": st.selectbox(
                    "Characters are encoded as",
                    list(dict.fromkeys([choices.get("encoding", ""), "", *ENCODINGS])),
                    key=f"{draft.id}-ask-encoding",
                    format_func=lambda e: e or "detect it",
                    accept_new_options=True,
                ),
            }
    for name, value in given.items():
        choices.pop(name, None)
        choices |= {name: value} if value else {}
    return choices


def _note_change(choices: dict[str, Any], values: dict[str, tuple[Any, Any]]) -> None:
    for name, (chosen, guessed) in values.items():
        if chosen is not None and chosen != guessed:
            choices[name] = chosen


def _column(title: str, columns: list[str], guessed: str | None, key: str) -> str | None:
    index = columns.index(guessed) if guessed in columns else None
    return st.selectbox(title, columns, index=index, key=key, width=200, placeholder="Choose a column")


def _reading_chips(draft: Draft, found: Any, choices: dict[str, Any]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.delimiter is not None:
            with st.popover(f"Separator: {DELIMITERS.get(found.delimiter, found.delimiter)}"):
                options = list(dict.fromkeys([found.delimiter, *DELIMITERS]))
                chosen = st.radio(
                    "Columns are separated by",
                    options,
                    key=f"{draft.id}-delimiter",
                    format_func=lambda d: DELIMITERS.get(d, d),
                )
                _note_change(choices, {"delimiter": (chosen, found.delimiter)})
        if found.encoding is not None:
            with st.popover(f"Encoding: {found.encoding}"):
                options = list(dict.fromkeys([found.encoding, *ENCODINGS]))
                chosen = st.selectbox(
                    "Characters are encoded as", options, key=f"{draft.id}-encoding", accept_new_options=True
                )
                _note_change(choices, {"encoding": (chosen, found.encoding)})
        if found.format == "csv":
            sign = found.decimal or ""
            with st.popover(f"Decimal sign: {DECIMALS[sign].partition(':')[0]}"):
                chosen = st.radio(
                    "Numbers are written with a decimal",
                    list(DECIMALS),
                    index=list(DECIMALS).index(sign),
                    key=f"{draft.id}-decimal",
                    format_func=DECIMALS.get,
                )
                if chosen != sign:
                    choices.pop("decimal", None)
                    choices |= {"decimal": chosen} if chosen else {}


def _edited_types(draft: Draft, proposal: Proposal) -> dict[str, Any]:
    """Draw the types as a table that can be edited; return what was changed."""
    found = proposal.understood
    kept = {n: t for n, t in found.types.items() if found.kind != "image" or n != PATH_COLUMN}
    wanted = _searched(draft, list(kept))
    found_here = [name for name in kept if wanted.casefold() in name.casefold()]
    types = {name: kept[name] for name in found_here[:COLUMNS_EDITED]}
    if not types:
        if kept:
            st.caption(f"No column is called '{theme.escape(wanted)}'.")
        return {}
    examples = {
        name: ", ".join(map(_short, proposal.preview[name].head(4))) if name in proposal.preview else ""
        for name in types
    }
    table = pd.DataFrame({"column": list(types), "type": list(types.values()), "first values": list(examples.values())})
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["column", "first values"],
        key=f"{draft.id}-types{wanted and '-' + wanted}",
        column_config={
            "column": st.column_config.TextColumn("Column", width="medium"),
            "type": st.column_config.SelectboxColumn("Type", options=list(COLUMN_TYPES), required=True, width="small"),
            "first values": st.column_config.TextColumn("First values"),
        },
    )
    if len(found_here) > COLUMNS_EDITED:
        st.caption(f"The first {COLUMNS_EDITED} of {len(found_here):,} columns; search for others above.")
    return {name: kind for name, kind in zip(edited["column"], edited["type"], strict=True) if kind != types[name]}


def _searched(draft: Draft, names: list[str]) -> str:
    """Draw a search for columns where there are many; return what was typed."""
    if len(names) <= COLUMNS_EDITED:
        return ""
    typed = st.text_input(
        "Find a column", key=f"{draft.id}-find-column", placeholder=f"a part of a name, of {len(names):,}", width=320
    )
    return typed.strip()


def _short(value: Any) -> str:
    shown = "–" if pd.isna(value) else theme.as_is(value)
    return shown if len(shown) <= 30 else shown[:29] + "…"
