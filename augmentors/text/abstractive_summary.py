"""Abstractive summaries: a sequence-to-sequence model says a text in fewer words.

Own code: nlpaug's AbstSummAug knows two models by their names, batches texts
and keeps nothing that is protected. The model is the user's; weights are read
from this machine only.
"""

from difflib import SequenceMatcher
from functools import cached_property

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.text.back_translated import NEARLY
from augmentors.text.edits import Edit
from augmentors.text.entities import ENTITIES
from augmentors.text.local_models import find_model, hash_of_model
from augmentors.text.model_summary import Summariser, summariser
from augmentors.text.text_augmenter import PROTECTED, Chance, Phrase, TextAugmenter, View
from augmentors.text.tokens import WORD, Tokens, split


class AbstractiveSummary(TextAugmenter):
    """Replace a text by a summary that a model writes; what is protected must stand in it word for word.

    Texts whose summary is no shorter, nearly the text itself, or without something protected are no parents.

    Examples
    --------
    >>> AbstractiveSummary().why_not(__import__("augmentors.testing").testing.toy_text())
    'Abstractive summary needs a model, and none is named. Name a model or a folder that holds one.'
    """

    card = Card(
        key="abstractive_summary",
        title="Abstractive summary",
        kind="text",
        family="language model",
        summary="Replaces a text by a summary that a model of yours (T5, BART …) writes.",
        avoid="Avoid for short texts, and where a detail decides the class: summaries leave details out, numbers too.",
        references=(
            "Raffel et al. (2020), Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, "
            "JMLR 21.",
        ),
        needs=frozenset({Need.TORCH}),
        aliases=("AbstSummAug", "summarization", "T5"),
    )
    needs_text = "a text whose summary is shorter, new and keeps all that is protected"
    read_ahead = 50

    class Params(BaseParams):
        model: str = Field(
            "",
            max_length=300,
            title="Model",
            description="Name or folder of a model for summaries that is on this machine.",
            json_schema_extra={"trial": "tiny:translation", "probe": "tiny:other_translation"},
        )
        longest: float = Field(
            0.5,
            ge=0.1,
            le=1.0,
            title="Longest summary",
            description="How long a summary may be, as a share of its text.",
            json_schema_extra={"tune": {"low": 0.2, "high": 0.8}, "probe": 0.1},
        )
        variants: int = Field(
            1,
            ge=1,
            le=4,
            title="Variants",
            description="Summaries that the model offers per text, of which one is drawn.",
        )
        protected: tuple[Phrase, ...] = PROTECTED
        entities: str = ENTITIES

    params: Params  # type: ignore[assignment]  # a text changes as a whole, so there is no share of words

    @cached_property
    def _model(self) -> Summariser:
        return summariser(self.params.model, self.params.variants)

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        find_model(self.params.model, self.card.title)

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        if WORD not in tokens.kinds:
            return None
        kept = protected_parts(tokens)
        ways = [way for way in self._model.summaries(text, self.params.longest) if is_summary(text, way, kept)]
        return View(tokens, ways) if ways else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        return [Edit("replace", 0, len(view.tokens), view.places[int(chance() * len(view.places))])]

    def _model_hash(self) -> str | None:
        return hash_of_model(find_model(self.params.model, self.card.title))


def protected_parts(tokens: Tokens) -> list[str]:
    """Return what is protected in a text, neighbouring tokens together.

    Examples
    --------
    >>> from augmentors.text.tokens import tokenise
    >>> protected_parts(tokenise("New York, I love New York", ("new york",)))
    ['New York', 'New York']
    """
    parts: list[str] = []
    for at in sorted(tokens.protected):
        if parts and at - 1 in tokens.protected:
            parts[-1] += tokens.texts[at]
        else:
            parts.append(tokens.texts[at])
    return parts


def is_summary(text: str, summary: str, kept: list[str]) -> bool:
    """Tell whether a summary is shorter than its text, says something else, and holds the parts to be kept.

    Examples
    --------
    >>> is_summary("The box from Oslo came late.", "Box came late.", []), is_summary("From Oslo", "From", ["Oslo"])
    (True, False)
    """
    old, new = (split(one.lower())[0] for one in (text, summary))
    if WORD not in split(summary)[1] or len(summary) >= len(text.strip()):
        return False
    return all(part in summary for part in kept) and SequenceMatcher(None, old, new, autojunk=False).ratio() <= NEARLY
