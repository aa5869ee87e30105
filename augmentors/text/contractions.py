"""Contractions: "do not" becomes "don't" and the other way round (own code: nlpaug has none)."""

from functools import lru_cache
from typing import Literal

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.text.english_phrases import EnglishPhraseAugmenter, EnglishPhraseParams
from augmentors.text.phrase_swaps import PhraseTable
from augmentors.text.text_augmenter import View
from augmentors.text.tokens import SPACE, WORD, Tokens

_VERBS = ("is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "could", "should", "would")
# Verb and its contraction with "not". 's and 'd are left out where they have two meanings ("is" or "has").
_NOT = {
    **{verb: f"{verb}n't" for verb in _VERBS},
    "can": "can't",
    "will": "won't",
}
_PRONOUNS = {
    **{f"{who} are": f"{who}'re" for who in ("we", "you", "they")},
    **{f"{who} will": f"{who}'ll" for who in ("i", "you", "he", "she", "it", "we", "they")},
    **{f"{who} have": f"{who}'ve" for who in ("i", "you", "we", "they")},
    "i am": "i'm",
}
# Contracted only: "it's" may also be "it has", or a slip for "its".
_IS = {f"{who} is": f"{who}'s" for who in ("he", "she", "it", "that", "there", "what", "who", "where")}


class Contractions(EnglishPhraseAugmenter):
    """Write contractions in full, or contract what is written in full.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("contractions", ["We are sure that they don't know."], 1).frame["text"].tolist() in (
    ...     [["We're sure that they don't know."], ["We are sure that they do not know."]]
    ... )
    True
    """

    card = Card(
        key="contractions",
        title="Contractions",
        kind="text",
        family="classical",
        summary='Writes "do not" for "don\'t" and the other way round.',
        avoid="Avoid for texts that are not English; few texts offer many places.",
        references=("Ribeiro et al. (2020), Beyond Accuracy: Behavioral Testing with CheckList, ACL (contractions).",),
    )
    needs_text = "an English text with a contraction, or words that can be contracted, that are not protected"
    resource = "contractions"

    class Params(EnglishPhraseParams):
        direction: Literal["both", "contract", "expand"] = Field(
            "both",
            title="Direction",
            description="Contract full forms, write contractions in full, or both.",
        )

    params: Params

    def _table(self) -> PhraseTable:
        return _table(self.params.direction)

    def _read(self, text: str) -> View | None:
        view = super()._read(text)
        if view is None:
            return None
        places = [found for found in view.places if _goes_on(view.tokens, *found)]
        return View(view.tokens, places) if places else None


def _goes_on(tokens: Tokens, at: int, span: int, others: tuple[str, ...]) -> bool:
    """Tell whether a short form may stand here: "they are" at the end of a sentence stays ("yes, they are.")."""
    if "'" not in others[0] or others[0].endswith("n't"):
        return True
    after = at + span
    return after + 1 < len(tokens) and tokens.kinds[after] == SPACE and tokens.kinds[after + 1] == WORD


@lru_cache(maxsize=3)
def _table(direction: str) -> PhraseTable:
    short = {f"{verb} not": contracted for verb, contracted in _NOT.items()} | _PRONOUNS
    long = {contracted: full for full, contracted in short.items()} | {"can't": "cannot", "cannot": "can't"}
    contract = {full: (contracted,) for full, contracted in {**short, **_IS, "cannot": "can't"}.items()}
    if direction == "contract":
        return PhraseTable(contract)
    expanded = {contracted: (full,) for contracted, full in long.items() if contracted != "cannot"}
    return PhraseTable(expanded if direction == "expand" else {**contract, **expanded})
