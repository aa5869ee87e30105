"""Keyboard typos on nlpaug's key tables.

The tables of eleven layouts are nlpaug's; its KeyboardAug itself is not used:
it draws from global random state, rebuilds the white space, does nothing to
scripts outside the layout and cannot say what it changed.
"""

import json
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import (
    Chance,
    SpecialTextParams,
    TextAugmenter,
    View,
    choose,
    count_changes,
)

Layout = Literal["en", "de", "es", "fr", "it", "nl", "pl", "uk", "tr", "he", "th"]
LAYOUTS: tuple[str, ...] = get_args(Layout)
# Shares of a wrong key, two letters in the wrong order, a missed key and a key hit twice, in mixed slips.
_WRONG, _ORDER, _MISSED = 0.55, 0.75, 0.9


class KeyboardTypos(TextAugmenter):
    """Make one slip of the fingers in each of some random words.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(KeyboardTypos().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="keyboard_typos",
        title="Keyboard typos",
        kind="text",
        family="classical",
        summary="Makes typing mistakes: neighbouring keys, swapped, missed and doubled letters.",
        avoid="Avoid when the texts to be classified are edited and free of typos.",
        references=(
            "Belinkov & Bisk (2018), Synthetic and Natural Noise Both Break Neural Machine Translation, ICLR.",
            "Ma (2019), NLP Augmentation, github.com/makcedward/nlpaug (key tables).",
        ),
        aliases=("KeyboardAug", "typing errors"),
    )
    needs_text = "a text with a long enough word that is not protected and can be mistyped on this layout"

    class Params(SpecialTextParams):
        slips: Literal["mixed", "neighbour"] = Field(
            "mixed",
            title="Kind of slips",
            description="All kinds of typing mistakes, or only keys next to the right one.",
        )
        layout: Layout = Field("en", title="Keyboard", description="Keyboard layout whose neighbouring keys are hit.")
        min_length: int = Field(
            3,
            ge=1,
            le=10,
            title="Shortest word",
            description="Words with fewer letters than this are left alone.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        fits = [at for at in tokens.changeable if self._can_slip(tokens.texts[at])]
        return View(tokens, fits) if fits else None

    def _can_slip(self, word: str) -> bool:
        letters = free_letters(word)
        if len(letters) < self.params.min_length:
            return False
        keys = neighbours(self.params.layout)
        return self.params.slips == "mixed" or any(word[i].lower() in keys for i in letters)

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        keys = neighbours(self.params.layout)
        mixed = self.params.slips == "mixed"
        texts = view.tokens.texts
        chosen = sorted(choose(view.places, wanted, chance))
        return [Edit("replace", at, 1, mistype(texts[at], keys, mixed, chance)) for at in chosen]


def mistype(word: str, keys: dict[str, str], mixed: bool, chance: Chance) -> str:
    """Return a word with one slip; it always differs.

    Parameters
    ----------
    word : str
        Has at least one free letter, and one on the layout unless `mixed`.
    keys : dict of str to str
        Small letter to the letters around it.
    mixed : bool
        Whether other slips than neighbouring keys are made too.
    chance : callable

    Examples
    --------
    >>> mistype("Lamp", {"l": "k", "a": "s"}, False, lambda: 0.0)
    'Kamp'
    """
    kind = chance() if mixed else 0.0
    letters = free_letters(word)
    if kind < _WRONG:
        typed = [i for i in letters if word[i].lower() in keys]
        if typed:
            i = typed[int(chance() * len(typed))]
            around = keys[word[i].lower()]
            key = around[int(chance() * len(around))]
            return word[:i] + (key.upper() if word[i].isupper() else key) + word[i + 1 :]
    if kind < _ORDER:
        pairs = [i for i, j in pairwise(letters) if j == i + 1 and word[i] != word[j]]
        if pairs:
            i = pairs[int(chance() * len(pairs))]
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    i = letters[int(chance() * len(letters))]
    if kind < _MISSED and len(word) > 1:
        return word[:i] + word[i + 1 :]
    return word[: i + 1] + word[i].lower() + word[i + 1 :]


def free_letters(word: str) -> list[int]:
    """Return the places of letters that carry no mark of their own (a vowel sign, a combined accent)."""
    if word.isalpha():
        return list(range(len(word)))
    n = len(word)
    marked = [i + 1 < n and not (word[i + 1].isalnum() or word[i + 1].isascii()) for i in range(n)]
    return [i for i in range(n) if word[i].isalnum() and not marked[i]]


@lru_cache(maxsize=len(LAYOUTS))
def neighbours(layout: str) -> dict[str, str]:
    """Return for each small letter of a layout the letters on the keys around it, from nlpaug's table."""
    # Found without importing nlpaug, which takes a second.
    found = find_spec("nlpaug")
    assert found is not None and found.submodule_search_locations, "nlpaug is a dependency of this project"
    table = Path(found.submodule_search_locations[0]) / "res" / "char" / "keyboard" / f"{layout}.json"
    keys: dict[str, list[str]] = json.loads(table.read_text(encoding="utf-8"))
    letters = {
        key: sorted({value for value in keys[key] if _is_letter(value) and value != key}) for key in sorted(keys)
    }
    return {key: "".join(around) for key, around in letters.items() if _is_letter(key) and around}


def _is_letter(key: str) -> bool:
    return len(key) == 1 and key.isalpha() and key == key.lower()
