"""Fixed phrases: how they are found, and in which letter case they are written."""

from augmentors.text.phrase_swaps import PhraseTable, in_case_of
from augmentors.text.tokens import tokenise


def test_longest_phrase_first_and_only_whole_words() -> None:
    table = PhraseTable({"new york": ["NY"], "new york city": ["NYC"], "e.g.": ["for example"]})
    assert table.find(tokenise("New York City, renew york, e.g.x")) == [(0, 5, ("NYC",))]
    assert table.find(tokenise("new york city", protected=("city",))) == [(0, 3, ("NY",))]
    assert table.find(tokenise("new\nyork")) == []


def test_letter_case() -> None:
    assert in_case_of("do not", ["DON'T"]) == "DO NOT" and in_case_of("by the way", ["BTW"]) == "by the way"
    assert in_case_of("truck", ["Lorry"]) == "Truck"
