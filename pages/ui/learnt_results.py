"""What learning an embedding did: the loss, each class before and after, and the neighbours of single samples."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from augmentors.embedding_job import NEIGHBOURS_FILE
from augmentors.selfsup.judged import SIDES, UNDECIDABLE
from augmentors.selfsup.pretrain import JUDGED
from pages.ui import charts, nearest_samples, theme
from pages.ui.frame import Data

BEFORE, UNTRAINED, AFTER = "#808890", "#D55E00", "#0072B2"
MOST_CLASSES = 24
QUERIES = 12


def show(data: Data, found: list[dict[str, Any]]) -> None:
    """Draw what the encoders learnt on a dataset did, one at a time."""
    by_id = {one["id"]: one for one in found}
    chosen = next(iter(by_id))
    if len(by_id) > 1:
        chosen = st.selectbox(
            "Learnt embedding",
            list(by_id),
            format_func=lambda key: f"{by_id[key]['title']}, {by_id[key]['params']['steps']:,} steps, {key[:4]}",
            key=f"learnt-{data.id}",
        )
    one, home = by_id[chosen], data.workspace.encoders_dir / chosen
    for note in one["notes"]:
        st.caption(note)
    judged = _read(str(home / JUDGED), (home / JUDGED).stat().st_mtime_ns) if (home / JUDGED).exists() else {}
    if not all(side in judged for side in SIDES):
        st.caption("Trained. What it is worth for each class is still to be measured.")
        loss_chart(one)
        return
    st.markdown(f"**{theme.escape(judged['sentence'])}**")
    st.caption(
        f"{judged['seen']} Measured on {judged['judged']:,} training samples. Before training: the same net with the "
        "weights it starts from."
    )
    per_class, neighbours, loss = st.tabs([f"Each {nearest_samples.noun(data)}", "Neighbours", "Loss"])
    with per_class:
        class_chart(judged)
        theme.draw(class_table(judged, data.colours, nearest_samples.noun(data)))
    with neighbours:
        gallery(data, home, judged)
    with loss:
        loss_chart(one)


def loss_chart(one: dict[str, Any]) -> None:
    """Draw how the loss fell."""
    steps, losses = zip(*one["losses"], strict=True)
    mode = "lines" if len(steps) > 20 else "lines+markers"
    figure = go.Figure(go.Scatter(x=steps, y=losses, mode=mode, line={"color": AFTER, "width": 2}))
    figure.update_layout(**charts.figure_layout(height=260))
    figure.update_xaxes(title="training step")
    figure.update_yaxes(title="loss")
    st.plotly_chart(figure, key=f"learnt-loss-{one['id']}", config={"displayModeBar": False})


def class_chart(judged: dict[str, Any]) -> None:
    """Draw each class's recall in the three embeddings, rarest on top, with their intervals."""
    classes = judged["classes"][:MOST_CLASSES][::-1]
    names = [f"{one['class']} ({one['count']:,})" for one in classes]
    figure = go.Figure()
    for side, name, colour, symbol in (
        ("before", "built-in", BEFORE, "circle-open"),
        ("untrained", "before training", UNTRAINED, "cross-thin"),
        ("after", "learnt", AFTER, "diamond"),
    ):
        shares = [one[side]["recall"] for one in classes]
        reach = {
            "type": "data",
            "symmetric": False,
            "array": [one[side]["high"] - one[side]["recall"] for one in classes],
            "arrayminus": [one[side]["recall"] - one[side]["low"] for one in classes],
            "thickness": 1,
            "width": 3,
        }
        marker = {"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2, "color": colour}}
        # Side by side within a class, else equal ones would hide each other.
        figure.add_scatter(x=shares, y=names, mode="markers", name=name, marker=marker, error_x=reach, orientation="h")
    figure.update_layout(**charts.figure_layout(height=90 + 42 * len(names), scattermode="group", showlegend=True))
    figure.update_traces(orientation="h")  # what lets them stand beside each other within a class
    figure.update_yaxes(range=[-0.6, len(names) - 0.4])
    figure.update_xaxes(title="recall of a logistic regression")
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    st.plotly_chart(figure, key="learnt-classes", config={"displayModeBar": False})


def class_table(judged: dict[str, Any], colours: dict[str, str], what: str = "class") -> str:
    """Return the numbers of the chart, and the neighbours, as a table."""
    rows = [
        [
            theme.chip(one["class"], colours.get(one["class"], "#888888")),
            "too few to tell" if one["result"] == UNDECIDABLE else one["result"],
            *(f"{one[side][name]:.0%}" for name in ("recall", "neighbours") for side in SIDES),
            f"{one['count']:,}",
        ]
        for one in judged["classes"]
    ]
    kinds = ["", "", *[' class="cw-num"'] * 7]
    groups = '<th colspan="3" class="cw-num">recall</th><th colspan="3" class="cw-num">neighbours alike</th>'
    sides = "".join(f'<th class="cw-num">{name}</th>' for name in ("built&#8209;in", "before training", "learnt") * 2)
    head = (
        f'<th rowspan="2">{what}</th><th rowspan="2">learnt beside built&#8209;in</th>'
        f'{groups}<th rowspan="2" class="cw-num">samples</th></tr><tr>{sides}'
    )
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{value}</td>" for kind, value in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="cw-worth">{charts.framed_table(head, body)}</div>'


def gallery(data: Data, home: Path, judged: dict[str, Any]) -> None:
    """Draw a sample of a chosen class and its nearest neighbours in both embeddings, right and wrong classes marked."""
    near = _neighbours(str(home / NEIGHBOURS_FILE), (home / NEIGHBOURS_FILE).stat().st_mtime_ns)
    labels = near["labels"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [one["class"] for one in judged["classes"] if (labels == one["class"]).any()]
        label = st.selectbox(
            f"{nearest_samples.noun(data).capitalize()}, rarest first", names, key=f"learnt-class-{data.id}", width=220
        )
        own = np.flatnonzero(labels == label)[:QUERIES]
        place = st.number_input("Sample", 1, len(own), 1, key=f"learnt-sample-{data.id}-{label}", width=140)
    nearest_samples.draw(data, near, int(own[int(place) - 1]))
    st.caption(f"The {near['before'].shape[1]} nearest training samples; the sample itself is left out.")


@st.cache_data(max_entries=8, show_spinner=False)
def _read(path: str, time: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return document


@st.cache_data(max_entries=4, show_spinner=False)
def _neighbours(path: str, time: int) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}
