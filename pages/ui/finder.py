"""Find an augmenter, choose originals, and look at what it makes of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from augmentors import catalog
from augmentors.catalog_terms import needs_in_words
from augmentors.suitability import Suitability
from pages.ui import examples, finder_list, state, theme
from pages.ui.frame import Data
from pages.ui.theme import text
from pages.ui.training import Shown

FAVOURITES = "favourites"
MOST_FAVOURITES = 200


def choose_augmenter(data: Data, found: Sequence[Suitability], target: str) -> str | None:
    """Draw the finder, what suits first; return the key of the chosen augmenter, None when none applies."""
    chosen = chosen_key(data, found)
    if chosen is None:
        st.info(f"No augmenter applies to ‘{theme.escape(target)}’; the reasons are below.")
    _draw(data, found, target, chosen, pictures=False)
    return chosen


def show_all(data: Data, found: Sequence[Suitability], target: str) -> bool:
    """Draw all of them as pictures in the width of the page; return whether this is what is wanted now."""
    if state.get(_key(data, "view")) != "pictures":
        return False
    examples.head(data, target)
    _draw(data, found, target, chosen_key(data, found), pictures=True)
    return True


def chosen_key(data: Data, found: Sequence[Suitability]) -> str | None:
    """Return the augmenter that was chosen where it applies, else the one that suits best."""
    usable = [one.card.key for one in found if one.applies]
    chosen: str | None = state.get(_key(data, "key"))
    return chosen if chosen in usable else next(iter(usable), None)


def choose(data: Data, key: str) -> None:
    """Work with this augmenter."""
    state.put(_key(data, "key"), key)
    state.put(_key(data, "view"), "list")


def favourites(data: Data) -> list[str]:
    """Return the favourites of the workspace, the newest last."""
    return [str(key) for key in (data.workspace.read_note(FAVOURITES) or {}).get("augmenters", [])]


def toggle_favourite(data: Data, key: str) -> None:
    """Make an augmenter a favourite of the workspace, or no longer one."""
    kept = favourites(data)
    kept = [one for one in kept if one != key] if key in kept else [*kept, key][-MOST_FAVOURITES:]
    data.workspace.write_note(FAVOURITES, {"augmenters": kept})


def about(one: Suitability) -> str:
    """Return what an augmenter is: explanation, why it suits, when not to use it, needs and references."""
    card = one.card
    suits = f'<p class="cw-good">Suits this data. {text(one.reason)}</p>' if one.rank == 0 else ""
    against = f'<p class="cw-avoid">{text(card.avoid).replace("Avoid", "<b>Avoid</b>", 1)}</p>' if card.avoid else ""
    needs = f'<p class="cw-need">{text(needs_in_words(catalog.get(card.key)))}</p>'
    return (
        f'<div class="cw-about"><h3>{text(card.title)}</h3><p>{text(card.summary)}</p>{suits}{against}{needs}'
        f"{_cited(card.references)}</div>"
    )


def _cited(references: Sequence[str]) -> str:
    """Return the first reference in a line that opens to show all of them in full."""
    if not references:
        return ""
    more = f" (and {len(references) - 1} more)" if len(references) > 1 else ""
    full = "".join(f"<li>{text(reference)}</li>" for reference in references)
    return f"<details><summary>{text(references[0] + more)}</summary><ul>{full}</ul></details>"


def _draw(data: Data, found: Sequence[Suitability], target: str, chosen: str | None, *, pictures: bool) -> None:
    looks = examples.looks(data, target, large=pictures)
    finder_list.draw(
        [finder_list.item(one, looks.get(one.card.key, finder_list.Look())) for one in found],
        list_id=data.id,
        chosen=chosen,
        favourites=favourites(data),
        pictures=pictures,
        on={
            "choose": lambda key: choose(data, key),
            "star": lambda key: toggle_favourite(data, key),
            "view": lambda view: state.put(_key(data, "view"), view),
        },
    )


def _key(data: Data, name: str) -> str:
    return f"augment.{name}.{data.id}"


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


def _roll(key: str) -> None:
    state.put(key, int(state.get(key, 0)) + 1)


def _originals_in_words(picked: Sequence[str]) -> str:
    return f"{len(picked)} chosen" if picked else "four at random"
