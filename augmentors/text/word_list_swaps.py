"""Word list swaps: the user's own groups of words that may stand for each other.

Own code: nlpaug's ReservedAug rebuilds the white space and cannot say what it changed.
"""

from functools import cached_property

from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.text.phrase_swaps import PhraseAugmenter, PhraseTable, groups_as_swaps
from augmentors.text.text_augmenter import Phrase, SpecialTextParams


class WordListSwaps(PhraseAugmenter):
    """Exchange words and phrases within groups that the user lists.

    Examples
    --------
    >>> from augmentors.testing.texts import made
    >>> made("word_list_swaps", ["The lorry is late."], 1, groups=["lorry = truck"]).frame["text"].tolist()
    ['The truck is late.']
    """

    card = Card(
        key="word_list_swaps",
        title="Word list swaps",
        kind="text",
        family="classical",
        summary="Exchanges words and phrases within groups that you list, in any language.",
        avoid="Avoid groups whose members are not alike for the question at hand.",
        references=("Ma (2019), NLP Augmentation, github.com/makcedward/nlpaug (ReservedAug).",),
    )
    needs_text = "a text with a word or phrase of your groups that is not protected"

    class Params(SpecialTextParams):
        rate: float = Field(
            0.5,
            ge=0.01,
            le=1.0,
            title="Share of places changed",
            description="Share of the listed words in a text that change; at least one always does.",
            json_schema_extra={"tune": {}},
        )
        groups: tuple[Phrase, ...] = Field(
            (),
            max_length=1000,
            title="Groups",
            description="Groups of words or phrases that may stand for each other, such as 'lorry = truck'.",
            json_schema_extra={
                "trial": ["the = that", "matter = count = weigh", "1234 = 4321"],
                "probe": ["the = this"],
            },
        )

    params: Params

    @cached_property
    def _swaps(self) -> PhraseTable:
        groups = [[word.strip() for word in group.split("=") if word.strip()] for group in self.params.groups]
        return PhraseTable(groups_as_swaps(groups))

    def _table(self) -> PhraseTable:
        return self._swaps

    def _applies_to_data(self, train: Dataset) -> None:
        super()._applies_to_data(train)
        if not any(group.count("=") for group in self.params.groups):
            raise NotApplicable(
                "Word list swaps needs at least one group of words; none is listed.",
                "List groups such as 'lorry = truck' in the 'groups' parameter.",
            )
