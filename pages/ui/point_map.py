"""The scatter of the Map: a small component of ours that sends back an outline, never the points."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

_HERE = Path(__file__).parent
_HTML = """
<div class="pm">
  <div class="bar">
    <button data-tool="lasso" title="Draw around points">Lasso</button><button data-tool="box">Box</button>
    <button data-tool="pan" title="Or hold Shift; the wheel zooms">Move</button><span class="gap"></span>
    <button data-tool="clear">Clear selection</button>
    <button data-tool="reset" title="Or double-click">Whole map</button>
  </div>
  <div class="plot"><canvas aria-label="Map of samples"></canvas><div class="tip"></div></div>
  <div class="legend"></div>
</div>
"""


@dataclass(frozen=True)
class Group:
    """Points of one colour: what they are, and how many of all points they are."""

    label: str
    colour: str
    count: int


@dataclass(frozen=True)
class Region:
    """What was selected: an outline in map coordinates, and the groups hidden at that time."""

    polygon: np.ndarray
    hidden: frozenset[int]


def draw(
    points: np.ndarray,
    codes: np.ndarray,
    rings: np.ndarray,
    groups: list[Group],
    *,
    map_id: str,
    palette: str,
    key: str,
    cleared: int = 0,
) -> Region | None:
    """Draw points and return the region that was selected on this very map.

    Parameters
    ----------
    points : ndarray of int16, shape (n, 2)
    codes : ndarray of uint8, shape (n,)
        Index into `groups`.
    rings : ndarray of bool, shape (n,)
        Drawn hollow (the test part).
    groups : list of Group
    map_id, palette : str
        Name the layout and the colouring: a selection belongs to one of each.
    key : str
    cleared : int
        A new number clears the selection.
    """
    component = st.components.v2.component(
        "counterweight_point_map", html=_HTML, css=_asset("point_map.css"), js=_asset("point_map.js")
    )
    data = {
        "id": map_id,
        "palette": palette,
        "cleared": cleared,
        "xy": _packed(points, np.int16),
        "codes": _packed(codes, np.uint8),
        "rings": _packed(rings, np.uint8),
        "groups": [vars(group) for group in groups],
    }
    result = component(key=key, data=data, on_region_change=_nothing, height="content")
    return as_region(getattr(result, "region", None), map_id, palette)


def map_of(sent: Any) -> str | None:
    """Return the map that the browser's last selection belongs to, from the component's state; None without one."""
    region = sent.get("region") if isinstance(sent, Mapping) else None
    name = region.get("map") if isinstance(region, Mapping) else None
    return name if isinstance(name, str) else None


def as_region(value: Any, map_id: str, palette: str) -> Region | None:
    """Return what the browser sent as a region, or None when it is not one of this map.

    It comes from outside: anything of another form is dropped.
    """
    if not isinstance(value, dict) or value.get("map") != map_id:
        return None
    try:
        polygon = np.asarray(value["polygon"], dtype=np.float64).reshape(-1, 2)[:1000]
        hidden = frozenset(int(code) for code in value.get("hidden", [])[:256])
    except (KeyError, TypeError, ValueError):
        return None
    if len(polygon) < 3 or not np.isfinite(polygon).all():
        return None
    return Region(polygon, hidden if value.get("palette") == palette else frozenset())


def _packed(array: np.ndarray, dtype: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode("ascii")


def _nothing() -> None:
    """Streamlit asks for a callback for each value that is sent back."""


@st.cache_data(show_spinner=False)
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
