"""Map: where the samples lie, and who lies together."""

from typing import Any

import numpy as np
import streamlit as st

from augmentors import map_points
from augmentors.explore.embeddings import embedding_name
from pages.ui import (
    cached_reads,
    code_panel,
    data_view,
    frame,
    jobs_watch,
    learn_embedding,
    map_data,
    point_map,
    state,
    theme,
)
from pages.ui.frame import Data

PASSED_ON = 200


def main() -> None:
    """Draw the map on the left and what is selected on the right."""
    action = frame.open_page("map")
    data = frame.need_split()
    ready = map_data.layouts(data.workspace, data.id)
    with st.container():  # always there: what follows keeps its place, and a lasso its hand, when UMAP arrives
        status(data, ready)
    if not ready:
        return
    left, right = theme.columns("map", (3, 2))
    with left:
        layout, rows = scatter(data, ready)
    with right:
        selection(data, layout, rows, action)
    code(data)
    learn_embedding.section(data)


def status(data: Data, ready: list[str]) -> None:
    """Start the layout when there is none, and draw how far it is."""
    job = map_data.last_job(data.workspace, data.id)
    if len(ready) == len(map_data.LAYOUTS):
        return
    if job is None:
        job_id = map_data.start(data.workspace, data.id)
    elif not job.active:
        jobs_watch.failure(job, "What was laid out is kept.")
        if st.button("Lay out again", key="map-again"):
            map_data.start(data.workspace, data.id)
            st.rerun()
        return
    else:
        job_id = job.id

    def show_what_is_ready(_: Any) -> None:
        if map_data.layouts(data.workspace, data.id) != ready:
            st.rerun()

    with st.container(border=True):
        if ready:
            st.caption("PCA now; UMAP, which keeps neighbours together better, is on its way.")
        jobs_watch.watch(job_id, below=show_what_is_ready)


def scatter(data: Data, ready: list[str]) -> tuple[str, np.ndarray]:
    """Draw the map; return the layout and the selected rows."""
    with st.container(horizontal=True, vertical_alignment="top"):
        encoder_id = learn_embedding.choose(data)
        behind = f"@{encoder_id}" if encoder_id else ""
        ready = map_data.layouts(data.workspace, data.id, encoder_id) if encoder_id else ready
        # Another key once UMAP is there, so that it comes forward by itself, unless that would lose a selection.
        picked_on = point_map.map_of(state.widget("point-map"))
        first = next((name for name in ready if picked_on == f"{data.id}-{name}{behind}"), ready[0])
        layout = st.segmented_control(
            "Layout", ready, default=first, key=f"map-layout-{len(ready)}", required=True, persist_state="session"
        )
        layout += behind
        by = st.selectbox(
            "Colour by", map_data.colour_options(data), key=f"map-colour-{data.id}", width=220, persist_state="session"
        )
    colours = map_data.colouring(data, by)
    drawn = np.asarray(map_data.drawn(data))
    points = map_data.points(data, layout)
    region = point_map.draw(
        points[drawn],
        colours.codes[drawn],
        map_data.parts(data)[drawn],
        colours.groups,
        map_id=f"{data.id}-{layout}",
        palette=by,
        key="point-map",
    )
    total = data.facts["rows"]
    name = learn_embedding.name_of(data, encoder_id) if encoder_id else embedding_name(data.facts["kind"])
    note = f"{name[:1].upper()}{name[1:]}; rings are test samples."
    if len(drawn) < total:
        note += f" {len(drawn):,} of {total:,} are drawn, rare classes in full; a selection counts all."
    st.caption(note)
    return layout, map_data.selected(data, layout, region, colours)


def selection(data: Data, layout: str, rows: np.ndarray, action: Any) -> None:
    """Draw the selected samples, nearest to their centre or outliers first."""
    if not len(rows):
        if frame.exists("augment") and action.button("Try augmenters", type="primary", key="map-on"):
            frame.go("augment")
        with st.container(border=True):
            st.markdown("**Nothing selected**")
            st.markdown("Draw around some points, or click one, to see the samples here.")
        return
    document = cached_reads.overview(data.workspace.token, data.id)
    colours = data.colours
    chips = [
        f"{theme.chip(label, colours.get(label, map_data.GREY))} <span class='cw-mute'>{inside:,} / {all_:,}</span>"
        for label, inside, all_ in map_data.class_counts(document, rows)[:24]
    ]
    rows = map_data.once(data, rows)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(f"{len(rows):,} selected", anchor=False)
        order = st.segmented_control(
            "Sort",
            ["Centre first", "Outliers first"],
            default="Centre first",
            key="map-sort",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    theme.draw('<div class="cw-key" style="opacity:1">' + "".join(f"<span>{chip}</span>" for chip in chips) + "</div>")
    points = np.asarray(map_data.points(data, layout)[rows])
    ranked = rows[map_points.by_distance_to_centre(points, outliers_first=order == "Outliers first")]
    if frame.exists("augment") and action.button("Use these in Augment", type="primary", key="map-use"):
        shown = cached_reads.rows(data.workspace.token, data.id, ranked[:PASSED_ON].tolist())
        state.put("selection", {"dataset": data.id, "ids": shown.index.tolist()})
        frame.go("augment")
    start, end = data_view.pager(len(ranked), f"map-page-{len(rows)}-{rows[0]}", 12)
    data_view.show(data, ranked[start:end])


def code(data: Data) -> None:
    """Draw how to get the same layout without the app."""
    name, understood = data.facts["name"], data.facts["understood"]
    choices = {key: understood.get(key) for key in ("kind", "label", "text", "group")}
    code_panel.show(
        python=code_panel.load_python(name, choices) + "\n\nfrom augmentors.explore.embeddings import embed\n"
        "from augmentors.explore.projection import pca_2d, umap_2d\n\n"
        "vectors = embed(dataset)\npca = pca_2d(vectors)\numap = umap_2d(vectors, dataset.labels)",
        shell="# The map is for looking: no step of a recipe depends on it.\n"
        f"python -m augmentors profile {name}{code_panel.shell_flags(choices)}",
        key="map",
    )


main()
