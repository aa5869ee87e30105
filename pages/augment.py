"""Augment: try augmenters on real samples of a class, add the good ones to the plan."""

from typing import Any

import streamlit as st

from augmentors import catalog
from augmentors.core.plan import MixPart
from pages.ui import class_chips, code_panel, finder, frame, meaning, plan_store, snippets, state, theme, training
from pages.ui.params_form import params_form

action = frame.open_page("augment")
data = frame.need_split()
counts = training.counts(data)

# What was selected on the Map becomes the class and the originals, once.
selection = state.get("selection")
if selection is not None and selection["dataset"] == data.id:
    state.drop("selection")
    taken = finder.take_selection(selection, training.classes_of(data, selection["ids"]))
    if taken is not None:
        state.set_widget(f"augment.class.{data.id}", taken[0])
        state.set_widget(f"augment.originals.{data.id}.{taken[0]}", taken[1])
target = class_chips.choose_class(counts, data.colours, f"augment.class.{data.id}")
found = training.suitable(data, target)
if finder.show_all(data, found, target):
    st.stop()
left, right = theme.columns("augment", (2, 3))
with left:
    chosen = finder.choose_augmenter(data, found, target)
    params: dict[str, Any] | None = None
    if chosen is not None:
        theme.draw(finder.about(next(one for one in found if one.card.key == chosen)))
        params = params_form(catalog.get(chosen), f"form.{data.id}.{chosen}")
with right:
    picked = f"augment.originals.{data.id}.{target}"
    choices = training.choices(data, target, state.widget(picked) or ())
    seed, originals = finder.head_of_pairs(choices, f"augment.seed.{data.id}", picked)
    if chosen is not None and params is not None:
        finder.show_pairs(training.shown(data, chosen, params, target, seed, originals), data.facts["kind"])
if chosen is not None and params is not None:
    part = MixPart(augmenter=chosen, params=params)
    with left:
        refused = meaning.protect(data, counts, target, part)
    with right:
        meaning.gauge(data, target, part)
    plan_store.add_button(action, data, counts, target, part, refused)
    code_panel.show(
        python=snippets.augment_python(data, part, target, seed),
        shell=snippets.augment_shell(data, part),
        recipe=plan_store.part_yaml(target, part),
        key="augment",
    )
