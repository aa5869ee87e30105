"""What operators that need English synonyms share: the language check and the places with their synonyms."""

from itertools import islice

from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.text.lexicon import LEAST_KNOWN, places, share_known, words_of
from augmentors.text.text_augmenter import TextAugmenter, TextParams, View, texts_at
from augmentors.text.tokens import tokenise

# Texts of a class that are looked at to tell its language.
LANGUAGE_SAMPLE = 100


class SynonymParams(TextParams):
    """Parameters of operators that take synonyms from WordNet."""

    max_candidates: int = Field(
        3,
        ge=1,
        le=12,
        title="Synonyms to choose from",
        description="How many synonyms of a word are candidates, the most usual first; more means rarer words.",
        json_schema_extra={"tune": {}},
    )
    phrases: bool = Field(
        False,
        title="Allow phrases",
        description="Also take synonyms of several words, such as 'call up'.",
        json_schema_extra={"advanced": True},
    )


class EnglishAugmenter(TextAugmenter):
    """Base of the operators that work on English texts only."""

    params: SynonymParams
    needs_text = "an English text with a word that has synonyms and is not protected"

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        texts = islice(texts_at(train, train.positions(target)), LANGUAGE_SAMPLE)
        known = share_known([words_of(tokenise(text)) for text in texts])
        if known < LEAST_KNOWN:
            raise NotApplicable(
                f"{self.card.title} has synonyms for English only; of the words of class '{target}', "
                f"{known:.0%} are English (at least {LEAST_KNOWN:.0%} are needed).",
                "Use an operator that works in any language: random swap, random deletion or keyboard typos.",
            )
        super()._applies_to_target(train, target)

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        if not tokens.changeable or share_known([words_of(tokens)]) < LEAST_KNOWN:
            return None
        found = places(tokens, self.params.max_candidates, self.params.phrases)
        return View(tokens, found) if found else None
