"""What came of a run, and the versions of a dataset."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors.background import read_manifest
from augmentors.export.manifest import part_rows
from augmentors.jobs import JobState
from pages.ui import frame, job_panel, state, theme
from pages.ui.frame import Data
from pages.ui.plan_editor import growth_bars

STATUS = {"done": "done", "failed": "failed", "cancelled": "cancelled", "interrupted": "interrupted"}
WARNINGS, NOTES = 3, 200


def show(action: Any, data: Data, job: JobState) -> None:
    """Draw what happened in three sentences, the classes now, notes, and where to go next."""
    result = job.result or {}
    version = str(result.get("version_id", ""))
    with action:
        if st.button("Compare", type="primary", key="run.compare"):
            choose(data, version)
            frame.go("compare")
        if st.button("Export", key="run.export"):
            choose(data, version)
            frame.go("export")
    held = part_rows(read_manifest(data.workspace, version))
    grown = (int(data.facts["split"]["train"]), held.original + held.new)
    st.markdown("  \n".join(theme.escape(sentence) for sentence in job_panel.summary(result, grown)))
    warnings([*shortfalls(result["gate"]), *result.get("warnings", ())])
    left, right = theme.columns("run-done", (1, 1), gap="large")
    with left:
        st.subheader("Kept and turned down", anchor=False)
        theme.draw(job_panel.class_progress(result["gate"], data.colours))
    with right:
        st.subheader("Classes before and after", anchor=False)
        before, after = result["counts"]["before"], result["counts"]["after"]
        theme.draw(growth_bars(dict(list(before.items())[:24]), after, data.colours, after))
    leaks = result["leak_check"]
    st.caption(
        f"At the very end {leaks['checked']:,} accepted samples were compared with the test part; "
        f"{leaks['dropped']:,} copies were dropped. Version {version}."
    )
    notes(result.get("notes", ()))


def shortfalls(gate: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return, for each class that got fewer new samples than planned, how many and what to do."""
    return [
        f"'{name}' got {tally['kept']:,} of the {tally['wanted']:,} new samples wanted; the notes below say why. "
        "Add another augmenter to its mix on Plan, or go on with fewer."
        for name, tally in gate.items()
        if tally["kept"] < tally["wanted"]
    ]


def warnings(said: Sequence[str]) -> None:
    """Draw what to know of the new samples before training on them: the first in sight, many more on request."""
    shown = WARNINGS if len(said) > WARNINGS + 1 else len(said)
    first, rest = said[:shown], said[shown:]
    if first:
        st.warning(_listed(first))
    if rest:
        with st.expander(f"{len(rest):,} more to know of the new samples"):
            st.markdown(_listed(rest[:NOTES]))


def _listed(said: Sequence[str]) -> str:
    return theme.escape(said[0]) if len(said) == 1 else "\n".join(f"- {theme.escape(one)}" for one in said)


def notes(said: Sequence[str]) -> None:
    """Draw what the augmenters said, in an expander when it is much."""
    if not said:
        return
    with st.expander(f"{len(said):,} note{'s' if len(said) > 1 else ''} on how it was done", expanded=len(said) <= 3):
        for note in said[:NOTES]:
            st.markdown(f"- {theme.escape(note)}")


def earlier(data: Data, runs: Sequence[JobState]) -> None:
    """Draw earlier runs, a line each."""
    for job in runs[:20]:
        made = (job.result or {}).get("gate", {})
        kept = sum(tally["kept"] for tally in made.values())
        what = f"{kept:,} samples kept" if job.status == "done" else STATUS.get(job.status, job.status)
        st.markdown(f"{theme.escape(job.title)} · {when(job.submitted)} · {what}")


def when(seconds: float) -> str:
    """Return a moment as date and time of day."""
    return time.strftime("%d %b %Y, %H:%M", time.localtime(seconds))


def choose(data: Data, version_id: str) -> None:
    """Work with this version on Compare and Export."""
    state.put(f"version.{data.id}", version_id)


def chosen_version(data: Data, purpose: str) -> dict[str, Any]:
    """Draw a choice when there are several versions; return the chosen one, or stop the page when there is none."""
    versions = data.workspace.versions(data.id)
    if not versions:
        frame.empty("Nothing has been made yet", purpose, "plan", "Go to the plan")
    known = {str(v["id"]): v for v in versions}
    wanted = state.get(f"version.{data.id}")
    if len(known) == 1:
        return versions[0]
    key = f"version.pick.{data.id}"
    if state.widget(key) not in known:
        state.set_widget(key, wanted if wanted in known else versions[0]["id"])
    elif wanted in known and state.widget(key) != wanted:
        state.set_widget(key, wanted)
    picked = st.selectbox(
        "Version",
        list(known),
        format_func=lambda name: version_words(known[name]),
        key=key,
        on_change=lambda: choose(data, state.widget(key)),
    )
    return known[picked]


def version_words(version: dict[str, Any]) -> str:
    """Return a version in a line: when it was made and how many samples it adds."""
    new = sum(tally["kept"] for tally in version["gate"].values())
    return f"{when(float(version['created']))} · {new:,} new samples · {version['id']}"
