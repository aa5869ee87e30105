"""Threshold and costs on Compare: what a decision would do, live, on samples that no model had seen.

Everything is chosen on out-of-fold probabilities of the training part. The
test part is looked at only when the button for it is pressed, and each look is counted.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from augmentors.background import DECISIONS
from augmentors.evaluate.decision_scores import DecisionScores
from augmentors.evaluate.free_arms import THRESHOLD
from augmentors.evaluate.looks import count_look, looks_so_far, times, workspace_looks
from augmentors.evaluate.operating_point import (
    OperatingPoint,
    best_f1,
    expected_threshold,
    least_cost,
    operating_point,
    swept,
    thresholds,
)
from pages.ui import charts, compare_costs, state, theme
from pages.ui.charts import figure_layout
from pages.ui.compare_charts import BETTER, GREY, WORSE, arm_title, look
from pages.ui.compare_downloads import toolbar
from pages.ui.frame import Data
from pages.ui.theme import number

STEP = 0.001


def show(comparison: Mapping[str, Any], data: Data, version_id: str, learner: str, key: str) -> None:
    """Draw threshold and costs for one learner; a sentence for results that hold no scores."""
    path = data.workspace.version_dir(version_id) / DECISIONS
    if not path.is_file():
        st.caption("This result does not hold the scores: it is of an older version, or there are too many samples.")
        return
    _panel(comparison, data, (str(path), path.stat().st_mtime_ns), learner, key)


@st.cache_resource(max_entries=2, ttl="15m", show_spinner="Reading scores …")
def _scores(path: str, time: int) -> DecisionScores:
    from pathlib import Path

    return DecisionScores.from_bytes(Path(path).read_bytes())


@st.fragment
def _panel(comparison: Mapping[str, Any], data: Data, file: tuple[str, int], learner: str, key: str) -> None:
    """Draw the choice and what follows from it; moving the slider draws nothing else again."""
    scores = _scores(*file)
    titles = {
        a["name"]: arm_title(a["name"], a["title"])
        for a in comparison["arms"]
        if a["learner"] == learner and a["name"] != THRESHOLD and (a["name"], learner) in scores.held_out
    }
    if not titles:
        return
    theme.draw(
        "<div class='cw-print'>Scores of each training sample by a model that never saw it (the first pass "
        "through the folds). What is chosen here is chosen on these; the test part only confirms.</div>"
    )
    support = np.bincount(scores.truth, minlength=len(scores.classes))
    rarest = sorted(scores.classes, key=lambda name: (support[scores.classes.index(name)], name))
    left, middle, right = theme.columns("threshold-choice", (2, 2, 3))
    with left:
        arm = st.selectbox("Training", list(titles), format_func=lambda name: titles[name], key=f"{key}.arm")
    with middle:
        label = st.selectbox("Class against the rest", rarest, key=f"{key}.class")
    miss, alarm = _costs(right, support, scores.classes.index(label), f"{key}.{label}")
    at = scores.classes.index(label)
    own, score = scores.truth == at, scores.held_out[arm, learner][:, at].astype(np.float64)
    points = swept(own, score, thresholds(score))
    chosen = _slider(points, miss, alarm, f"{key}.{arm}.{label}")
    found = operating_point(own, score, chosen)
    _drawn(points, found, label, (miss, alarm), f"{key}.curve")
    test = scores.test[arm, learner][:, :, at]
    _confirm(data, scores.test_truth == at, test, chosen, (miss, alarm), f"{key}.confirm")
    compare_costs.show(scores, learner, titles, f"{key}.costs")


def _costs(column: Any, support: np.ndarray, at: int, key: str) -> tuple[float, float]:
    with column:
        first, second = st.columns(2)
        miss = first.number_input("Cost of a miss", 0.0, value=1.0, step=1.0, key=f"{key}.miss")
        alarm = second.number_input("Cost of a false alarm", 0.0, value=1.0, step=1.0, key=f"{key}.alarm")
    return float(miss), float(alarm)


def _slider(points: list[OperatingPoint], miss: float, alarm: float, key: str) -> float:
    """Draw the slider with buttons that move it, and return where it stands."""
    wanted = {
        "Best F1": best_f1(points).threshold,
        "Least cost": least_cost(points, miss, alarm).threshold,
        f"Least cost if probabilities can be believed ({expected_threshold(miss, alarm):.3f})": expected_threshold(
            miss, alarm
        ),
        "One half": 0.5,
    }
    name = f"{key}.threshold"
    with st.container(horizontal=True):
        for i, (words, value) in enumerate(wanted.items()):
            st.button(words, key=f"{name}.{i}", on_click=_move, args=(name, value), type="tertiary")
    state.begin_widget(name, 0.5)
    return float(st.slider("Threshold", 0.0, 1.0, step=STEP, format="%.3f", key=name))


def _move(name: str, value: float) -> None:
    state.set_widget(name, round(min(max(value, 0.0), 1.0), 3))


def _drawn(
    points: list[OperatingPoint], found: OperatingPoint, label: str, costs: tuple[float, float], key: str
) -> None:
    left, right = theme.columns("threshold", (3, 2))
    with left:
        st.plotly_chart(_curves(points, found, costs), key=key, config=toolbar("threshold"))
    with right:
        theme.draw(told(found, label, costs))


def told(found: OperatingPoint, label: str, costs: tuple[float, float]) -> str:
    """Return what a threshold does: counts as a table of two by two, and what is made of them."""
    rows = [
        [f"is '{label}'", round(found.hits, 1), round(found.misses, 1)],
        ["is not", round(found.false_alarms, 1), round(found.passes, 1)],
    ]
    measures = [
        ["Recall", _three(found.recall)],
        ["Precision", _three(found.precision)],
        ["F1", _three(found.f1)],
        ["Cost per 1,000 samples", number(round(1000 * found.cost(*costs), 1))],
    ]
    return charts.table(["", "taken for it", "not"], rows, fit=True) + charts.table(["", ""], measures, fit=True)


def _three(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"


def _curves(points: list[OperatingPoint], found: OperatingPoint, costs: tuple[float, float]) -> go.Figure:
    """Return recall, precision and F1 over the threshold, and the cost beside them on an axis of its own."""
    at = [min(point.threshold, 1.0) for point in points]
    lines = (
        ("recall", [p.recall for p in points], GREY, "y"),
        ("precision", [p.precision for p in points], BETTER, "y"),
        ("F1", [p.f1 for p in points], "#009E73", "y"),
        ("cost per 1,000", [1000 * p.cost(*costs) for p in points], WORSE, "y2"),
    )
    figure = go.Figure(
        [
            go.Scatter(x=at, y=values, name=name, mode="lines", line={"color": colour, "width": 2}, yaxis=axis)
            for name, values, colour, axis in lines
        ]
    )
    figure.add_vline(x=found.threshold, line_width=1.4, line_dash="dot", line_color=GREY)
    faint = figure_layout()
    figure.update_layout(
        **look(
            height=320,
            xaxis=faint["xaxis"] | {"title": "threshold", "range": [0, 1]},
            yaxis=faint["yaxis"] | {"range": [0, 1.02]},
            yaxis2={"overlaying": "y", "side": "right", "showgrid": False, "rangemode": "tozero", "automargin": True},
            legend={"orientation": "h", "y": -0.24, "yanchor": "top", "x": 0},
        )
    )
    return figure


def _confirm(
    data: Data, own: np.ndarray, test: np.ndarray, threshold: float, costs: tuple[float, float], key: str
) -> None:
    """Draw the button that looks at the test part; each look is counted."""
    path, split_hash = workspace_looks(data.workspace.path / "datasets" / data.id), str(data.facts["split"]["hash"])
    pressed = st.button(
        "Confirm on the test part",
        key=key,
        help="Shows what this threshold does on test samples. Do it once, at the end: whoever chooses by what it "
        "shows can no longer believe it.",
    )
    if pressed:
        count_look(path, split_hash)
        found = operating_point(own, test, threshold)
        st.markdown(
            f"On the test part at {threshold:.3f}: recall {_three(found.recall)}, precision {_three(found.precision)}, "
            f"F1 {_three(found.f1)}, cost per 1,000 samples {number(round(1000 * found.cost(*costs), 1))} "
            f"({own.sum():,} of the class among {len(own):,}; mean of {len(test)} models)."
        )
    st.caption(f"The test part of this dataset was looked at {times(looks_so_far(path, split_hash))} here.")
