"""Contractions, abbreviations and the user's own lists: what is found, and in which letter case it is written."""

import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import TARGET, dataset, made
from augmentors.text.phrase_swaps import PhraseTable, in_case_of
from augmentors.text.tokens import tokenise


def one(key: str, text: str, **params: object) -> str:
    return str(made(key, [text], 1, **{"rate": 1.0, "max_changes": 200, **params}).frame["text"].iloc[0])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Do not go, I am sure they will come.", "Don't go, I'm sure they'll come."),
        ("I don’t know and can't tell.", "I do not know and cannot tell."),
        ("It is late. They are here.", "It's late. They're here."),
        ("DON'T shout, we won't.", "DO NOT shout, we will not."),
    ],
)
def test_contractions(text: str, expected: str) -> None:
    assert one("contractions", text, language="english") == expected


def test_a_pronoun_at_the_end_is_not_contracted() -> None:
    assert get("contractions")().why_not(dataset(["We know who they are."]), TARGET)


def test_directions() -> None:
    text = "They don't know that it is late."
    assert one("contractions", text, direction="expand") == "They do not know that it is late."
    assert one("contractions", text, direction="contract") == "They don't know that it's late."


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Please send the info asap, thanks.", "Pls send the information as soon as possible, thx."),
        ("We sell lamps, for example, and more.", "We sell lamps, e.g., and more."),
        ("The UK and frequently asked questions.", "The UK and FAQ."),
    ],
)
def test_abbreviations(text: str, expected: str) -> None:
    assert one("abbreviations", text, language="english") == expected


def test_word_lists_in_any_language_and_case() -> None:
    groups = ["lorry = truck", "très bien = parfait"]
    assert one("word_list_swaps", "LORRY and Lorry", groups=groups) == "TRUCK and Truck"
    assert one("word_list_swaps", "C'est très  bien.", groups=groups) == "C'est parfait."


def test_word_lists_need_a_group() -> None:
    with pytest.raises(NotApplicable, match="at least one group of words; none is listed"):
        get("word_list_swaps")(groups=["alone"]).fit(dataset(["alone"]), None)  # type: ignore[arg-type]


def test_longest_phrase_first_and_only_whole_words() -> None:
    table = PhraseTable({"new york": ["NY"], "new york city": ["NYC"], "e.g.": ["for example"]})
    assert table.find(tokenise("New York City, renew york, e.g.x")) == [(0, 5, ("NYC",))]
    assert table.find(tokenise("new york city", protected=("city",))) == [(0, 3, ("NY",))]
    assert table.find(tokenise("new\nyork")) == []


def test_letter_case() -> None:
    assert in_case_of("do not", ["DON'T"]) == "DO NOT" and in_case_of("by the way", ["BTW"]) == "by the way"
    assert in_case_of("truck", ["Lorry"]) == "Truck"
