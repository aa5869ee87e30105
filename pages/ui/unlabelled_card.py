"""Unlabelled samples beside the dataset in work: added on Start, once the split is fixed."""

from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.core.errors import UserError
from augmentors.jobs import JobState
from pages.ui import drafts, errors, jobs_watch, state, theme
from pages.ui.frame import Data

JOB = "augmentors.prepare:unlabelled_job"
KIND = "unlabelled"


def show(data: Data) -> None:
    """Draw what unlabelled samples there are, and the place where some are added."""
    if data.facts.get("task", "classification") != "classification":  # pseudo-labels are classes
        return
    facts = data.workspace.unlabelled_facts(data.id)
    job = last_job(data)
    busy = job is not None and job.status not in ("done", "cancelled")
    title = "Unlabelled samples" if facts is None else f"Unlabelled samples: {facts['rows']:,} beside the labelled ones"
    with st.expander(title, expanded=facts is not None or busy):
        if job is not None and job.active:
            jobs_watch.watch(job.id)
            return
        if job is not None and job.status != "done":
            jobs_watch.failure(job)
        if facts is not None:
            known(data, facts)
            return
        st.markdown(
            "Samples of the same kind whose class nobody gave. Pseudo-labelling takes over those that a learner is "
            "sure of; you can reject any of them before it counts. Copies of labelled samples are left out."
        )
        uploader(data)


def known(data: Data, facts: dict[str, Any]) -> None:
    """Draw what was read, and a button that takes it away."""
    st.markdown("\n".join(f"- {theme.escape(note)}" for note in facts["notes"]))
    aside = facts["quarantine"]
    if aside:
        st.caption(
            f"{len(aside):,} set aside, such as {theme.escape(aside[0]['where'])}: {theme.escape(aside[0]['reason'])}."
        )
    if st.button(f"Remove {theme.escape(facts['name'])}", key="unlabelled.remove"):
        data.workspace.drop_unlabelled(data.id)
        st.rerun()


def uploader(data: Data) -> None:
    """Draw the place where a file of unlabelled samples is dropped."""
    columns = "A ZIP of images" if data.facts["kind"] == "image" else "The same columns; the label may be left out"
    key = f"unlabelled-{state.get('uploads', 0)}"
    st.file_uploader(
        f"{columns}. It stays on this machine.",
        key=key,
        on_change=take,
        args=(data, key),
    )
    refused = state.get("upload-refused")
    if refused is not None:
        state.drop("upload-refused")
        errors.show(*refused)


def take(data: Data, key: str) -> None:
    """Move a chosen file to disk and start reading it."""
    upload = state.widget(key)
    if upload is None:
        return
    state.put("uploads", state.get("uploads", 0) + 1)
    try:
        name, source = drafts.to_disk(data.workspace, upload)
        arguments = {"workspace": data.workspace.token, "dataset_id": data.id, "source": source, "name": name}
        jobs.submit(data.workspace.jobs_dir, JOB, arguments, title=f"Reading {name}", kind=KIND)
    except UserError as error:
        state.put("upload-refused", (error.message, error.hint))


def last_job(data: Data) -> JobState | None:
    """Return the newest job that read unlabelled samples for this dataset."""
    every = jobs.list_jobs(data.workspace.jobs_dir)
    own = (job for job in every if job.kind == KIND and job.arguments.get("dataset_id") == data.id)
    return next(own, None)
