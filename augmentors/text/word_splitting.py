"""Word splitting: a space gets into random words (own code: nlpaug's SplitAug rebuilds the white space)."""

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.keyboard_typos import free_letters
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, choose, count_changes


class WordSplitting(TextAugmenter):
    """Put a space into random words.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(WordSplitting().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="word_splitting",
        title="Word splitting",
        kind="text",
        family="classical",
        summary="Splits random words in two, as slips of the space bar and of scanners do.",
        avoid="Avoid for scripts written without spaces and for edited texts.",
        references=("Ma (2019), NLP Augmentation, github.com/makcedward/nlpaug (SplitAug).",),
    )
    needs_text = "a text with a long enough word that is not protected"

    class Params(SpecialTextParams):
        min_length: int = Field(
            4,
            ge=2,
            le=20,
            title="Shortest word",
            description="Words with fewer letters than this are left alone.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        least = self.params.min_length
        cuts = [(at, free_letters(tokens.texts[at])[1:]) for at in tokens.changeable]
        fits = [(at, inside) for at, inside in cuts if len(inside) >= least - 1]
        return View(tokens, fits) if fits else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = count_changes(self.params.rate, view.tokens.n_words, self.params.max_changes, chance)
        edits = []
        for at, inside in sorted(choose(view.places, wanted, chance)):
            word, cut = view.tokens.texts[at], inside[int(chance() * len(inside))]
            edits.append(Edit("replace", at, 1, f"{word[:cut]} {word[cut:]}"))
        return edits
