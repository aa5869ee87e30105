"""AEDA: punctuation marks put in at random (own code: nlpaug has none)."""

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.text.edits import Edit
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, choose, count_changes
from augmentors.text.tokens import SPECIAL, WORD

MARKS = (".", ";", "?", ":", "!", ",")


class Aeda(TextAugmenter):
    """Put random punctuation marks before random words; no word is changed or moved.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(Aeda().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="aeda",
        title="AEDA (random punctuation)",
        kind="text",
        family="classical",
        summary="Puts punctuation marks at random places; words and their order stay.",
        avoid="Avoid with models that leave punctuation out: to them nothing has changed.",
        references=("Karimi, Rossi & Prati (2021), AEDA: An Easier Data Augmentation Technique, EMNLP Findings.",),
        needs=frozenset({Need.PUNCTUATION}),
    )
    needs_text = "a text with a word before which something can be put"

    class Params(TextParams):
        rate: float = Field(
            0.3,
            ge=0.01,
            le=0.5,
            title="Most marks per word",
            description="Upper limit of marks as a share of the words; how many there are is drawn, at least one.",
            json_schema_extra={"tune": {}},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        kinds = (WORD, SPECIAL)
        gaps = [at for at, kind in enumerate(tokens.kinds) if kind in kinds and not tokens.inside_phrase(at)]
        return View(tokens, gaps) if gaps else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        # As in the paper, the number of marks is uniform between one and a share of the words.
        share = self.params.rate * chance()
        wanted = count_changes(share, view.tokens.n_words, self.params.max_changes, chance)
        chosen = sorted(choose(view.places, wanted, chance))
        return [Edit("insert", at, 0, MARKS[int(chance() * len(MARKS))] + " ") for at in chosen]
