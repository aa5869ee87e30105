"""Negated antonyms: where they may stand."""

import pytest

from augmentors.catalog import get
from augmentors.testing.texts import TARGET, dataset, made


@pytest.mark.parametrize(
    "text, expected",
    [
        ("The room was dirty.", "The room was not clean."),
        ("The room was not clean and cold.", "The room was dirty and cold."),
        ("It is possible that he comes.", "It is not impossible that he comes."),
    ],
)
def test_meaning_stays(text: str, expected: str) -> None:
    assert expected in set(made("negated_antonyms", [text], 20).frame["text"])


@pytest.mark.parametrize("text", ["A dirty room.", "It is a dirty one.", "It was dirty water.", "It isn't dirty."])
def test_other_places_are_left_alone(text: str) -> None:
    assert get("negated_antonyms")().why_not(dataset([text]), TARGET)


def test_a_protected_adjective_stays() -> None:
    assert get("negated_antonyms")(protected=["dirty"]).why_not(dataset(["The room was dirty."]), TARGET)
