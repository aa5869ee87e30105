"""The choice of free alternatives on Compare: by group, each with what it does and where it comes from."""

import streamlit as st

from augmentors.core.dataset import Kind
from augmentors.evaluate.chosen import missing_learners
from augmentors.evaluate.free_arms import GROUPS, NONE, FreeArm, free_arms
from augmentors.evaluate.target_arms import label_free_arms, target_free_arms
from augmentors.learners import LearnerCard, learners_for
from augmentors.learners.pretrained import cards_on
from pages.ui import theme
from pages.ui.frame import Data

TITLE = "Free alternatives that new samples must beat"


def picker(data: Data) -> list[str] | None:
    """Draw the choice of free alternatives and return it; None stands for those that run by default."""
    kind: Kind = data.facts["kind"]
    every = free_arms(kind, ["all"], data.workspace.unlabelled_facts(data.id) is not None)
    st.markdown(TITLE)
    chosen: list[str] = []
    groups = [key for key in GROUPS if any(arm.group == key for arm in every)]
    *short, last = groups
    for column, key in zip(theme.columns("compare-arms", (1,) * len(short)), short, strict=True):
        with column:
            chosen += _group(data, key, [arm for arm in every if arm.group == key])
    chosen += _group(data, last, [arm for arm in every if arm.group == last])
    with st.expander("What each of them does, and where it comes from"):
        told = "".join(_explained(kind, arm) for key in groups for arm in every if arm.group == key)
        theme.draw(f'<div class="cw-alternatives">{told}</div>')
    by_default = {arm.key for arm in free_arms(kind)}
    return None if set(chosen) == by_default else chosen or [NONE]


def of_task(data: Data, task: str) -> list[str] | None:
    """Draw the choice of free alternatives for numbers or several labels and return it; None stands for all."""
    free = target_free_arms() if task == "regression" else label_free_arms()
    titles = {arm.key: arm.title for arm in free}
    chosen = st.pills(
        TITLE,
        list(titles),
        format_func=lambda key: titles[key],
        selection_mode="multi",
        wrap=True,
        default=list(titles),
        key=f"compare.arms.{data.id}",
        help="\n\n".join(f"**{arm.title}**: {arm.summary}" for arm in free),
    )
    return None if len(chosen) == len(titles) else list(chosen) or [NONE]


def _group(data: Data, key: str, arms: list[FreeArm]) -> list[str]:
    titles = {arm.key: arm.title for arm in arms}
    return st.pills(
        GROUPS[key],
        list(titles),
        format_func=lambda one: titles[one],
        selection_mode="multi",
        wrap=True,
        default=[arm.key for arm in arms if arm.by_default],
        key=f"compare.arms.{key}.{data.id}",
    )


def _explained(kind: Kind, arm: FreeArm) -> str:
    cards = learners_for(kind)
    suited = [card.title for card in cards if arm.suits(card)]
    alone = "" if len(suited) == len(cards) else f" Trained with {', '.join(suited)}."
    source = f" <small>{theme.text(arm.reference)}</small>" if arm.reference else ""
    return f"<p><b>{theme.text(arm.title)}</b> {theme.text(arm.summary + alone)}{source}</p>"


def learner_cards(data: Data) -> tuple[LearnerCard, ...]:
    """Return the models for the dataset in work: those of its kind, and one per embedding learnt on the Map."""
    kind: Kind = data.facts["kind"]
    return (*learners_for(kind), *cards_on(data.workspace.encoders_dir, kind, dataset_id=data.id))


def with_needed_learners(data: Data, learners: list[str], arms: list[str] | None) -> list[str]:
    """Return the chosen models and those without which a chosen alternative has nothing to be trained with."""
    kind: Kind = data.facts["kind"]
    cards = {card.key: card for card in learner_cards(data)}
    missing = missing_learners(kind, [cards[key] for key in learners], free_arms(kind, arms)) if learners else ()
    if missing:
        titles = ", ".join(card.title for card in missing)
        st.caption(f"Trained, too, because what is chosen here needs it: {titles}.")
    return [*learners, *(card.key for card in missing)]
