"""Negated antonyms: where they may stand."""

import pytest

from augmentors.catalog import get
from augmentors.testing.texts import TARGET, dataset, made


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The room was dirty.", "The room was not clean."),
        ("The room was not clean and cold.", "The room was dirty and cold."),
        ("The room was dirty again.", "The room was not clean again."),
        ("The room was still dirty.", "The room was still not clean."),
        ("The room was dirty when we came.", "The room was not clean when we came."),
        ("It is possible that he comes.", "It is not impossible that he comes."),
    ],
)
def test_meaning_stays(text: str, expected: str) -> None:
    assert expected in set(made("negated_antonyms", [text], 20).frame["text"])


@pytest.mark.parametrize(
    "text",
    [
        "A dirty room.",
        "It is a dirty one.",
        "It was dirty water.",
        "It isn't dirty.",
        "It was very dirty.",
        "They were dirty and old rooms.",
        "It is clean enough.",
        "He is to clean.",
        "What I saw was clean-up.",
    ],
)
def test_other_places_are_left_alone(text: str) -> None:
    assert get("negated_antonyms")().why_not(dataset([text]), TARGET)


def test_a_protected_adjective_stays() -> None:
    assert get("negated_antonyms")(protected=["dirty"]).why_not(dataset(["The room was dirty."]), TARGET)
