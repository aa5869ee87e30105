"""Find an augmenter, choose originals, and look at what it makes of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors.suitability import Suitability
from pages.ui import state, theme
from pages.ui.training import Shown

SHOWN_AT_ONCE = 60


def choose_augmenter(found: Sequence[Suitability], key: str, target: str) -> str | None:
    """Draw search, families and the list, what suits first; return the key of the chosen augmenter.

    Those that do not apply are listed below in grey, with the reason.
    """
    words = st.text_input(
        "Find an augmenter", key=f"{key}.search", placeholder="Find an augmenter …", label_visibility="collapsed"
    )
    families = sorted({one.card.family for one in found})
    family = (
        st.pills("Family", families, key=f"{key}.family", label_visibility="collapsed") if len(families) > 1 else None
    )
    matching = [one for one in found if matches(one, words or "", family)]
    usable = {one.card.key: one for one in matching if one.applies}
    chosen = None
    if usable:
        if state.widget(key) not in usable:
            state.set_widget(key, next(iter(usable)))
        chosen = st.radio(
            "Augmenter",
            list(usable)[:SHOWN_AT_ONCE],
            format_func=lambda name: _title(usable[name]),
            captions=[theme.escape(one.reason) for one in list(usable.values())[:SHOWN_AT_ONCE]],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )
    elif matching:
        st.info(f"None of these applies to ‘{theme.escape(target)}’; the reasons are below.")
    else:
        st.info("No augmenter matches. Clear the search to see all of them.")
    refused = [one for one in matching if not one.applies]
    if refused:
        with st.expander(f"{len(refused)} that do not apply to ‘{theme.escape(target)}’"):
            theme.draw(refused_list(refused))
    return chosen


def matches(one: Suitability, words: str, family: str | None) -> bool:
    """Whether an augmenter has every word that was searched for, and the family."""
    card = one.card
    hay = f"{card.title} {card.key} {card.summary} {card.family}".lower()
    return (family is None or card.family == family) and all(word in hay for word in words.lower().split())


def refused_list(refused: Sequence[Suitability]) -> str:
    """Return those that do not apply and why, in grey."""
    items = "".join(f"<div><b>{theme.text(o.card.title)}</b><br>{theme.text(o.reason)}</div>" for o in refused)
    return f'<div class="cw-refused">{items}</div>'


def head_of_pairs(choices: Mapping[str, str], seed_key: str, key: str) -> tuple[int, tuple[str, ...]]:
    """Draw the head of the pairs: which originals, and a button for other draws; return seed and chosen originals."""
    left, right = st.columns([2, 5], vertical_alignment="center")
    left.subheader("Before → after", anchor=False)
    with right.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        with st.popover("Originals: " + _originals_in_words(state.widget(key) or []), type="tertiary"):
            picked = st.multiselect(
                "Originals to try it on",
                list(choices),
                format_func=lambda name: choices[name],
                max_selections=4,
                key=key,
                placeholder="four at random",
                help="Up to four samples of the training part; none means four at random.",
                persist_state="session",
            )
        st.button(
            "↻ Draw again", key=f"{seed_key}.roll", on_click=_roll, args=(seed_key,), help="Another seed: other draws."
        )
    return int(state.get(seed_key, 0)), tuple(picked)


def take_selection(selection: Mapping[str, Any] | None, of_id: Mapping[str, str]) -> tuple[str, list[str]] | None:
    """Return the class and the originals that a selection made on the Map stands for; None without one.

    Parameters
    ----------
    selection : mapping or None
        ``ids`` of samples; those outside the training part are passed over.
    of_id : mapping of str to str
        Class of each training sample among them.
    """
    ids = [name for name in (selection or {}).get("ids", []) if name in of_id]
    if not ids:
        return None
    target = Counter(of_id[name] for name in ids).most_common(1)[0][0]
    return target, [name for name in ids if of_id[name] == target][:4]


def show_pairs(shown: Shown, kind: str) -> None:
    """Draw the pairs, or in a calm sentence why there are none; then what the augmenter said."""
    if shown.refused is not None:
        st.info(theme.escape(shown.refused))
        return
    theme.draw(shown.markup)
    legend = {
        "table": "Parents with their share, then the new row; cells that differ from the first parent are marked.",
        "text": "Deleted words are struck through, new ones marked.",
        "image": "What was drawn stands under each pair.",
    }[kind]
    st.caption(f"{legend} Made in {seconds_words(shown.seconds)} from training samples only.")
    for note in shown.notes:
        st.caption(theme.escape(note))


def seconds_words(seconds: float) -> str:
    """Return a short time as a person says it.

    Examples
    --------
    >>> seconds_words(0.004), seconds_words(3.21)
    ('less than 0.1 s', '3.2 s')
    """
    return f"{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


def _title(one: Suitability) -> str:
    mark = " :green-badge[suits this data]" if one.rank == 0 else ""
    return f"**{theme.escape(one.card.title)}**{mark}"


def _roll(key: str) -> None:
    state.put(key, int(state.get(key, 0)) + 1)


def _originals_in_words(picked: Sequence[str]) -> str:
    return f"{len(picked)} chosen" if picked else "four at random"
