"""Compare: the same models before and after, on test data that nothing here has touched."""

import streamlit as st

from augmentors.background import read_comparison
from pages.ui import code_panel, compare_panel, finished, frame, jobs_watch, snippets, target_panel

action = frame.open_page("compare")
data = frame.need_split()
version = finished.chosen_version(data, "Run the plan first; then models are trained before and after.")
job = compare_panel.job_of(data, version["id"])
found = read_comparison(data.workspace, version["id"])

if found is not None:
    compare_panel.banner(found, data)
with compare_panel.place_for_settings(judged=found is not None):
    learners, repeats, arms = compare_panel.settings(data)
chosen = {"learners": learners, "repeats": repeats, "arms": arms}
if job is not None and job.active:
    jobs_watch.watch(job.id)
else:
    compare_panel.button(action, data, version["id"], chosen, again=found is not None)
    if job is not None:
        jobs_watch.failure(job, "Try fewer models or repeats.")
if found is not None:
    panel = target_panel if found.get("task", "classification") != "classification" else compare_panel
    panel.results(found, data, version["id"])
elif job is None or not job.active:
    st.info("Not yet judged. Compare trains each model plainly, by every free alternative and with the new samples.")
code_panel.show(
    python=snippets.compare_python(data, learners, repeats, arms),
    shell=snippets.compare_shell(data, learners, repeats, arms),
    key="compare",
)
