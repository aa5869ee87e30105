"""Text continuation: a causal language model writes a sentence on.

Own code: nlpaug's ContextualWordEmbsForSentenceAug knows two families of
models by their names, draws from torch's global random state and writes
special pieces into texts. The model is the user's; weights are read from this
machine only.
"""

from functools import cached_property

from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.text.causal_model import CausalModel, causal_model
from augmentors.text.edits import Edit, apply_edits
from augmentors.text.local_models import find_model, hash_of_model
from augmentors.text.text_augmenter import Chance, TextAugmenter, View
from augmentors.text.tokens import WORD, tokenise


class TextContinuation(TextAugmenter):
    """Put after a text what a causal language model writes on: up to the end of a sentence.

    Nothing of the text itself is changed.

    Examples
    --------
    >>> TextContinuation().why_not(__import__("augmentors.testing").testing.toy_text())
    'Text continuation needs a model, and none is named. Name a model or a folder that holds one.'
    """

    card = Card(
        key="text_continuation",
        title="Text continuation",
        kind="text",
        family="language model",
        summary="Lets a causal language model of yours (GPT-2 …) write another sentence after a text.",
        avoid="Avoid where a made-up sentence could change the class: look at what the classifier says to it.",
        references=(
            "Kumar, Choudhary & Cho (2020), Data Augmentation using Pre-trained Transformer Models, arXiv:2003.02245.",
        ),
        needs=frozenset({Need.TORCH}),
        aliases=("ContextualWordEmbsForSentenceAug", "GPT-2"),
    )
    needs_text = "a text with a word"

    class Params(BaseParams):
        model: str = Field(
            "",
            max_length=300,
            title="Model",
            description="Name or folder of a causal language model that is on this machine.",
            json_schema_extra={"trial": "tiny:causal_lm", "probe": "tiny:other_causal_lm"},
        )
        most_pieces: int = Field(
            30,
            ge=1,
            le=200,
            title="Longest addition",
            description="Pieces of words written at most, where no sentence ends before.",
            json_schema_extra={"trial": 6, "probe": 2},
        )
        top_k: int = Field(
            20,
            ge=1,
            le=200,
            title="Pieces to choose from",
            description="How many of the likeliest pieces are candidates; likelier ones are drawn more often.",
            json_schema_extra={"tune": {"log": True}, "probe": 1},
        )

    params: Params  # type: ignore[assignment]  # nothing of a text is edited, so nothing needs protection

    @cached_property
    def _model(self) -> CausalModel:
        return causal_model(self.params.model)

    def _applies_to_data(self, train: Dataset) -> None:
        find_model(self.params.model, self.card.title)

    def _read(self, text: str) -> View | None:
        tokens = tokenise(text)
        return View(tokens) if WORD in tokens.kinds else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        text = apply_edits(view.tokens.texts, [])
        more = self._model.go_on(text, self.params.most_pieces, self.params.top_k, chance)
        return [Edit("insert", len(view.tokens), 0, more if text[-1].isspace() else f" {more}")]

    def _model_hash(self) -> str | None:
        return hash_of_model(find_model(self.params.model, self.card.title))
