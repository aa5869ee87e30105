"""OCR noise on nlpaug's table of look-alike characters, and pairs that scanners run together.

nlpaug's OcrAug itself is not used: it draws from global random state, rebuilds
the white space and cannot say what it changed.
"""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, choose, count_changes

# What nlpaug's table of single characters cannot say.
_PAIRS: dict[str, tuple[str, ...]] = {
    "rn": ("m",),
    "cl": ("d",),
    "vv": ("w",),
    "li": ("h",),
    "ii": ("u",),
    "nn": ("m",),
}
_FROM_ONE = {"m": ("rn",), "d": ("cl",), "w": ("vv",), "h": ("li",), "l": ("1", "I"), "e": ("c",), "S": ("5", "$")}


class OcrNoise(TextAugmenter):
    """Misread one character, or two run together, in each of some random words.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(OcrNoise().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="ocr_noise",
        title="OCR noise",
        kind="text",
        family="classical",
        summary="Misreads characters as scanners do: 0 for o, l for 1, rn for m.",
        avoid="Avoid when the texts to be classified were typed, not scanned.",
        references=("Ma (2019), NLP Augmentation, github.com/makcedward/nlpaug (look-alike characters).",),
    )
    needs_text = "a text with a long enough word that is not protected and holds a character that is misread"

    class Params(SpecialTextParams):
        min_length: int = Field(
            2,
            ge=1,
            le=10,
            title="Shortest word",
            description="Words with fewer characters than this are left alone.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        words = {at: misreadings(tokens.texts[at]) for at in tokens.changeable}
        fits = [(at, ways) for at, ways in words.items() if ways and len(tokens.texts[at]) >= self.params.min_length]
        return View(tokens, fits) if fits else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        edits = []
        for at, ways in sorted(choose(view.places, wanted, chance)):
            start, length, others = ways[int(chance() * len(ways))]
            word = view.tokens.texts[at]
            other = others[int(chance() * len(others))]
            edits.append(Edit("replace", at, 1, word[:start] + other + word[start + length :]))
        return edits


def misreadings(word: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return where a word can be misread: start, length, and what is read instead.

    Examples
    --------
    >>> misreadings("corn")
    [(1, 1, ('0', 'u')), (2, 1, ('k',)), (2, 2, ('m',))]
    """
    table = look_alikes()
    ones = [(i, 1, table[char]) for i, char in enumerate(word) if char in table]
    twos = [(i, 2, _PAIRS[word[i : i + 2]]) for i in range(len(word) - 1) if word[i : i + 2] in _PAIRS]
    return sorted(ones + twos)


@lru_cache(maxsize=1)
def look_alikes() -> dict[str, tuple[str, ...]]:
    """Return each character with those it is taken for: nlpaug's table, both ways, and what is read as two."""
    found = find_spec("nlpaug")
    assert found is not None and found.submodule_search_locations, "nlpaug is a dependency of this project"
    path = Path(found.submodule_search_locations[0]) / "res" / "char" / "ocr" / "en.json"
    pairs: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    table: dict[str, dict[str, None]] = {}
    for char, others in sorted(pairs.items()):
        for other in others:
            table.setdefault(char, {})[other] = None
            table.setdefault(other, {})[char] = None
    for char, more in _FROM_ONE.items():
        table.setdefault(char, {}).update(dict.fromkeys(more))
    return {char: tuple(others) for char, others in table.items()}
