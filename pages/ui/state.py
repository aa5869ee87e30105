"""Session state, and nobody else touches it: ids and small values only; data lives in the workspace.

Widgets keep their value across pages by ``persist_state="session"`` and a key;
this module is for what no widget holds.
"""

from typing import Any

import streamlit as st

from augmentors.store import Workspace

_PREFIX = "cw:"
_TOKEN = "w"


def begin() -> Workspace:
    """Open the workspace of the link (``?w=…``), of this session, or a new one; keep the link in the URL.

    Query parameters are lost when the user changes page, so they are put back
    here on every run.

    Raises
    ------
    UserError
        When the link has another form than ours.
    """
    token = st.query_params.get(_TOKEN) or get("token")
    if token is None or token != get("token"):
        opened = Workspace.open(token) if token else Workspace.create()
        _forget_all()
        put("token", opened.token)
    workspace = Workspace(get("token"))
    if st.query_params.get(_TOKEN) != workspace.token:
        st.query_params[_TOKEN] = workspace.token
    return workspace


def start_over() -> None:
    """Leave the workspace (it stays on disk) and begin a new one."""
    _forget_all()
    st.query_params.clear()
    st.query_params[_TOKEN] = Workspace.create().token


def workspace() -> Workspace:
    """Return the workspace of this session."""
    token = get("token")
    return begin() if token is None else Workspace(token)


def dataset_id() -> str | None:
    """Return the dataset in work: what was chosen here, else what this workspace had open last."""
    chosen: str | None = get("dataset")
    if chosen is None:
        chosen = (workspace().read_note("open") or {}).get("dataset") or next(iter(workspace().dataset_ids()), None)
        if chosen is not None:
            put("dataset", chosen)
    return chosen


def open_dataset(dataset: str | None) -> None:
    """Work on another dataset, now and after a reload."""
    if dataset != get("dataset"):
        put("dataset", dataset)
        workspace().write_note("open", {"dataset": dataset})


def get(name: str, default: Any = None) -> Any:
    """Return a small value of this session."""
    return st.session_state.get(_PREFIX + name, default)


def put(name: str, value: Any) -> None:
    """Keep a small value for this session (ids, numbers, short lists; never data)."""
    st.session_state[_PREFIX + name] = value


def drop(name: str) -> None:
    """Forget a value."""
    st.session_state.pop(_PREFIX + name, None)


def begin_widget(key: str, value: Any) -> None:
    """Give a widget that is about to be drawn its first value; one that has a value keeps it."""
    if key not in st.session_state:
        st.session_state[key] = value


def set_widget(key: str, value: Any) -> None:
    """Set a widget's value; only in a callback or before the widget is drawn."""
    st.session_state[key] = value


def widget(key: str, default: Any = None) -> Any:
    """Return the value of a widget by its key, drawn or not."""
    return st.session_state.get(key, default)


def visit(step: str) -> set[str]:
    """Note that a step of the journey was seen with this dataset; return all steps seen so far."""
    dataset = dataset_id()
    seen = get("seen")
    if seen is None or seen.get("dataset") != dataset:
        note = workspace().read_note("seen") or {}
        seen = {"dataset": dataset, "steps": list(note.get(dataset or "", []))}
    if dataset is not None and step not in seen["steps"]:
        seen["steps"].append(step)
        kept = workspace().read_note("seen") or {}
        workspace().write_note("seen", kept | {dataset: seen["steps"]})
    put("seen", seen)
    return set(seen["steps"])


def _forget_all() -> None:
    for key in list(st.session_state):
        del st.session_state[key]
