"""A sample and the samples nearest to it in two embeddings: pictures, short text cards, or rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from augmentors.core.dataset import PATH_COLUMN
from augmentors.overview import CLASS
from pages.ui import cached_reads, charts, data_view, gallery, theme
from pages.ui.frame import Data

SIDES = {"before": "Nearest in the built-in embedding", "after": "Nearest in the learnt embedding"}
TEXT_SHOWN = 140
ASKED = "the sample asked about"
NOUNS = {"regression": "range", "multilabel": "set of labels"}


def noun(data: Data) -> str:
    """Return what samples share or do not: a class, or what stands for one in other tasks."""
    return NOUNS.get(str(data.facts.get("task")), "class")


def draw(data: Data, near: Mapping[str, np.ndarray], at: int) -> None:
    """Draw a sample and its nearest neighbours in both embeddings, right and wrong classes marked.

    Parameters
    ----------
    data : Data
    near : mapping of str to ndarray
        What `embedding_job.neighbours_of` keeps.
    at : int
        Place of the sample asked about.
    """
    kind, what = data.facts["kind"], noun(data)
    marks = {side: marks_of(near["labels"], at, near[side][at], what) for side in SIDES}
    if kind != "table":
        data_view.show(data, [near["rows"][at]], [ASKED])
    if kind == "text":
        theme.draw(f'<div class="cw-near">{"".join(texts(data, near, at, side, marks[side]) for side in SIDES)}</div>')
        return
    for side in SIDES:
        body = rows if kind == "table" else pictures
        theme.draw(_title(side, marks[side], what) + body(data, near, at, side, marks[side]))
    if kind == "table":
        st.caption(
            "Cells that equal those of the sample asked about are pale. Distances are Euclidean, each in its own "
            "embedding: those of the two tables cannot be compared."
        )


def marks_of(labels: np.ndarray, at: int, mates: np.ndarray, what: str) -> list[str]:
    """Return in signs and words which neighbours share the class of a sample."""
    return [f"✓ same {what}" if same else f"✗ another {what}" for same in labels[mates] == labels[at]]


def pictures(data: Data, near: Mapping[str, np.ndarray], at: int, side: str, marks: Sequence[str]) -> str:
    """Return the images nearest to one in an embedding."""
    frame = frame_of(data, near, near[side][at])
    uris = [data_view.uri(data, str(path)) for path in frame[PATH_COLUMN]]
    items = list(zip(uris, frame[CLASS].astype(str), marks, strict=True))
    return gallery.pictures(items, data.colours, captioned=True)


def rows(data: Data, near: Mapping[str, np.ndarray], at: int, side: str, marks: Sequence[str]) -> str:
    """Return a row and, below it, those nearest to it in an embedding, with what equals it pale."""
    frame, gaps = frame_of(data, near, [at, *near[side][at]]), near[f"{side}_gaps"][at]
    columns = data_view.columns_shown(data, frame)[: gallery.COLUMNS_SHOWN]
    values = frame[columns].astype(object).to_numpy().tolist()
    head = f'<th>{noun(data)}</th><th class="cw-num">distance</th>{charts.heads(columns, values)}'
    body = ""
    for i, (own, name) in enumerate(zip(values, frame[CLASS].astype(str), strict=True)):
        mark = marks[i - 1] if i else "asked about"
        gap = f'<td class="cw-num">{gaps[i - 1]:.3f}</td>' if i else "<td></td>"
        chip = theme.chip(name, data.colours.get(name, "#888888"))
        first = f'<th title="{theme.text(f"{name}: {mark}")}">{chip} <span class="cw-mute">{mark}</span></th>'
        body += f"<tr>{first}{gap}{cells(own, values[0] if i else None)}</tr>"
    table = f'<table class="cw-table cw-family cw-asked"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="cw-scroll">{table}</div>'


def cells(values: Sequence[Any], asked: Sequence[Any] | None) -> str:
    """Return values as table cells; those that look the same in the row asked about carry ``data-alike``."""
    drawn = [charts.cell(value, data=True) for value in values]
    other = [charts.cell(value, data=True) for value in asked or []]
    alike = [asked is not None and own == other[i] for i, own in enumerate(drawn)]
    return "".join(
        own.replace("<td", "<td data-alike", 1) if same else own for own, same in zip(drawn, alike, strict=True)
    )


def texts(data: Data, near: Mapping[str, np.ndarray], at: int, side: str, marks: Sequence[str]) -> str:
    """Return the texts nearest to one in an embedding, as cards."""
    frame = frame_of(data, near, near[side][at])
    bodies = frame[data.facts["text"]].fillna("").astype(str).tolist()
    labels = frame[CLASS].astype(str).tolist()
    cards = gallery.texts(list(zip(bodies, labels, marks, strict=True)), data.colours, TEXT_SHOWN)
    return f"<section>{_title(side, marks, noun(data))}{cards}</section>"


def frame_of(data: Data, near: Mapping[str, np.ndarray], places: Sequence[int] | np.ndarray) -> pd.DataFrame:
    """Return samples by their places among those judged."""
    wanted = near["rows"][np.asarray(places, dtype=np.int64)].tolist()
    return cached_reads.rows(data.workspace.token, data.id, wanted)


def _title(side: str, marks: Sequence[str], what: str) -> str:
    right = sum(mark.startswith("✓") for mark in marks)
    return f'<p class="cw-near-title">{SIDES[side]}: <b>{right} of {len(marks)}</b> of the same {what}</p>'
