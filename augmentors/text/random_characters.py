"""Random character noise: inserted, replaced, exchanged and lost characters, in any script.

Own code: nlpaug's RandomCharAug draws from global random state and puts Latin
letters into every script.
"""

from itertools import pairwise
from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.keyboard_typos import free_letters
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, choose, count_changes

ACTIONS = ("insert", "substitute", "swap", "delete")


class RandomCharacters(TextAugmenter):
    """Change one character in each of some random words; new ones come from the text's own letters.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomCharacters().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_characters",
        title="Random characters",
        kind="text",
        family="classical",
        summary="Inserts, replaces, exchanges or leaves out single characters of random words.",
        avoid="Avoid with models of whole words: a changed word is an unknown one to them.",
        references=(
            "Belinkov & Bisk (2018), Synthetic and Natural Noise Both Break Neural Machine Translation, ICLR.",
        ),
    )
    needs_text = "a text with a long enough word that is not protected"

    class Params(SpecialTextParams):
        action: Literal["any", "insert", "substitute", "swap", "delete"] = Field(
            "any",
            title="What happens",
            description="One kind of change, or any of the four with equal chance.",
        )
        min_length: int = Field(
            4,
            ge=2,
            le=10,
            title="Shortest word",
            description="Words with fewer letters than this are left alone.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        free = {at: free_letters(tokens.texts[at]) for at in tokens.changeable}
        # Scripts without spaces are cut into single characters: a word of one letter may be replaced there.
        least = self.params.min_length
        fits = [at for at, places in free.items() if len(places) >= least and _differ(tokens.texts[at], places)]
        letters = sorted({tokens.texts[at][i].lower() for at in fits for i in free[at]})
        return View(tokens, (fits, letters)) if fits else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        fits, letters = view.places
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        edits = []
        for at in sorted(choose(fits, wanted, chance)):
            action = ACTIONS[int(chance() * 4)] if self.params.action == "any" else self.params.action
            edits.append(Edit("replace", at, 1, disturb(view.tokens.texts[at], action, letters, chance)))
        return edits


def disturb(word: str, action: str, letters: list[str], chance: Chance) -> str:
    """Return a word with one character changed; it always differs.

    Parameters
    ----------
    word : str
        Has two different free letters beside each other.
    action : {"insert", "substitute", "swap", "delete"}
    letters : list of str
        Small letters that may come in; at least two.
    chance : callable

    Examples
    --------
    >>> [disturb("lamp", action, ["a", "x"], lambda: 0.0) for action in ACTIONS]
    ['alamp', 'aamp', 'almp', 'amp']
    """
    places = free_letters(word)
    i = places[int(chance() * len(places))]
    if action == "delete":
        return word[:i] + word[i + 1 :]
    if action == "swap":
        pairs = _pairs(word, places)
        i = pairs[int(chance() * len(pairs))]
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    others = [letter for letter in letters if letter != word[i].lower()] if action == "substitute" else letters
    new = others[int(chance() * len(others))]
    new = new.upper() if word[i].isupper() and word.isupper() else new
    return word[:i] + new + word[i + (action == "substitute") :]


def _pairs(word: str, places: list[int]) -> list[int]:
    return [i for i, j in pairwise(places) if j == i + 1 and word[i] != word[j]]


def _differ(word: str, places: list[int]) -> bool:
    """Tell whether the word has two different letters side by side, so that every action changes it."""
    return any(word[i].lower() != word[i + 1].lower() for i in _pairs(word, places))
