"""The plan in the making, kept in the workspace so that nothing is lost."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
import yaml

from augmentors import catalog
from augmentors.core.plan import MixPart
from augmentors.plan_draft import PlanDraft
from pages.ui import frame, theme
from pages.ui.frame import Data


def read(data: Data) -> PlanDraft:
    """Return the draft of the dataset in work; an empty one before anything was planned."""
    return PlanDraft.from_note((data.workspace.read_note(_name(data)) or {}).get("draft"))


def write(data: Data, draft: PlanDraft, counts: Mapping[str, int]) -> None:
    """Keep the draft; ``entries`` tells the sidebar that there is a plan."""
    planned = {entry.target: entry.count for entry in draft.entries(counts) if entry.mix}
    data.workspace.write_note(_name(data), {"draft": draft.model_dump(mode="json"), "entries": planned})


def add_button(
    action: Any, data: Data, counts: Mapping[str, int], target: str, part: MixPart, refused: bool = False
) -> None:
    """Draw the primary button that adds an augmenter to a class's mix or, once it is there, leads on to the plan."""
    draft = read(data)
    mix = draft.mix.get(target, ())
    there = part in [one.model_copy(update={"share": part.share}) for one in mix]
    with action:
        if there:
            if st.button("Go to the plan", type="primary", key="augment.plan"):
                frame.go("plan")
        elif st.button(
            f"Add to plan for ‘{theme.escape(target)}’",
            type="primary",
            key="augment.add",
            disabled=refused,
            wrap=True,
        ):
            write(data, draft.with_part(target, part), counts)
            st.rerun()
    if mix:
        names = ", ".join(catalog.get(one.augmenter).card.title for one in mix)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"In the plan for ‘{theme.escape(target)}’: {names}.")
            if not there and st.button("Go to the plan", type="tertiary", key="augment.plan"):
                frame.go("plan")


def part_yaml(target: str, part: MixPart) -> str:
    """Return a plan entry with one augmenter as it stands in a recipe."""
    entry = {"target": target, "count": 100, "mix": [part.model_dump(mode="json")]}
    return yaml.safe_dump({"plan": {"entries": [entry]}}, sort_keys=False, allow_unicode=True)


def _name(data: Data) -> str:
    return f"plan-{data.id}"
