"""Choose a class: chips in the classes' own colours, a list where there are too many."""

from collections.abc import Mapping

import streamlit as st

from pages.ui import state, theme

CHIPS = 24


def choose_class(counts: Mapping[str, int], colours: Mapping[str, str], key: str, label: str = "Class") -> str:
    """Draw the classes, rarest first, and return the chosen one.

    Parameters
    ----------
    counts : mapping of str to int
        Training samples per class.
    colours : mapping of str to str
    key : str
        The widget's key; the choice survives a change of page.
    """
    names = sorted(counts, key=lambda name: (counts[name], name))

    def words(name: str) -> str:
        return f"{theme.escape(name)} · {counts[name]:,}"

    if len(names) > CHIPS:
        return st.selectbox(
            label, names, format_func=lambda n: f"{n} · {counts[n]:,}", key=key, persist_state="session"
        )
    holder = f"cw-classes-{key}".replace(".", "-")
    theme.draw(f"<style>{chip_colours(names, colours, holder)}</style>")
    with st.container(key=holder):
        chosen = st.pills(
            label,
            names,
            format_func=words,
            default=None if state.widget(key) else names[0],
            key=key,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    return chosen or names[0]


def chip_colours(names: list[str], colours: Mapping[str, str], holder: str) -> str:
    """Return the style that gives each chip the colour of its class."""
    return "".join(
        f'.st-key-{holder} [data-testid="stButtonGroup"] button:nth-of-type({i + 1})'
        f"{{padding-left:28px;background:linear-gradient({colour},{colour}) 11px 50% / 10px 10px no-repeat}}"
        for i, colour in enumerate(colours.get(name, "#888888") for name in names)
    )
