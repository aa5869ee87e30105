"""Samples of the dataset in work, page by page, as the kind of data asks for."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from augmentors.core.dataset import PATH_COLUMN
from augmentors.overview import CLASS, PART, POSITION
from pages.ui import cached_reads, gallery, theme
from pages.ui.frame import Data

PER_PAGE = 24
TEXTS_PER_PAGE = 12


def show(data: Data, browse_rows: Sequence[int] | np.ndarray, captions: Sequence[str] | None = None) -> None:
    """Draw some samples by their rows in the browse file.

    Parameters
    ----------
    data : Data
    browse_rows : sequence of int
        As many as one page shows.
    captions : sequence of str, optional
        Instead of id and part.
    """
    rows = tuple(int(row) for row in browse_rows)
    theme.draw(_markup(data.id, data.facts["split"]["hash"], rows, tuple(captions) if captions else None, data))


@st.cache_data(max_entries=24, show_spinner=False)
def _markup(
    dataset_id: str, split_hash: str, rows: tuple[int, ...], captions: tuple[str, ...] | None, _data: Data
) -> str:
    return markup(_data, cached_reads.rows(_data.workspace.token, dataset_id, list(rows)), captions)


def markup(data: Data, frame: pd.DataFrame, captions: Sequence[str] | None = None) -> str:
    """Return samples (rows of the browse file) as HTML."""
    labels = frame[CLASS].astype(str).tolist()
    notes = (
        list(captions)
        if captions is not None
        else [f"{sample} · {part}" for sample, part in zip(frame.index, frame[PART], strict=True)]
    )
    kind, facts = data.facts["kind"], data.facts
    if kind == "image":
        uris = [uri(data, str(path)) for path in frame[PATH_COLUMN]]
        return gallery.pictures(list(zip(uris, labels, notes, strict=True)), data.colours)
    if kind == "text":
        bodies = frame[facts["text"]].fillna("").astype(str).tolist()
        return gallery.texts(list(zip(bodies, labels, notes, strict=True)), data.colours)
    columns = columns_shown(data, frame)
    values = frame[columns].astype(object).to_numpy().tolist()
    return gallery.rows(columns, list(zip(values, labels, notes, strict=True)), data.colours)


def columns_shown(data: Data, frame: pd.DataFrame) -> list[str]:
    """Return which columns of the browse file are drawn beside a sample's class."""
    # The number itself stands beside its range.
    hidden = (POSITION, CLASS, PART, None if data.facts.get("task") == "regression" else data.facts["label"])
    return [name for name in frame.columns if name not in hidden]


def pager(total: int, key: str, per_page: int = PER_PAGE) -> tuple[int, int]:
    """Draw a page chooser when there is more than one page; return first and one-past-last item."""
    pages = max(-(-total // per_page), 1)
    if pages == 1:
        return 0, total
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page = st.number_input("Page", 1, pages, 1, key=key, label_visibility="collapsed", width=120)
        start = (int(page) - 1) * per_page
        end = min(start + per_page, total)
        st.caption(f"Page {int(page):,} of {pages:,} · samples {start + 1:,}–{end:,} of {total:,}")
    return start, end


def per_page(kind: str) -> int:
    """Return how many samples one page shows."""
    return TEXTS_PER_PAGE if kind == "text" else PER_PAGE


def uri(data: Data, relative: str) -> str:
    """Return a small picture of an image of the dataset as data URI; empty when its file is gone."""
    path = cached_reads.image_file(data.workspace.token, data.id, relative)
    try:
        return gallery.file_uri(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return ""
