"""Review of pseudo-labelled samples: each with its confidence, least sure first; what is rejected does not count."""

from collections.abc import Collection
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import streamlit as st

from augmentors.export.confidence import pseudo_labelled
from augmentors.jobs import JobState
from augmentors.recipe import from_yaml, to_yaml
from pages.ui import cached_reads, errors, gallery, plan_run, review_note, snippets, state, theme
from pages.ui.frame import Data

PER_PAGE = 20
COLUMNS = 6
UNLIKE = "unlike any training row"


def show(data: Data, job: JobState) -> None:
    """Draw the pseudo-labelled samples of a run, what was rejected, and the way to a version without those."""
    version = str((job.result or {}).get("version_id", ""))
    found = _pseudo_labelled(data.workspace.token, version)
    rejected = set(review_note.rejected(data))
    if found.empty and not rejected:
        return
    with st.container(border=True):
        st.subheader("Review what a learner labelled", anchor=False)
        st.markdown(
            f"**{len(found):,}** samples came without a label; a learner gave them one. The least sure come first. "
            "**Tick the wrong ones** (Tab goes on to the next, Space ticks), then make a new version without them. "
            "This version stays as it is, the new one becomes the current one, and the recipe remembers whom you "
            "rejected."
        )
        pending = _pending(version) - rejected
        with st.container(horizontal=True, vertical_alignment="center"):
            _again_button(data, job, rejected | pending, len(pending))
            if rejected:
                st.caption(f"{len(rejected):,} rejected so far: they are not taken over any more.")
                st.button("Allow them again", key="review.back", type="tertiary", on_click=partial(_take_back, data))
        _samples(data, version, found)


def _again_button(data: Data, job: JobState, rejected: Collection[str], pending: int) -> None:
    """Draw the button that makes a version anew; it is off, and says why, until something is ticked or allowed."""
    recipe = from_yaml(job.arguments["recipe"])
    known = recipe.data.unlabelled.rejected if recipe.data is not None and recipe.data.unlabelled is not None else ()
    same = set(known) == set(rejected)
    label = "Nothing is ticked yet" if same else "Make a new version with them"
    label = f"Make a new version without the {pending:,} ticked" if pending else label
    if not st.button(label, key="review.again", disabled=same, wrap=True):
        return
    with errors.box():
        assert recipe.data is not None
        review_note.keep(data, rejected)
        changed = recipe.data.model_copy(update={"unlabelled": snippets.unlabelled(data)})
        new = sum(entry.count for entry in recipe.plan.entries)
        plan_run.submit(data, to_yaml(recipe.model_copy(update={"data": changed})), new)
        st.rerun()


def _samples(data: Data, version: str, found: pd.DataFrame) -> None:
    classes = sorted(found["target"].unique())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Class", [None, *classes], key="review.class", format_func=lambda name: name or "all")
        rows = found if chosen is None else found[found["target"] == chosen]
        far = int(rows["unlike"].sum())
        only = bool(far) and st.toggle(f"Only the {far:,} {UNLIKE}", key="review.unlike")
        rows = rows[rows["unlike"]] if only else rows
        pages = max(1, -(-len(rows) // PER_PAGE))
        page = st.number_input(f"Page of {pages:,}", 1, pages, 1, key=f"review.page.{version}.{chosen}.{only}")
    shown = rows.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]
    content = _content(data, version, tuple(shown.index))
    pending = _pending(version)
    for sample, row in shown.iterrows():
        key = f"review.tick.{version}.{row['unlabelled']}"
        state.begin_widget(key, row["unlabelled"] in pending)
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
            st.checkbox(
                f"Reject {row['unlabelled']}",
                key=key,
                label_visibility="collapsed",
                on_change=partial(_tick, version, row["unlabelled"], key),
            )
            theme.draw(
                f'<div class="cw-small">{theme.chip(row["target"], data.colours.get(row["target"], "#888888"))} '
                f"<b>{row['confidence']:.1%}</b> sure{f' · {UNLIKE}' if row['unlike'] else ''} · "
                f"{theme.text(row['unlabelled'])}<br>"
                f"{content.get(str(sample), '')}</div>"
            )


def _content(data: Data, version: str, ids: tuple[str, ...]) -> dict[str, str]:
    """Return what samples of a version are, as HTML."""
    train = data.workspace.version_path(version) / "train"
    if data.facts["kind"] == "image":
        files = _image_files(train)
        return {i: _picture(train / files[i]) for i in ids if i in files}
    path = train / "train.parquet"
    first = pq.read_schema(path).names[0]
    rows = pq.read_table(path, filters=[(first, "in", list(ids))]).to_pandas().set_index(first)
    if data.facts["kind"] == "text":
        return {str(i): theme.text(str(value)[:400]) for i, value in rows[data.facts["text"]].items()}
    names = [name for name in data.facts["types"] if name in rows][:COLUMNS]
    return {
        str(i): " · ".join(f"{theme.text(name)} {theme.text(theme.short(row[name]))}" for name in names)
        for i, row in rows.iterrows()
    }


def _picture(path: Path) -> str:
    uri = gallery.file_uri(str(path), path.stat().st_mtime_ns, 120)
    return f'<img src="{uri}" alt="" style="max-height:120px">'


@st.cache_data(max_entries=4, show_spinner=False)
def _image_files(train: Path) -> dict[str, str]:
    names = pacsv.ConvertOptions(strings_can_be_null=False)
    table = pacsv.read_csv(train / "metadata.csv", convert_options=names).to_pandas()
    return {str(i): str(file) for i, file in zip(table.iloc[:, 0], table["file"], strict=True)}


@st.cache_data(max_entries=8, show_spinner=False)
def _pseudo_labelled(token: str, version: str) -> pd.DataFrame:
    return pseudo_labelled(cached_reads.version_path(token, version))


def _pending(version: str) -> set[str]:
    return set(state.get(f"review.{version}", []))


def _tick(version: str, unlabelled: str, key: str) -> None:
    ticked = _pending(version)
    change = ticked.add if state.widget(key) else ticked.discard
    change(unlabelled)
    state.put(f"review.{version}", sorted(ticked))


def _take_back(data: Data) -> None:
    review_note.keep(data, ())
