"""Plan: how many new samples each class gets, from which augmenters, and what that costs."""

import streamlit as st

from pages.ui import (
    code_panel,
    data_view,
    frame,
    meaning,
    plan_editor,
    plan_run,
    plan_selection,
    plan_store,
    snippets,
    theme,
    training,
)

action = frame.open_page("plan")
data = frame.need_split()
counts = training.counts(data)
draft = plan_run.completed(data, plan_store.read(data), counts)
entries = draft.entries(counts)
warnings = training.warnings(data, entries) | meaning.warnings(data, entries)

plan_run.run_button(action, data, draft, counts, warnings)
plan_editor.presets(data, draft, counts)
left, right = theme.columns("plan", (3, 2), gap="large")
with left:
    names = sorted(counts, key=lambda name: (counts[name], name))
    first, last = data_view.pager(len(names), f"plan.page.{data.id}", plan_editor.ROWS_PER_PAGE)
    plan_editor.rows(data, draft, counts, names[first:last], warnings)
    meaning.check_button(data, entries)
    plan_selection.show(data, draft, counts)
    plan_editor.advanced(data, draft, counts)
    plan_run.upload(data, counts)
with right:
    shown = dict(list(counts.items())[:24])
    thinned = draft.thinned(counts)
    theme.draw(plan_editor.growth_bars(shown, draft.wanted_counts(counts), data.colours, thinned))
    st.subheader("The bill", anchor=False)
    theme.draw(plan_editor.bill_facts(plan_run.bill_for(data, entries, sum(counts.values()) - sum(thinned.values()))))
    st.caption("Estimated from a few samples made just now; nothing has been run yet.")
recipe = plan_run.recipe_yaml(data, draft, counts)
code_panel.show(python=snippets.balance_python(data), shell=snippets.balance_shell(data), recipe=recipe, key="plan")
