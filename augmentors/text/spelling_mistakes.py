"""Spelling mistakes by nlpaug's SpellingAug, on words that we choose.

nlpaug looks up and draws the misspelling. It only ever sees the chosen words,
one per line, so protected phrases, white space and everything else cannot be
touched. It draws from global random state, which is seeded per sample and
restored; its word lists, which come out of a set in a different order in each
process, are sorted first.
"""

from functools import lru_cache
from typing import Any

from augmentors.core.augmenter import Card, Need
from augmentors.core.seeds import isolated_global_state
from augmentors.text.edits import Edit
from augmentors.text.inflection import like
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, choose, count_changes


class SpellingMistakes(TextAugmenter):
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
    )
    needs_text = "a text with an English word that is often misspelled and not protected"

    class Params(TextParams):
        pass

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        known = speller().model.dict
        fits = [at for at in tokens.changeable if tokens.texts[at].lower() in known]
        return View(tokens, fits) if fits else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        texts = view.tokens.texts
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        chosen = sorted(choose(view.places, wanted, chance))
        lines = "\n".join(texts[at].lower() for at in chosen)
        with isolated_global_state(int(chance() * 2**32)):
            wrong = speller().augment(lines)[0].split("\n")
        return [Edit("replace", at, 1, like(word, texts[at])) for at, word in zip(chosen, wrong, strict=True)]


@lru_cache(maxsize=1)
def speller() -> Any:
    """Return nlpaug's augmenter, set to replace every line it is given, with its word lists in a fixed order."""
    import nlpaug.augmenter.word as naw
    from nlpaug.model.word_dict import Spelling

    def lines(text: str) -> list[str]:
        return text.split("\n")

    augmenter = naw.SpellingAug(
        aug_p=1.0, aug_min=1, aug_max=None, tokenizer=lines, reverse_tokenizer="\n".join
    )
    # Without the reverse direction, which would correct mistakes; and without phrases or the word itself.
    model = Spelling(augmenter.dict_path, include_reverse=False)
    model.dict = {
        word: kept
        for word, wrong in model.dict.items()
        if word.islower() and (kept := sorted({w.lower() for w in wrong} - {word, ""}))
    }
    augmenter.model = model
    return augmenter
