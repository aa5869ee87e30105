"""Jobs as people see them: a line with name, bar, time left and cancel, polled only while something runs."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from augmentors import jobs
from augmentors.jobs import JobState
from augmentors.store import Workspace
from pages.ui import errors, state

POLL_S = 0.7


def watch(job_id: str, *, cancel: bool = True, below: Callable[[JobState], Any] | None = None) -> JobState:
    """Draw a running job and keep it up to date; when it ends, the page runs once more.

    Parameters
    ----------
    job_id : str
    cancel : bool
        Offer a button that stops it.
    below : callable, optional
        Draws more from the state on every poll (counts, samples).

    Returns
    -------
    JobState
        As it was when the page ran.
    """
    workspace = state.workspace()
    now = jobs.read_state(workspace.jobs_dir, job_id)
    if not now.active:
        return now

    @st.fragment(run_every=POLL_S)
    @errors.boxed
    def poll() -> None:
        current = jobs.read_state(workspace.jobs_dir, job_id)
        if not current.active:
            st.rerun()
        draw_line(workspace, current, cancel=cancel, where="page")
        if below is not None:
            below(current)

    poll()
    return now


def draw_line(workspace: Workspace, job: JobState, *, cancel: bool, where: str) -> None:
    """Draw a job's bar with what it does, how long it will take and a button that stops it."""
    text = f"**{job.title}** · {words(job) if where == 'page' else short_words(job)}"
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False, gap="small"):
        st.progress(min(max(job.fraction, 0.0), 1.0), text=text)
        if cancel and job.active:
            key = f"cancel-{where}-{job.id}"
            st.button("Cancel", key=key, on_click=_cancel, args=(workspace, job.id), type="tertiary")


def _cancel(workspace: Workspace, job_id: str) -> None:
    jobs.cancel(workspace.jobs_dir, job_id)


def short_words(job: JobState) -> str:
    """Return how far a job is, in a word or two."""
    if job.eta_s is not None and job.eta_s >= 1:
        return f"{duration(job.eta_s)} left"
    return f"{100 * job.fraction:.0f} %"


def words(job: JobState) -> str:
    """Return what a job is doing and how long it will take, in words."""
    if job.status == "queued":
        return "starting …"
    left = f" · {duration(job.eta_s)} left" if job.eta_s is not None and job.eta_s >= 1 else ""
    return f"{job.message or 'working …'}{left}"


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    Examples
    --------
    >>> duration(7.4), duration(95), duration(7300)
    ('7 s', '1 min 35 s', '2 h 2 min')
    """
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def failure(job: JobState, again: str = "") -> None:
    """Draw the red box of a job that failed, was cancelled or was interrupted; nothing for others."""
    if job.status == "failed":
        errors.show(job.error or "It stopped without a word.", again)
    elif job.status == "interrupted":
        st.warning("The work was interrupted before it was done. What was finished is kept.")
    elif job.status == "cancelled":
        st.info("Cancelled. Nothing half-made was kept.")


# What the page itself shows at length stands in the sidebar on the other pages only.
SHOWN_BY = {"map": "map", "pretrain": "map", "balance": "run", "compare": "compare"}


def sidebar_jobs(workspace: Workspace, here: str) -> None:
    """Draw the running jobs that the page `here` does not show itself, polled while there are any."""
    if not _running(workspace, here):
        return

    @st.fragment(run_every=1.5)
    @errors.boxed
    def poll() -> None:
        active = _running(workspace, here)
        if not active:
            # The page's own watcher reruns at the end; this serves pages that watch nothing.
            st.rerun()
        for job in active:
            draw_line(workspace, job, cancel=True, where="sidebar")

    with st.container(key="cw-jobs"):
        poll()


def run_in_words(workspace: Workspace, dataset_id: str) -> str:
    """Return how the newest run of a plan stands where that is worth a word in the journey."""
    every = jobs.list_jobs(workspace.jobs_dir)
    runs = (job for job in every if job.kind == "balance" and job.arguments.get("dataset_id") == dataset_id)
    newest = next(runs, None)
    if newest is None or newest.status == "done":
        return ""
    return "running" if newest.active else newest.status


def _running(workspace: Workspace, here: str) -> list[JobState]:
    return [job for job in jobs.list_jobs(workspace.jobs_dir) if job.active and SHOWN_BY.get(job.kind) != here]
