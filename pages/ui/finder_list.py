"""The list of augmenters: a small component of ours that searches in the browser and sends back a choice only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from augmentors import catalog
from augmentors.catalog_terms import terms
from augmentors.suitability import Suitability
from pages.ui import state

_HERE = Path(__file__).parent
_HTML = """
<div class="af">
  <div class="af-bar">
    <input type="search" role="combobox" aria-expanded="true" aria-controls="af-list" aria-label="Find an augmenter"
      autocomplete="off" spellcheck="false" maxlength="80">
    <button type="button" class="af-view"></button>
  </div>
  <div class="af-chips"></div>
  <div class="af-said" role="status"></div>
  <div class="af-list" id="af-list" role="listbox" tabindex="0" aria-label="Augmenters"></div>
</div>
"""


@dataclass(frozen=True)
class Look:
    """What is shown of an augmenter beside its words: a class of the style sheet of pictures, or a marked text."""

    picture: str = ""
    markup: str = ""


def draw(
    items: Sequence[Mapping[str, Any]],
    *,
    list_id: str,
    chosen: str | None,
    favourites: Sequence[str],
    pictures: bool,
    on: Mapping[str, Callable[[str], None]],
) -> None:
    """Draw the finder; what the browser sends back goes to the callbacks before the page runs again.

    Parameters
    ----------
    items : sequence of dict
        As of `item`, in the order in which they are shown.
    list_id : str
        Names what is searched: the words typed are kept while it stays the same.
    chosen : str or None
    favourites : sequence of str
    pictures : bool
        All of them as pictures in the width of the page, instead of the list.
    on : mapping of str to callable
        ``choose``, ``star`` (with a key), ``view`` (with ``list`` or ``pictures``).
    """
    component = st.components.v2.component("counterweight_finder", html=_HTML, js=_script(), isolate_styles=False)
    key = f"finder.{'pictures' if pictures else 'list'}.{list_id}"
    data = {
        "id": list_id,
        "items": list(items),
        "chosen": chosen,
        "favourites": list(favourites),
        "view": "pictures" if pictures else "list",
    }
    known = {one["key"] for one in items} | {"list", "pictures"}

    def passed_on(name: str) -> Callable[[], None]:
        def call() -> None:
            sent = getattr(state.widget(key), name, None)
            if isinstance(sent, str) and sent in known:  # it comes from outside
                on[name](sent)

        return call

    component(
        key=key,
        data=data,
        height="content",
        on_choose_change=passed_on("choose"),
        on_star_change=passed_on("star"),
        on_view_change=passed_on("view"),
    )


def item(one: Suitability, look: Look) -> dict[str, Any]:
    """Return what the browser needs to know of an augmenter."""
    found = terms(catalog.get(one.card.key))
    return {
        "key": one.card.key,
        "title": one.card.title,
        "family": one.card.family,
        "line": one.reason,
        "state": one.rank,
        "names": found.names,
        "told": found.told,
        "spares": list(found.spares),
        "picture": look.picture,
        "markup": look.markup,
    }


@st.cache_data(show_spinner=False)
def _script() -> str:
    return (_HERE / "finder_list.js").read_text(encoding="utf-8")
