"""What the Map draws: coordinates, colours by class, part or any column, and who is selected."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from augmentors import jobs, map_points
from augmentors.jobs import JobState
from augmentors.overview import BROWSE, CLASS, PART, read_browse_column
from augmentors.store import Workspace
from pages.ui import theme
from pages.ui.frame import Data
from pages.ui.point_map import Group, Region

LAYOUTS = {"UMAP": map_points.UMAP, "PCA": map_points.PCA}
BY_CLASS, BY_PART = "class", "train / test"
MAX_GROUPS, SHADES = 60, 8
# Dark to light, even in lightness, told apart by colour-blind people too.
SCALE = ("#3B1C6E", "#5B3A9B", "#4567B5", "#2F8DAE", "#2FAE9A", "#62C370", "#B5C94A", "#F2C230")
OTHERS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8F3050", "#707000", "#605080", "#8FBF8F")
GREY = "#808890"


@dataclass(frozen=True)
class Colouring:
    """A colour group per sample (all rows of the browse file)."""

    codes: np.ndarray
    groups: list[Group]


def start(workspace: Workspace, dataset_id: str) -> str:
    """Start laying the dataset out and return the job's id."""
    arguments = {"workspace": workspace.token, "dataset_id": dataset_id}
    return jobs.submit(
        workspace.jobs_dir, "augmentors.map_points:map_job", arguments, title="Drawing the map", kind="map"
    )


def last_job(workspace: Workspace, dataset_id: str) -> JobState | None:
    """Return the newest job that lays this dataset out."""
    found = jobs.list_jobs(workspace.jobs_dir)
    return next((job for job in found if job.kind == "map" and job.arguments.get("dataset_id") == dataset_id), None)


def layouts(workspace: Workspace, dataset_id: str, encoder_id: str = "") -> list[str]:
    """Return the layouts that are ready, the best first; those of a learnt embedding where its encoder is named."""
    return [name for name in LAYOUTS if workspace.cache_path(dataset_id, _file(name, encoder_id)).exists()]


def points(data: Data, layout: str) -> np.ndarray:
    """Return the coordinates of all samples, int16, shape (n, 2) (memory-mapped).

    Parameters
    ----------
    layout : str
        One of `LAYOUTS`, with ``@`` and the encoder's id behind where the embedding is a learnt one.
    """
    return np.load(data.workspace.cache_path(data.id, _file(*layout.partition("@")[::2])), mmap_mode="r")


def _file(layout: str, encoder_id: str) -> str:
    file = LAYOUTS[layout]
    return file.replace(".npy", f"-{encoder_id}.npy") if encoder_id else file


def drawn(data: Data) -> np.ndarray:
    """Return the rows that are drawn."""
    return np.load(data.workspace.cache_path(data.id, map_points.DRAWN), mmap_mode="r")


def colour_options(data: Data) -> list[str]:
    """Return what the points can be coloured by."""
    types = data.facts["types"]
    columns = [name for name, kind in types.items() if kind not in ("text", "ignored") and name != data.facts["text"]]
    return [BY_CLASS, BY_PART, *columns[:200]]


def parts(data: Data) -> np.ndarray:
    """Return which samples are in the test part."""
    return _parts(str(data.workspace.cache_path(data.id, BROWSE)), data.facts["split"]["hash"])


def colouring(data: Data, by: str) -> Colouring:
    """Return a colour group per sample."""
    if by == BY_CLASS:
        return _by_class(data.workspace.token, data.id, functools.partial(_column, data, CLASS), data.colours)
    if by == BY_PART:
        test = parts(data)
        groups = [Group("train", OTHERS[0], int((~test).sum())), Group("test", OTHERS[1], int(test.sum()))]
        return Colouring(test.astype(np.uint8), groups)
    return _by_column(str(data.workspace.cache_path(data.id, BROWSE)), data.id, by)


def selected(data: Data, layout: str, region: Region | None, colours: Colouring) -> np.ndarray:
    """Return the rows inside a region, those not drawn included, sorted."""
    if region is None:
        return np.empty(0, dtype=np.int64)
    mask = map_points.inside(np.asarray(points(data, layout)), region.polygon)
    if region.hidden:
        mask &= ~np.isin(colours.codes, list(region.hidden))
    return np.flatnonzero(mask)


def once(data: Data, rows: np.ndarray) -> np.ndarray:
    """Return the rows without repeats: a sample of several labels stands once under each in the browse file."""
    if data.facts.get("task") != "multilabel":
        return rows
    return np.intersect1d(rows, drawn(data)) if len(drawn(data)) >= data.facts["rows"] else rows


def class_counts(document: dict[str, Any], rows: np.ndarray) -> list[tuple[str, int, int]]:
    """Return class, how many of it are among the rows, how many it has: those selected most of first."""
    found = []
    for label, (start_, end) in document["ranges"].items():
        inside = int(np.searchsorted(rows, end) - np.searchsorted(rows, start_))
        if inside:
            found.append((label, inside, end - start_))
    return sorted(found, key=lambda item: -item[1])


# -- colour groups -----------------------------------------------------------------


def _column(data: Data, column: str) -> pd.Series:
    return read_browse_column(data.workspace.cache_path(data.id, BROWSE), column)


@st.cache_data(max_entries=8, show_spinner=False)
def _parts(path: str, split_hash: str) -> np.ndarray:
    from pathlib import Path

    return (read_browse_column(Path(path), PART) == "test").to_numpy()


@st.cache_data(max_entries=8, show_spinner=False)
def _by_class(token: str, dataset_id: str, _read: Any, _colours: dict[str, str]) -> Colouring:
    labels = _read().astype(str)
    counts = labels.value_counts()
    # Rarest first: they are what the map is looked at for; beyond so many, the common ones share a grey.
    rare = [str(name) for name in counts.index[::-1]]
    own = rare if len(rare) <= MAX_GROUPS else rare[: MAX_GROUPS - 1]
    # A sample of several labels, or of none, has no colour of its own.
    groups = [Group(name, _colours.get(name, GREY), int(counts[name])) for name in own]
    codes = pd.Index(own).get_indexer(pd.Index(labels))
    if len(own) < len(rare):
        groups.append(Group("other classes", GREY, int((codes < 0).sum())))
        codes = np.where(codes < 0, len(own), codes)
    return Colouring(codes.astype(np.uint8), groups)


@st.cache_data(max_entries=16, show_spinner=False)
def _by_column(path: str, dataset_id: str, column: str) -> Colouring:
    from pathlib import Path

    values = read_browse_column(Path(path), column)
    if values.dtype.kind in "iufM" and values.nunique() > SHADES:
        return _shaded(values)
    names = values.astype("string").fillna("missing")
    counts = names.value_counts()
    own = [str(name) for name in counts.index[: len(OTHERS)]]
    codes = pd.Index(own).get_indexer(pd.Index(names))
    groups = [Group(name, OTHERS[i], int(counts.iloc[i])) for i, name in enumerate(own)]
    if (codes < 0).any():
        groups.append(Group("other values", GREY, int((codes < 0).sum())))
        codes = np.where(codes < 0, len(own), codes)
    return Colouring(codes.astype(np.uint8), groups)


def _shaded(values: pd.Series) -> Colouring:
    """Return eight shades with as many samples each, and a grey for what is missing."""
    known = values.notna().to_numpy()
    ranks = values.rank(method="average", pct=True).to_numpy(dtype=float, na_value=np.nan)
    codes = np.where(known, np.clip(np.ceil(ranks * SHADES) - 1, 0, SHADES - 1), SHADES).astype(np.uint8)
    groups = []
    for code in range(SHADES):
        own = values[codes == code]
        label = f"{_shown(own.min())} – {_shown(own.max())}" if len(own) else "–"
        groups.append(Group(label, SCALE[code], len(own)))
    if not known.all():
        groups.append(Group("missing", GREY, int((~known).sum())))
    return Colouring(codes, groups)


def _shown(value: Any) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else theme.number(float(value))
