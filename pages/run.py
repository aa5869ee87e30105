"""Run: the plan at work in the background, and what came of it."""

import streamlit as st

from pages.ui import code_panel, finished, frame, job_panel, review_panel, snippets

action = frame.open_page("run")
data = frame.need_split()
runs = job_panel.runs(data)
if not runs:
    frame.empty(
        "Nothing has run yet", "A run makes the samples of the plan, in the background.", "plan", "Go to the plan"
    )

newest, *earlier = runs
if newest.active:
    job_panel.live(data, newest)
elif newest.status == "done":
    finished.show(action, data, newest)
    review_panel.show(data, newest)
else:
    job_panel.stopped(action, data, newest)
code_panel.show(
    python=snippets.balance_python(data),
    shell=snippets.balance_shell(data),
    recipe=newest.arguments["recipe"],
    key="run",
)
if earlier:
    with st.expander(f"{len(earlier)} earlier run{'s' if len(earlier) > 1 else ''}"):
        finished.earlier(data, earlier)
