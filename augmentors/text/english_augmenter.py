"""What operators with English resources share: the language check, and words with their synonyms."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.text.lexicon import LEAST_KNOWN, is_english, share_known, words_of
from augmentors.text.places import Replaceable
from augmentors.text.text_augmenter import TextAugmenter, TextParams, View, texts_at
from augmentors.text.tokens import Tokens, tokenise

# Texts of a class that are looked at to tell its language.
LANGUAGE_SAMPLE = 100


Language = Literal["detect", "english"]


def language_field(**more: Any) -> Any:
    """Return the declaration of how a text's language is told; `more` goes to pydantic's Field."""
    return Field(
        "detect",
        title="Language",
        description=f"Leave texts alone of whose words under {LEAST_KNOWN:.0%} are English, or take all for English.",
        json_schema_extra={"advanced": True},
        **more,
    )


class EnglishParams(TextParams):
    """Parameters of operators whose resources are English."""

    language: Language = language_field()


class SynonymParams(EnglishParams):
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

    params: EnglishParams
    resource: ClassVar[str] = "words"

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        if self.params.language == "detect":
            texts = texts_at(train, train.positions(target)[:LANGUAGE_SAMPLE])
            known = share_known([words_of(tokenise(text)) for text in texts])
            if known < LEAST_KNOWN:
                raise NotApplicable(
                    f"{self.card.title} has {self.resource} for English only; of the words of class '{target}', "
                    f"{known:.0%} are English (at least {LEAST_KNOWN:.0%} are needed).",
                    "Use an operator that works in any language (random swap, random deletion, keyboard typos), or set "
                    "'language' to 'english' if these texts are.",
                )
        super()._applies_to_target(train, target)

    def _is_english(self, tokens: Tokens) -> bool:
        return self.params.language == "english" or is_english(tokens)


class SynonymAugmenter(EnglishAugmenter):
    """Base of the operators that take synonyms of a text's words."""

    params: SynonymParams
    needs_text = "an English text with a word that has synonyms and is not protected"
    resource = "synonyms"

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        words = Replaceable(tokens, self.params.max_candidates, self.params.phrases)
        return View(tokens, words) if words.at and self._is_english(tokens) and words.any() else None
