"""Contractions: both directions, and where a short form may not stand."""

import pytest

from augmentors.catalog import get
from augmentors.testing.texts import TARGET, changed, dataset


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
    assert changed("contractions", text, language="english") == expected


def test_a_pronoun_at_the_end_is_not_contracted() -> None:
    assert get("contractions")().why_not(dataset(["We know who they are."]), TARGET)


def test_directions() -> None:
    text = "They don't know that it is late."
    assert changed("contractions", text, direction="expand") == "They do not know that it is late."
    assert changed("contractions", text, direction="contract") == "They don't know that it's late."
