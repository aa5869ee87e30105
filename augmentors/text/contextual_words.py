"""Contextual words: a masked language model replaces or inserts words that fit.

Own code: nlpaug's ContextualWordEmbsAug does not run on transformers 5, takes
one text at a time from global random state and rejects protected phrases. The
model is the user's; weights are read from this machine only.
"""

from functools import cached_property
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.dataset import Dataset
from augmentors.text.edits import Edit
from augmentors.text.inflection import like
from augmentors.text.lexicon import lexicon
from augmentors.text.local_models import find_model, hash_of_model
from augmentors.text.masked_model import MaskedModel, masked_model
from augmentors.text.text_augmenter import Chance, SpecialTextParams, TextAugmenter, View, choose, count_changes
from augmentors.text.tokens import SPACE, Tokens

# Characters on either side of a change that the model sees, and longer words than this are none.
AROUND, LONGEST = 200, 40


class ContextualWords(TextAugmenter):
    """Replace words by, or insert, words that a masked language model finds likely there.

    Examples
    --------
    >>> ContextualWords().why_not(__import__("augmentors.testing").testing.toy_text())
    'Contextual words needs a model, and none is named. Name a model or a folder that holds one.'
    """

    card = Card(
        key="contextual_words",
        title="Contextual words",
        kind="text",
        family="language model",
        summary="Replaces or inserts words that a masked language model of yours (BERT …) finds likely.",
        avoid="Avoid where single words decide the class: likely words may turn the meaning round.",
        references=(
            "Kobayashi (2018), Contextual Augmentation, NAACL, doi:10.18653/v1/N18-2072.",
            "Wu et al. (2019), Conditional BERT Contextual Augmentation, ICCS.",
        ),
        needs=frozenset({Need.TORCH}),
    )
    needs_text = "a text with a word that is not protected"
    read_ahead = 200

    class Params(SpecialTextParams):
        model: str = Field(
            "",
            max_length=300,
            title="Model",
            description="Name or folder of a masked language model that is on this machine.",
            json_schema_extra={"trial": "tiny:masked_lm", "probe": "tiny:other_masked_lm"},
        )
        action: Literal["substitute", "insert"] = Field(
            "substitute",
            title="What happens",
            description="Words are replaced, or new ones put in before them.",
        )
        top_k: int = Field(
            10,
            ge=1,
            le=100,
            title="Words to choose from",
            description="How many of the likeliest words are candidates; likelier ones are drawn more often.",
            json_schema_extra={"tune": {"log": True}, "probe": 1},
        )

    params: Params

    @cached_property
    def _model(self) -> MaskedModel:
        return masked_model(self.params.model)

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        find_model(self.params.model, self.card.title)

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        inserts = self.params.action == "insert"
        fits = [
            at
            for at in tokens.changeable
            if len(tokens.texts[at]) <= LONGEST and not (inserts and tokens.inside_phrase(at))
        ]
        return View(tokens, fits) if fits else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        tokens = view.tokens
        wanted = count_changes(self.params.rate, tokens.n_words, self.params.max_changes, chance)
        order = choose(view.places, len(view.places), chance)
        starts = np.cumsum([0, *map(len, tokens.texts)])
        # One look of the model for one text: changes lie within its sight of the first one drawn.
        near = [at for at in order if abs(int(starts[at] - starts[order[0]])) <= AROUND]
        chosen = sorted(near[:wanted])
        inserts = self.params.action == "insert"
        answers = self._model.fill(_masked(tokens, chosen, inserts, self._model.mask), self.params.top_k * 4)
        edits = []
        for at, words in zip(chosen, answers, strict=False):
            word = self._pick(words, tokens.texts[at], inserts, chance)
            if word is None:
                continue
            if inserts:
                follows = tokens.kinds[at - 1] == SPACE if at else True
                edits.append(Edit("insert", at, 0, f"{word} " if follows else f" {word} "))
            else:
                edits.append(Edit("replace", at, 1, like(word, tokens.texts[at])))
        # Where the model knows no other word, the first word stands there twice.
        return edits or [Edit("insert", chosen[0], 0, tokens.texts[chosen[0]] + " ")]

    def _pick(self, words: list[tuple[str, float]], old: str, inserts: bool, chance: Chance) -> str | None:
        """Draw one of the likely words: not the old one, nor its opposite."""
        low = old.lower()
        fits = [(word, p) for word, p in words if inserts or (word.lower() != low and not _opposed(low, word.lower()))]
        fits = fits[: self.params.top_k]
        total = sum(p for _, p in fits)
        place = chance() * total
        for word, p in fits:
            place -= p
            if place < 0:
                return word
        return fits[-1][0] if fits else None

    def _model_hash(self) -> str | None:
        """Return the hash of the model's weights."""
        return hash_of_model(find_model(self.params.model, self.card.title))


def _masked(tokens: Tokens, chosen: list[int], inserts: bool, mask: str) -> str:
    """Return the text around the chosen places, with a mask at each."""
    parts = list(tokens.texts)
    for at in chosen:
        parts[at] = f"{mask} {parts[at]}" if inserts else mask
    before, inside, after = parts[: chosen[0]], parts[chosen[0] : chosen[-1] + 1], parts[chosen[-1] + 1 :]
    return "".join(before)[-AROUND:] + "".join(inside) + "".join(after)[:AROUND]


def _opposed(word: str, other: str) -> bool:
    return lexicon().opposed(word, other)
