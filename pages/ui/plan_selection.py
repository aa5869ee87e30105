"""What the plan drops: thinning out before new samples are made, cleaning after, and classes that cannot be helped."""

from collections.abc import Mapping

import streamlit as st

from augmentors import catalog
from augmentors.core.selector import Stage
from augmentors.plan_draft import PlanDraft
from augmentors.recipe import WHEN_NOT_APPLICABLE, SelectorChoice, parse_choices
from pages.ui import plan_store, state, theme
from pages.ui.frame import Data
from pages.ui.params_form import fill, params_form

TITLES: dict[Stage, str] = {"before": "Before new samples are made", "after": "After, over old and new samples"}
NONE = "nothing"
NO_CLASS = "No class is above the ceiling."
NOTHING: dict[Stage, str] = {"before": "drop nothing", "after": "clean nothing"}


def show(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> None:
    """Draw the choice of selectors and of what happens to a class that its augmenters cannot work on."""
    with st.expander("Thin out and clean; classes that cannot be helped"):
        for stage, column in zip(TITLES, theme.columns("plan-selectors", (1, 1)), strict=True):
            with column:
                _stage(data, draft, counts, stage)
        key = f"plan.when.{data.id}"
        state.set_widget(key, draft.when_not_applicable)
        st.selectbox(
            "When an augmenter cannot work on a class",
            list(WHEN_NOT_APPLICABLE),
            key=key,
            format_func=lambda one: WHEN_NOT_APPLICABLE[one],
            on_change=_set_when,
            args=(data, counts, key),
        )


def _stage(data: Data, draft: PlanDraft, counts: Mapping[str, int], stage: Stage) -> None:
    found = {cls.card.key: cls for cls in catalog.selectors_for(data.facts["kind"], stage)}
    chosen = next(iter(getattr(draft, stage)), None)
    key = f"plan.{stage}.{data.id}"
    state.set_widget(key, chosen.selector if chosen else NONE)
    st.selectbox(
        TITLES[stage],
        [NONE, *found],
        key=key,
        format_func=lambda one: NOTHING[stage] if one == NONE else found[one].card.title,
        on_change=_set_stage,
        args=(data, counts, stage, key),
    )
    if chosen is None:
        return
    cls = found[chosen.selector]
    theme.draw(theme.explanation(cls.card.summary, cls.card.avoid))
    form = f"{key}.{chosen.selector}"
    if state.get(f"{form}.drawn") != chosen.params:  # such as those of a recipe that was loaded
        fill(cls, form, chosen.params)
    params = params_form(cls, form, chosen.params) or chosen.params
    state.put(f"{form}.drawn", params)
    if params != chosen.params:
        _write(data, draft, counts, stage, parse_choices([chosen.selector], {chosen.selector: params}))
        st.rerun()
    if stage == "after":
        st.caption("What it drops is told after the run, each with its reason; nothing is made in its place.")
    elif "share" in chosen.params:
        thinned = {name: n for name, n in draft.thinned(counts).items() if n < counts[name]}
        words = ", ".join(f"‘{name}’ {counts[name]:,} → {n:,}" for name, n in list(thinned.items())[:6])
        said = f"Dropped from the training part only, each with its reason: {words}." if words else NO_CLASS
        st.caption(theme.escape(said))
    else:
        st.caption("How many it drops is told after the run, each with its reason.")


def _set_stage(data: Data, counts: Mapping[str, int], stage: Stage, key: str) -> None:
    name = state.widget(key)
    choices = () if name == NONE else parse_choices([name], {name: {}})
    _write(data, plan_store.read(data), counts, stage, choices)


def _write(
    data: Data, draft: PlanDraft, counts: Mapping[str, int], stage: Stage, choices: tuple[SelectorChoice, ...]
) -> None:
    plan_store.write(data, draft.model_copy(update={stage: choices}), counts)


def _set_when(data: Data, counts: Mapping[str, int], key: str) -> None:
    draft = plan_store.read(data).model_copy(update={"when_not_applicable": state.widget(key)})
    plan_store.write(data, draft, counts)
