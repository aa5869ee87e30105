"""The frame around every page: sidebar with workspace, journey and jobs; title, purpose, primary button.

A page begins with ``action = frame.open_page("plan")`` and, when it needs a
dataset, ``data = frame.need_split()``; ``action`` is the place for the one
primary button at the top right.
"""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from augmentors import sweep
from augmentors.core.errors import UserError
from augmentors.store import Workspace
from augmentors.table import compilation
from pages.ui import cached_reads, collection, errors, jobs_watch, label_words, state, theme

_ROOT = Path(__file__).parents[2]
# Of this thread, which a run of the script has to itself: whether app.py has begun this run.
_this_run = threading.local()


@dataclass(frozen=True)
class Step:
    """One screen of the journey."""

    key: str
    title: str
    purpose: str

    @property
    def file(self) -> str:
        """The page's file, relative to app.py."""
        return f"pages/{self.key}.py"


JOURNEY = (
    Step(
        "start",
        "Start",
        "Load your data or a sample, check how it was understood, and fix the split before anything else.",
    ),
    Step("overview", "Overview", "See where the imbalance is and what else the data has to tell before you touch it."),
    Step("map", "Map", "See which samples lie together, and look at any group of them."),
    Step("augment", "Augment", "Try augmenters on real samples and add the ones you trust to the plan."),
    Step("plan", "Plan", "Decide how many new samples each class gets, and what makes them."),
    Step("run", "Run", "Make the new samples in the background; leaving this page loses nothing."),
    Step("review", "Review", "See what was made, what was rejected, and why."),
    Step("compare", "Compare", "Learn whether a model gets better, on test data that nothing here has touched."),
    Step("export", "Export", "Take the balanced dataset with you, with everything needed to make it again."),
)


@dataclass(frozen=True)
class Data:
    """The dataset in work, as pages see it: where it is and what is known of it, never its rows."""

    workspace: Workspace
    id: str
    facts: dict[str, Any]

    @property
    def colours(self) -> dict[str, str]:
        """Colour of each class."""
        return cached_reads.colours(self.workspace.token, self.id)


def run() -> None:
    """Set the page up, open the workspace, draw the sidebar and run the page: all of app.py."""
    st.set_page_config(page_title="Counterweight", page_icon=theme.favicon(), layout="wide")
    theme.apply()
    _sweeper()
    _compiler()
    steps = [step for step in JOURNEY if (_ROOT / step.file).exists()]
    pages = {step.key: st.Page(step.file, title=step.title, default=step.key == "start") for step in steps}
    current = st.navigation(list(pages.values()), position="hidden")
    try:
        state.begin()
    except UserError as error:
        errors.show(error.message, error.hint)
        st.button("Begin a new workspace", type="primary", on_click=state.start_over)
        st.stop()
    with errors.box():
        here = next((key for key, page in pages.items() if page.title == current.title), "start")
        _sidebar(steps, pages, here)
    _this_run.through_app = True
    try:
        with errors.box():
            current.run()
    finally:
        _this_run.through_app = False
        collection.spare_modules()


@st.cache_resource(show_spinner=False)
def _sweeper() -> threading.Thread:
    """Start the one sweeper of this server."""
    return sweep.start_sweeping()


@st.cache_resource(show_spinner=False)
def _compiler() -> None:
    """Have what searches run on compiled in the background, so that no click ever waits for it."""
    compilation.compile_in_background()


def open_page(key: str) -> Any:
    """Draw a page's title and purpose; return the place for its primary button."""
    _through_app()
    step = next(step for step in JOURNEY if step.key == key)
    if state.dataset_id() is not None:
        state.visit(key)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", key="cw-head"):
        with st.container(gap=None):
            st.title(step.title, anchor=False)
            st.markdown(step.purpose)
        return st.container(horizontal=True, wrap=False, horizontal_alignment="right", width="content")


def need_dataset() -> Data:
    """Return the dataset in work; without one, say what to do and stop the page."""
    workspace, dataset_id = state.workspace(), state.dataset_id()
    if dataset_id is None:
        empty(
            "No dataset yet",
            "Upload your own or open one of five samples; it takes a few seconds.",
            "start",
            "Go to Start",
        )
    try:
        return Data(workspace, dataset_id, cached_reads.facts(workspace.token, dataset_id))
    except UserError:
        state.open_dataset(None)
        empty("That dataset is gone", "It is no longer in this workspace. Open it again.", "start", "Go to Start")


def need_split() -> Data:
    """Return the dataset in work once its split is fixed; else say what to do and stop the page."""
    data = need_dataset()
    if data.facts["split"] is None:
        empty(
            "The split is not fixed yet",
            "Training and test part are set apart once, before anything is made: that keeps the verdict honest.",
            "start",
            "Fix the split",
        )
    return data


def empty(title: str, sentence: str, step: str, button: str) -> NoReturn:
    """Draw what to do when there is nothing to show, with a button to that step, and stop the page."""
    with st.container(border=True):
        theme.draw(
            f'<div class="cw-empty">{theme.logo()}<h3>{theme.text(title)}</h3>'
            f'<p class="cw-mute">{theme.text(sentence)}</p></div>'
        )
        with st.container(horizontal=True, horizontal_alignment="center"):
            if st.button(button, type="primary", key=f"empty-{step}"):
                go(step)
    st.stop()


def exists(step: str) -> bool:
    """Whether a step's page is there."""
    return (_ROOT / f"pages/{step}.py").exists()


def go(step: str) -> NoReturn:
    """Change to another step of the journey."""
    st.switch_page(f"pages/{step}.py", query_params={"w": state.workspace().token})


def _through_app() -> None:
    """Run app.py first, always.

    Streamlit takes a folder `pages` beside the script for its older kind of app until `st.navigation` has
    been called once in the process: whoever comes back by a deep link right after a restart would see a
    page without its frame. Streamlit's own flag cannot tell: another visitor's run may have cleared it
    since this run began, so each run notes whether it came through app.py.
    """
    if not getattr(_this_run, "through_app", False):
        PagesManager.uses_pages_directory = False
        st.rerun()


# -- sidebar ---------------------------------------------------------------------


def _sidebar(steps: list[Step], pages: dict[str, Any], here: str) -> None:
    workspace, dataset_id = state.workspace(), state.dataset_id()
    facts = _facts_or_none(workspace, dataset_id)
    with st.sidebar:
        theme.draw(f'<div class="cw-brand">{theme.logo()}Counterweight</div>')
        theme.draw(workspace_card(facts))
        progress = journey_state(workspace, dataset_id, facts)
        said = ""
        with st.container(key="cw-journey"):
            for step in steps:
                done, missing = progress[step.key]
                # What holds up several steps in a row is said once.
                _step_link(step, pages[step.key], here, done, missing if missing != said else "")
                said = missing
        jobs_watch.sidebar_jobs(workspace, here)


def _facts_or_none(workspace: Workspace, dataset_id: str | None) -> dict[str, Any] | None:
    if dataset_id is None:
        return None
    try:
        return cached_reads.facts(workspace.token, dataset_id)
    except UserError:
        return None


def workspace_card(facts: dict[str, Any] | None) -> str:
    """Return name, kind, size and split badge of the dataset in work as HTML."""
    if facts is None:
        return '<div class="cw-workspace cw-mute cw-small">No dataset yet</div>'
    noun = {"table": "rows", "text": "texts", "image": "images"}[facts["kind"]]
    split = facts["split"]
    badge = (
        f'<span class="cw-badge cw-fixed">{theme.lock()}'
        f"split fixed: {split['train']:,} train / {split['test']:,} test</span>"
        if split
        else '<span class="cw-badge">split not fixed yet</span>'
    )
    return (
        f'<div class="cw-workspace"><b>{theme.text(facts["name"])}</b><br>'
        f'<span class="cw-mute cw-small">{facts["kind"]} · {facts["rows"]:,} {noun} · '
        f"{label_words.of(facts)}</span><br>"
        f"{badge}</div>"
    )


def journey_state(
    workspace: Workspace, dataset_id: str | None, facts: dict[str, Any] | None
) -> dict[str, tuple[bool, str]]:
    """Return, per step, whether it is done and what is still missing."""
    if facts is None:
        return {step.key: (False, "" if step.key == "start" else "needs data") for step in JOURNEY}
    if facts["split"] is None:
        return {step.key: (False, "fix the split" if step.key == "start" else "needs the split") for step in JOURNEY}
    assert dataset_id is not None
    seen = state.visit("start")
    made = bool(workspace.versions(dataset_id))
    judged = made and cached_reads.has_comparison(workspace.token, dataset_id)
    planned = made or bool((workspace.read_note(f"plan-{dataset_id}") or {}).get("entries"))
    after_run = {True: "", False: "needs a run"}[made]
    return {
        "start": (True, ""),
        "overview": ("overview" in seen, ""),
        "map": ("map" in seen, ""),
        "augment": (planned, "" if planned else "nothing chosen"),
        "plan": (planned and "plan" in seen, ""),
        "run": (made, jobs_watch.run_in_words(workspace, dataset_id) or ("" if made else "not run yet")),
        "review": (made and "review" in seen, after_run),
        "compare": (judged, after_run or ("" if judged else "not yet judged")),
        "export": (made and "export" in seen, after_run),
    }


def _step_link(step: Step, page: Any, here: str, done: bool, missing: str) -> None:
    mark = "●" if step.key == here else "✓" if done else "○"
    title = f"**{step.title}**" if step.key == here else step.title
    note = f"  :gray[:small[{missing}]]" if missing else ""
    with st.container(key=f"cw-step-{step.key}"):
        st.page_link(page, label=f"{mark}  {title}{note}", query_params={"w": state.workspace().token})
