"""What pages read from disk, kept by (workspace token, dataset id, time of the file): small and bounded.

The dataset itself is not among them: pages show what jobs wrote
(`augmentors.overview`) and read single rows. Only `dataset` loads all rows, for
the preview of augmenters, and keeps one.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from augmentors import overview as overview_files
from augmentors.background import COMPARISON
from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.split import Split
from augmentors.ingest import Sample, samples
from augmentors.store import Workspace
from pages.ui.class_colours import class_colours


def facts(token: str, dataset_id: str) -> dict[str, Any]:
    """Return what is known of a dataset (`Workspace.facts`)."""
    folder = _folder(token, dataset_id)
    return _facts(token, dataset_id, _time(folder / "dataset.json"), _time(folder / "split.json"))


def colours(token: str, dataset_id: str) -> dict[str, str]:
    """Return the colour of each class; of each range, once the split has fixed them."""
    return _colours(token, dataset_id, _time(_folder(token, dataset_id) / "split.json"))


def overview(token: str, dataset_id: str) -> dict[str, Any]:
    """Return the document that the Overview shows.

    Raises
    ------
    UserError
        Before the split is fixed.
    """
    path = _folder(token, dataset_id) / "cache" / "overview.json"
    if not path.exists():
        raise UserError("The overview of this dataset has not been made yet.", "Fix the split on the Start page.")
    return _overview(str(path), _time(path))


def rows(token: str, dataset_id: str, browse_rows: list[int]) -> pd.DataFrame:
    """Return some samples by their row in the browse file, indexed by sample id.

    Beside the dataset's columns: ``__position`` (row position in the dataset),
    ``__class`` (label as text), ``__part`` (train or test).
    """
    path = _folder(token, dataset_id) / "cache" / overview_files.BROWSE
    return _rows(str(path), _time(path), tuple(browse_rows))


def mixed(token: str, dataset_id: str) -> np.ndarray:
    """Return browse rows in an order that alternates between the classes (memory-mapped)."""
    return np.load(_folder(token, dataset_id) / "cache" / overview_files.MIXED, mmap_mode="r")


@st.cache_data(show_spinner=False)
def built_in_samples() -> list[Sample]:
    """Return the built-in datasets."""
    return samples()


def version_path(token: str, version_id: str) -> Path:
    """Return the folder of a version's export."""
    return Workspace(token).version_path(version_id)


def image_file(token: str, dataset_id: str, relative: str) -> Path:
    """Return the file of an image."""
    return _folder(token, dataset_id) / "files" / relative


def has_comparison(token: str, dataset_id: str) -> bool:
    """Whether any version of a dataset was compared."""
    workspace = Workspace(token)
    return any((workspace.version_dir(v["id"]) / COMPARISON).exists() for v in workspace.versions(dataset_id))


@st.cache_resource(max_entries=1, ttl="15m", show_spinner="Reading the dataset …")
def dataset(token: str, dataset_id: str, state: str = "") -> Dataset:
    """Return a whole dataset (shared: do not change it); only for pages that fit augmenters.

    `state` names what lies beside it, so that unlabelled samples added later are seen.
    """
    return Workspace(token).load_dataset(dataset_id)


@st.cache_resource(max_entries=2, ttl="15m", show_spinner=False)
def split(token: str, dataset_id: str, split_hash: str) -> Split:
    """Return the frozen split (shared: do not change it)."""
    found = Workspace(token).load_split(dataset_id)
    if found is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def _facts(token: str, dataset_id: str, dataset_time: int, split_time: int) -> dict[str, Any]:
    return Workspace(token).facts(dataset_id)


@st.cache_data(max_entries=64, show_spinner=False)
def _colours(token: str, dataset_id: str, split_time: int) -> dict[str, str]:
    return class_colours(facts(token, dataset_id)["classes"])


@st.cache_data(max_entries=16, show_spinner=False)
def _overview(path: str, time: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return document


@st.cache_data(max_entries=64, show_spinner=False)
def _rows(path: str, time: int, browse_rows: tuple[int, ...]) -> pd.DataFrame:
    return overview_files.read_browse(Path(path), list(browse_rows))


def _folder(token: str, dataset_id: str) -> Path:
    return Workspace(token).path / "datasets" / dataset_id


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
