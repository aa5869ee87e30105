"""Sentence shuffling: sentences of a text trade places (own code: nlpaug's joins what it cannot split)."""

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.edits import Edit
from augmentors.text.sentences import sentences
from augmentors.text.text_augmenter import Chance, TextAugmenter, TextParams, View, choose, count_changes


class SentenceShuffling(TextAugmenter):
    """Move random sentences to each other's places; the white space between them stays.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SentenceShuffling().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="sentence_shuffling",
        title="Sentence shuffling",
        kind="text",
        family="classical",
        summary="Lets random sentences of a text trade places.",
        avoid="Avoid for single sentences, for dialogues and wherever order carries the meaning.",
        references=("Yan et al. (2019), Data Augmentation for Deep Learning of Judgment Documents, IScIDE.",),
        aliases=("sentence permutation",),
    )
    needs_text = "a text with at least two different sentences that hold no protected phrase"

    class Params(TextParams):
        rate: float = Field(
            0.5,
            ge=0.05,
            le=1.0,
            title="Share of sentences moved",
            description="Share of the sentences of a text that move; at least two always do.",
            json_schema_extra={"tune": {}},
        )
        max_changes: int = Field(
            20,
            ge=2,
            le=200,
            title="Most sentences moved per text",
            description="Upper limit of moved sentences in one text, however long it is.",
            json_schema_extra={"advanced": True, "probe": 2},
        )
        keep_first: bool = Field(
            False,
            title="Keep the first sentence",
            description="Leave the first sentence (a title or greeting) where it is.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _read(self, text: str) -> View | None:
        tokens = self._tokens(text)
        found = sentences(tokens)
        # Equal sentences trade places without a change: one of each is enough.
        movable: dict[str, tuple[int, int]] = {}
        for start, end in found[1:] if self.params.keep_first else found:
            if not any(at in tokens.protected for at in range(start, end)):
                movable.setdefault("".join(tokens.texts[start:end]), (start, end))
        return View(tokens, [(*span, text) for text, span in movable.items()]) if len(movable) > 1 else None

    def _edits(self, view: View, chance: Chance) -> list[Edit]:
        wanted = max(2, count_changes(self.params.rate, len(view.places), self.params.max_changes, chance))
        chosen: list[tuple[int, int, str]] = choose(view.places, wanted, chance)
        # In a ring each takes the next one's place, so none stays where it was.
        ring = zip(chosen, [*chosen[1:], chosen[0]], strict=True)
        return sorted(Edit("move", start, end - start, text) for (start, end, _), (_, _, text) in ring)
