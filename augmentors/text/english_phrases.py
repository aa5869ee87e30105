"""What operators share that exchange fixed English words and phrases."""

from pydantic import Field

from augmentors.text.english_augmenter import EnglishAugmenter, EnglishParams
from augmentors.text.phrase_swaps import PhraseAugmenter
from augmentors.text.text_augmenter import View


class EnglishPhraseParams(EnglishParams):
    """Parameters of operators whose places are few, so that a larger share of them changes."""

    rate: float = Field(
        0.5,
        ge=0.01,
        le=1.0,
        title="Share of places changed",
        description="Share of the places of a text where both forms are known that change; at least one always does.",
        json_schema_extra={"tune": {}},
    )


class EnglishPhraseAugmenter(PhraseAugmenter, EnglishAugmenter):
    """Base of the operators that exchange fixed phrases in English texts: subclasses give the table."""

    def _read(self, text: str) -> View | None:
        view = super()._read(text)
        return view if view is not None and self._is_english(view.tokens) else None
