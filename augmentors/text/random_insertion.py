"""Random insertion: synonyms of a text's own words put in at random (own code: nlpaug has it for models only)."""

from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.dataset import Dataset
from augmentors.text.edits import Edit
from augmentors.text.english_augmenter import SynonymAugmenter, SynonymParams
from augmentors.text.text_augmenter import Chance, TextAugmenter, View, choose, count_changes
from augmentors.text.tokens import SPECIAL, WORD, Tokens


class RandomInsertion(SynonymAugmenter):
    """Put synonyms of random words of a text at random places in it.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomInsertion().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_insertion",
        title="Random insertion",
        kind="text",
        family="classical",
        summary="Puts synonyms of a text's own words at random places in it.",
        avoid="Avoid where grammar matters: the texts stay understandable but not correct.",
        references=("Wei & Zou (2019), EDA: Easy Data Augmentation, EMNLP, doi:10.18653/v1/D19-1670.",),
        aliases=("RI",),
    )

    class Params(SynonymParams):
        source: Literal["synonym", "repeat"] = Field(
            "synonym",
            title="What is inserted",
            description="A synonym of a word of the text (English only), or a word of the text once more.",
        )

    params: Params

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        if self.params.source == "synonym":
            super()._applies_to_target(train, target)
        else:
            TextAugmenter._applies_to_target(self, train, target)

    def _read(self, text: str) -> View | None:
        if self.params.source == "synonym":
            view = super()._read(text)
            if view is None:
                return None
            tokens, words = view.tokens, [place.words for place in view.places.find(view.places.at)]
        else:
            tokens = self._tokens(text)
            words = [(tokens.texts[at],) for at in tokens.changeable]
        gaps = _gaps(tokens)
        return View(tokens, (words, gaps)) if words and gaps else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        words, gaps = view.places
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        edits = []
        for at in sorted(choose(gaps, wanted, chance)):
            candidates = words[int(chance() * len(words))]
            word = candidates[int(chance() * len(candidates))]
            # Inside a sentence a word starts small, unless it is all capitals.
            word = word if word.isupper() else word.lower()
            edits.append(Edit("insert", at, 0, word + " "))
        return edits


def _gaps(tokens: Tokens) -> list[int]:
    """Return the words before which something can be put: not inside a protected phrase."""
    return [at for at, kind in enumerate(tokens.kinds) if kind in (WORD, SPECIAL) and not tokens.inside_phrase(at)]
