"""Start: load a file or a sample, check how it was understood, fix the split."""

from dataclasses import replace
from typing import Any

import streamlit as st

from augmentors import map_points
from augmentors.core.dataset import PATH_COLUMN
from augmentors.core.errors import UserError
from augmentors.core.ranges import Ranges
from augmentors.ingest import Proposal
from augmentors.ingest.label_spellings import spellings_sentence
from augmentors.jobs import JobState
from augmentors.store import Workspace
from pages.ui import (
    cached_reads,
    charts,
    code_panel,
    drafts,
    errors,
    frame,
    gallery,
    jobs_watch,
    label_words,
    map_data,
    reading_form,
    snippets,
    state,
    theme,
    unlabelled_card,
)
from pages.ui.class_colours import class_colours
from pages.ui.drafts import Draft

CLASSES_PICTURED, PICTURES_PER_CLASS = 12, 3


def main() -> None:
    """Draw the page in the state it is in: nothing yet, a draft, or a fixed dataset."""
    action = frame.open_page("start")
    workspace = state.workspace()
    draft = drafts.current(workspace)
    if draft is not None:
        understood_page(workspace, draft, action)
        return
    if state.dataset_id() is not None:
        fixed_card(action)
    choose_source(workspace)


# -- three ways in -----------------------------------------------------------------


def choose_source(workspace: Workspace) -> None:
    """Draw the three cards: your data, come back, a sample."""
    left, right = theme.columns("ways", (3, 2))
    with left, st.container(border=True, height="stretch"):
        st.subheader("Your data", anchor=False)
        key = f"upload-{state.get('uploads', 0)}"
        st.file_uploader(
            "CSV, TSV, Parquet, JSONL, or a ZIP of images in class folders (or with a CSV of file and label). "
            "Up to 1 GB; it stays on this machine.",
            # Any file is taken: what it is not, our own sentence says better than the uploader's tooltip.
            key=key,
            on_change=take_upload,
            args=(workspace, key),
        )
        refused = state.get("upload-refused")
        if refused is not None:
            state.drop("upload-refused")
            errors.show(*refused)
    with right, st.container(border=True, height="stretch"):
        come_back(workspace)
    with st.container(border=True):
        st.subheader("A sample", anchor=False)
        with st.container(horizontal=True, gap="small"):
            for sample in cached_reads.built_in_samples():
                with st.container(border=True, width=204, key=f"cw-sample-{sample.key}"):
                    theme.draw(sample_tile(sample))
                    if st.button("Open", key=f"sample-{sample.key}", width="stretch"):
                        drafts.from_sample(workspace, sample)
                        st.rerun()


def take_upload(workspace: Workspace, key: str) -> None:
    """Move a chosen file to disk before the page is drawn: what the uploader returns would be a second copy of it."""
    upload = state.widget(key)
    if upload is None:
        return
    # A new key makes a new, empty uploader: nothing of the old one stays in memory.
    state.put("uploads", state.get("uploads", 0) + 1)
    try:
        drafts.from_upload(workspace, upload)
    except UserError as error:
        state.put("upload-refused", (error.message, error.hint))


def sample_tile(sample: Any) -> str:
    """Return picture, name and figures of a built-in sample as HTML."""
    uri = gallery.file_uri(str(sample.thumbnail), sample.thumbnail.stat().st_mtime_ns, 320)
    return (
        f'<div class="cw-tile"><img src="{uri}" alt=""><div><b>{theme.text(sample.title)}</b><br>'
        f'<span class="cw-meta">{sample.kind} · {sample.rows:,} · {len(sample.classes)} classes · '
        f"1 : {sample.imbalance_ratio:.0f}</span></div>"
        f'<div class="cw-small" style="min-height:5.4em">{theme.text(sample.one_line)}</div></div>'
    )


def come_back(workspace: Workspace) -> None:
    """Draw what this workspace holds, and the link that leads back to it."""
    st.subheader("Come back", anchor=False)
    ids = drafts.worth_opening({i: cached_reads.facts(workspace.token, i) for i in workspace.dataset_ids()})[:6]
    if not ids:
        st.caption("Nothing here yet. What you load is kept under this link:")
    for dataset_id in ids:
        facts = cached_reads.facts(workspace.token, dataset_id)
        made = len(workspace.versions(dataset_id))
        versions = f"{made} version{'s' if made != 1 else ''}" if made else "nothing made yet"
        status = versions if facts["split"] else "split not fixed"
        opened = dataset_id == state.dataset_id() and facts["split"] is not None
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(
                f"**{theme.escape(facts['name'])}**  \n:small[:gray[{facts['kind']} · {facts['rows']:,} · {status}]]",
                width="stretch",
            )
            if opened:
                st.caption("in work", width="content")
            elif st.button("Open", key=f"open-{dataset_id}"):
                reopen(workspace, dataset_id, facts)
    if ids:
        st.caption("Keep this link to come back, from here or after a restart:")
    here = (st.context.url or "http://localhost:8501").rstrip("/")
    st.code(f"{here}/?w={workspace.token}", language=None, wrap_lines=True)


def reopen(workspace: Workspace, dataset_id: str, facts: dict[str, Any]) -> None:
    """Work on a dataset of this workspace again; without a split, go on where it was left."""
    state.open_dataset(dataset_id)
    if facts["split"]:
        frame.go("overview")
    if drafts.reopen(workspace, dataset_id) is not None:
        st.rerun()
    errors.show("This dataset was read but its split was never fixed, and its file is gone.", "Load it again.")


def fixed_card(action: Any) -> None:
    """Draw the dataset in work: what was understood and how its split was made."""
    data = frame.need_dataset()
    split = data.facts["split"]
    with st.container(border=True):
        st.subheader(theme.escape(data.facts["name"]), anchor=False)
        if split is None:
            st.markdown("This dataset was read but its split was never fixed.")
            if st.button("Go on", type="primary", key="go-on"):
                reopen(state.workspace(), data.id, data.facts)
            return
        if action.button("See the overview", type="primary", key="to-overview"):
            frame.go("overview")
        shown = {
            "training samples": f"{split['train']:,}",
            "test samples": f"{split['test']:,}",
            "duplicate pairs kept together": f"{split['linked']:,}",
            label_words.noun(data.facts): f"{len(data.facts['classes']):,}",
        }
        theme.draw(theme.facts(shown))
        if data.facts.get("ranges"):
            st.markdown(theme.escape(Ranges.from_dict(data.facts["ranges"]).sentence))
        if group := data.facts["understood"].get("group"):
            st.caption(f"Samples of one '{theme.escape(group)}' are all on one side.")
        for note in split["notes"]:
            st.warning(theme.escape(note))
        quarantine_list(data.facts["quarantine"])
        with st.expander("How it was understood"):
            notes = data.facts["understood"].get("notes") or ["Nothing had to be guessed."]
            st.markdown("\n".join(f"- {theme.escape(note)}" for note in notes))
        unlabelled_card.show(data)
        code_panel.show(python=snippets.read_python(data), shell=snippets.profile_shell(data), key="fixed")


# -- here is what I understood --------------------------------------------------------


def understood_page(workspace: Workspace, draft: Draft, action: Any) -> None:
    """Draw a file that was chosen: how it was understood on the left, the split on the right."""
    if action.button("Load something else", key="other"):
        drafts.close(workspace)
        st.rerun()
    try:
        proposal = drafts.first_look(workspace, draft)
    except UserError as error:
        errors.show(error.message, error.hint)
        choices = reading_form.ask(draft)
        if choices != draft.choices:
            drafts.keep(workspace, replace(draft, choices=choices))
            st.rerun()
        if draft.choices and st.button("Forget my corrections", key="forget"):
            drafts.keep(workspace, replace(draft, choices={}))
            st.rerun()
        return
    st.subheader(f"Here is what I understood of {theme.escape(draft.name)}", anchor=False)
    left, right = theme.columns("understood", (3, 2))
    with left:
        choices = reading_form.choose(draft, proposal)
        if choices != draft.choices:
            drafts.keep(workspace, replace(draft, choices=choices))
            st.rerun()
        preview(workspace, draft, proposal)
    with right:
        split_card(workspace, draft, proposal)
        with st.container(border=True):
            st.markdown("**What I went by**")
            notes = proposal.understood.notes or ["Nothing had to be guessed."]
            st.markdown("\n".join(f"- {theme.escape(note)}" for note in notes))
            if proposal.classes and not is_read(workspace, draft):
                sizes = theme.escape(charts.class_sizes(proposal.classes))
                st.caption(f"Classes in the part I looked at, {sizes}")


def is_read(workspace: Workspace, draft: Draft) -> dict[str, Any] | None:
    """Return what came of reading the whole file with the choices made; None before it is done."""
    job = drafts.job_state(workspace, draft.read_job) if draft.is_read_as_chosen else None
    return job.result if job is not None and job.status == "done" else None


def preview(workspace: Workspace, draft: Draft, proposal: Proposal) -> None:
    """Draw the first rows as they would be read; images, once they are read, as a few pictures per class."""
    reading = is_read(workspace, draft)
    if proposal.understood.kind == "image" and reading is not None:
        st.caption("A few of each class, rarest first")
        theme.draw(first_pictures(workspace.token, reading["dataset_id"]))
        return
    frame_ = proposal.preview.iloc[:, : gallery.COLUMNS_SHOWN]
    if len(frame_):
        st.caption(f"The first {len(frame_)} samples")
        theme.draw(charts.table(list(frame_.columns), frame_.astype(object).to_numpy().tolist(), data=True))


@st.cache_data(max_entries=4, show_spinner=False)
def first_pictures(token: str, dataset_id: str) -> str:
    """Return the first pictures of the rarest classes as HTML."""
    dataset = Workspace.open(token).load_dataset(dataset_id)
    rarest = sorted(dataset.class_counts, key=lambda name: dataset.class_counts[name])[:CLASSES_PICTURED]
    shown = [(name, int(at)) for name in rarest for at in dataset.positions(name)[:PICTURES_PER_CLASS]]
    files = [dataset.image_path(at) for _, at in shown]
    uris = [gallery.file_uri(str(path), path.stat().st_mtime_ns) for path in files]
    ids = [str(dataset.ids[at]) for _, at in shown]
    items = [(uri, name, caption) for uri, (name, _), caption in zip(uris, shown, ids, strict=True)]
    return gallery.pictures(items, class_colours(dataset.class_counts))


# -- the split ------------------------------------------------------------------------


def split_card(workspace: Workspace, draft: Draft, proposal: Proposal) -> None:
    """Draw how the split will be made and the button that fixes it."""
    with st.container(border=True):
        st.subheader("Fix the split", anchor=False)
        st.markdown(
            "A test part is set apart now, before anything is made, and never touched again. "
            "Classes keep their shares; copies and near-copies stay on one side."
        )
        reading = drafts.job_state(workspace, draft.read_job) if draft.is_read_as_chosen else None
        fixing = drafts.job_state(workspace, draft.fix_job)
        if fixing is not None and fixing.active:
            jobs_watch.watch(fixing.id)
            return
        if fixing is not None and fixing.status == "done":
            finish(workspace, fixing)
        if fixing is not None:
            jobs_watch.failure(fixing)
        settings = split_settings(draft, proposal)
        ready = reading_state(workspace, draft, reading)
        if st.button("Fix the split", type="primary", key="fix", disabled=not ready, width="stretch"):
            dataset_id = (
                (reading.result or {}).get("dataset_id") if reading is not None and draft.is_read_as_chosen else None
            )
            drafts.fix(workspace, draft, settings, dataset_id)
            st.rerun()


def split_settings(draft: Draft, proposal: Proposal) -> dict[str, Any]:
    """Draw test share, group column and near-duplicates."""
    percent = st.slider("Test share", 5, 50, 20, 5, format="%d %%", key=f"{draft.id}-share")
    found = proposal.understood
    not_columns = {found.label, found.text, PATH_COLUMN if found.kind == "image" else None}
    columns = [name for name in proposal.columns if name not in not_columns]
    if columns:
        group_choice(draft, columns)
    near = st.toggle("Near-copies count as copies", value=True, key=f"{draft.id}-near")
    return {"test_size": percent / 100, "seed": 0, "near_duplicates": near}


def group_choice(draft: Draft, columns: list[str]) -> None:
    """Draw the choice of a group column; a new one is noted in the draft."""
    chosen, key = draft.choices.get("group"), f"{draft.id}-group"
    state.begin_widget(key, chosen if chosen in columns else None)
    group = st.selectbox(
        "Keep together by column",
        [None, *columns],
        key=key,
        format_func=lambda name: "no group column" if name is None else name,
        placeholder="no group column",
        help="Rows with the same value stay on one side: a patient, a customer, a session.",
    )
    if group != chosen:
        choices = {key: value for key, value in draft.choices.items() if key != "group"} | (
            {"group": group} if group else {}
        )
        drafts.keep(state.workspace(), replace(draft, choices=choices))
        st.rerun()


def reading_state(workspace: Workspace, draft: Draft, reading: JobState | None) -> bool:
    """Draw how far reading is; return whether the split can be fixed."""
    if reading is None:
        st.caption("Your corrections differ from what was read; the file is read again with them.")
        return True
    if reading.active:
        jobs_watch.watch(reading.id)
        return False
    if reading.status != "done" or reading.result is None:
        jobs_watch.failure(reading)
        if st.button("Read again", key="read-again"):
            drafts.read(workspace, draft)
            st.rerun()
        return False
    facts = cached_reads.facts(workspace.token, reading.result["dataset_id"])
    pairs, exact = reading.result["pairs"], reading.result["exact_pairs"]
    st.markdown(
        f"**{facts['rows']:,}** samples{label_words.counted(facts)}. "
        + (
            f"**{pairs:,}** pairs of copies kept together ({exact:,} exact, {pairs - exact:,} near)."
            if pairs
            else "No copies found."
        )
    )
    st.caption(f"Classes, {theme.escape(charts.class_sizes(facts['classes']))}")
    quarantine_list(facts["quarantine"])
    spellings_proposal(workspace, draft, facts["classes"])
    if reading.result.get("group"):
        group_proposal(workspace, draft, reading.result["group"])
    return True


def group_proposal(workspace: Workspace, draft: Draft, proposal: dict[str, Any]) -> None:
    """Draw which rows seem to belong together, and a button that keeps them on one side."""
    (st.warning if proposal["alike"] else st.info)(theme.escape(proposal["message"]))
    column = proposal["column"]

    def use() -> None:
        # Before the page is drawn anew: the field above must show the choice.
        state.set_widget(f"{draft.id}-group", column)
        drafts.keep(workspace, replace(draft, choices=draft.choices | {"group": column}))

    if column:
        st.button(f"Keep rows of one '{theme.escape(column)}' together", key="use-group", on_click=use)


def spellings_proposal(workspace: Workspace, draft: Draft, classes: dict[str, int]) -> None:
    """Draw which classes seem to be one in several spellings, and a button that merges them."""
    message = spellings_sentence(classes)
    if not message:
        return
    st.warning(theme.escape(message))
    if st.button("Merge these spellings", key="merge-spellings"):
        drafts.read(workspace, replace(draft, choices=draft.choices | {"merge_spellings": True}))
        st.rerun()


def quarantine_list(items: list[dict[str, str]]) -> None:
    """Draw what was set aside, with reasons."""
    if items:
        with st.expander(f"{len(items):,} set aside, with reasons"):
            theme.draw(charts.table(["where", "why"], [[item["where"], item["reason"]] for item in items[:200]]))


def finish(workspace: Workspace, fixing: JobState) -> None:
    """Open the dataset whose split has just been fixed."""
    assert fixing.result is not None
    dataset_id = fixing.result["dataset_id"]
    state.open_dataset(dataset_id)
    drafts.close(workspace)
    # Embedding takes a while: begun now, the map is there when the user comes to it.
    small = cached_reads.facts(workspace.token, dataset_id)["rows"] <= map_points.MAX_DRAWN
    if small and map_data.last_job(workspace, dataset_id) is None:
        map_data.start(workspace, dataset_id)
    st.rerun()


main()
