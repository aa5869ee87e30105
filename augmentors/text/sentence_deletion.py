"""Sentence deletion: some sentences of a text are left out (own code: nlpaug has none)."""

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.sentences import sentences
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, choose, count_changes
from augmentors.text.tokens import SPACE


class SentenceDeletion(TextAugmenter):
    """Leave out random sentences, each with the white space after it; one sentence is always left.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SentenceDeletion().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="sentence_deletion",
        title="Sentence dropping",
        kind="text",
        family="classical",
        summary="Leaves out some random sentences of a text.",
        avoid="Avoid where one sentence decides the class, such as the verdict at the end of a review.",
        references=(
            "Bayer et al. (2022), A Survey on Data Augmentation for Text Classification, ACM Computing Surveys 55.",
        ),
    )
    needs_text = "a text with at least two sentences, one of them without a protected phrase"

    class Params(TextParams):
        rate: float = Field(
            0.2,
            ge=0.01,
            le=0.9,
            title="Share of sentences left out",
            description="Share of the sentences of a text that are left out; at least one always is.",
            json_schema_extra={"tune": {}},
        )
        max_changes: int = Field(
            20,
            ge=1,
            le=200,
            title="Most sentences left out per text",
            description="Upper limit of sentences left out of one text, however long it is.",
            json_schema_extra={"advanced": True, "probe": 1},
        )
        keep_first: bool = Field(
            False,
            title="Keep the first sentence",
            description="Never leave out the first sentence (a title or greeting).",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        found = sentences(tokens)
        if len(found) < 2:
            return None
        free = [
            (start, end)
            for start, end in (found[1:] if self.params.keep_first else found)
            if not any(at in tokens.protected for at in range(start, end))
        ]
        return View(tokens, (free, len(found))) if free else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        free, total = view.places
        tokens = view.tokens
        most = min(self.params.max_changes, total - 1)
        chosen = sorted(choose(free, count_changes(self.params.rate, total, most, chance), chance))
        edits = []
        for start, end in chosen:
            follows = end < len(tokens) and tokens.kinds[end] == SPACE and end not in tokens.protected
            edits.append(Edit("delete", start, end - start + follows, ""))
        return edits
