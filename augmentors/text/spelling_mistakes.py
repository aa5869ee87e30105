"""Spelling mistakes by nlpaug's SpellingAug, on words that we choose.

nlpaug looks up and draws the misspelling. It only ever sees the chosen words,
one per line, so protected phrases, white space and everything else cannot be
touched. It draws from global random state, which is seeded per sample and
restored; its word lists, which it takes out of a set in a different order in
each process, are read here and sorted.
"""

from copy import copy
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from augmentors.core.augmenter import Card, Need
from augmentors.core.seeds import isolated_global_state
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import EnglishAugmenter, EnglishParams, Language, language_field
from augmentors.text.inflection import like
from augmentors.text.text_augmenter import Chance, View, choose, count_changes


class SpellingMistakes(EnglishAugmenter):
    """Replace words by ways in which people have misspelled them.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SpellingMistakes().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="spelling_mistakes",
        title="Spelling mistakes",
        kind="text",
        family="classical",
        summary="Replaces English words by misspellings that people have really made, with nlpaug.",
        avoid="Avoid for texts that are not English, and when the texts to be classified are proof-read.",
        references=(
            "Coulombe (2018), Text Data Augmentation Made Simple, arXiv:1812.04718.",
            "Ma (2019), NLP Augmentation, github.com/makcedward/nlpaug.",
        ),
        needs=frozenset({Need.GLOBAL_STATE}),
        aliases=("SpellingAug", "misspellings"),
    )
    needs_text = "an English text with a word that is often misspelled and not protected"
    resource = "misspellings"

    class Params(EnglishParams):
        # Came later: left out unless chosen, so that seeds of plans without it stay as they were.
        language: Language = language_field(exclude_if=lambda language: language == "detect")

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        known = misspellings()
        fits = [at for at in tokens.changeable if tokens.texts[at].lower() in known]
        return View(tokens, fits) if fits and self._is_english(tokens) else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        texts = view.tokens.texts
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        chosen = sorted(choose(view.places, wanted, chance))
        lines = "\n".join(texts[at].lower() for at in chosen)
        nlpaug_speller = speller()  # outside: importing nlpaug draws from the global state too
        with isolated_global_state(int(chance() * 2**32)):
            wrong = nlpaug_speller.augment(lines)[0].split("\n")
        return [Edit("replace", at, 1, like(word, texts[at])) for at, word in zip(chosen, wrong, strict=True)]


@lru_cache(maxsize=1)
def misspellings() -> dict[str, list[str]]:
    """Return nlpaug's table: small-letter word to its misspellings, sorted, without the word itself.

    Read without importing nlpaug, which takes seconds: looking whether a text
    can be changed must be quick.
    """
    found = find_spec("nlpaug")
    assert found is not None and found.submodule_search_locations, "nlpaug is a dependency of this project"
    path = Path(found.submodule_search_locations[0]) / "res" / "word" / "spelling" / "spelling_en.txt"
    table: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *wrong = line.split(" ")
        # Its 'I' → 'I've' and other two-letter words and contractions are changes of meaning, not mistakes.
        if word.islower() and len(word) > 2:
            table.setdefault(word, set()).update(w.lower() for w in wrong if ("’" in w or "'" in w) == ("'" in word))
    return {word: sorted(kept) for word, wrong in table.items() if (kept := wrong - {word, ""})}


@lru_cache(maxsize=1)
def speller() -> Any:
    """Return nlpaug's augmenter, set to replace every line it is given by an entry of our table."""
    import nlpaug.augmenter.word as naw

    def lines(text: str) -> list[str]:
        return text.split("\n")

    augmenter = naw.SpellingAug(aug_p=1.0, aug_min=1, aug_max=None, tokenizer=lines, reverse_tokenizer="\n".join)
    # nlpaug keeps one model for the whole process: ours gets its own.
    augmenter.model = copy(augmenter.model)
    augmenter.model.dict = misspellings()
    return augmenter
