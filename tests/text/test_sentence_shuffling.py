"""Sentence shuffling: the same sentences, none lost, the white space in place."""

import json

import pytest

from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import ENGLISH, made, pairs
from augmentors.text.sentences import sentences
from augmentors.text.tokens import tokenise

TEXTS = ("Dear all,\nfirst point. Second point!  Third point? Mr. Fourth came.\n\nBye", *ENGLISH[1:])


def cut(text: str) -> list[str]:
    tokens = tokenise(text)
    return ["".join(tokens.texts[a:b]) for a, b in sentences(tokens)]


def test_golden_text() -> None:
    texts = ["One is here. Two is there. Three left."]
    assert set(made("sentence_shuffling", texts, 30, rate=1.0).frame["text"]) == {
        "Two is there. Three left. One is here.",
        "Three left. One is here. Two is there.",
    }


def test_sentences_stay_the_same() -> None:
    for parent, new in pairs(made("sentence_shuffling", TEXTS, 40, rate=1.0), TEXTS):
        assert sorted(parent.split()) == sorted(new.split())
        if "\n" not in parent:
            assert sorted(cut(parent)) == sorted(cut(new)) and cut(parent) != cut(new)
        assert parent.count("\n") == new.count("\n") and len(parent) == len(new)


def test_keep_first_and_max_changes() -> None:
    samples = made("sentence_shuffling", [TEXTS[0]], 30, rate=1.0, keep_first=True, max_changes=3)
    assert all(text.startswith("Dear all,\n") for text in samples.frame["text"])
    assert all(len(json.loads(drawn)["edits"]) == 3 for drawn in samples.certificate["drawn"])


def test_one_sentence_or_equal_ones_are_refused() -> None:
    with pytest.raises(NotApplicable, match="two different sentences"):
        made("sentence_shuffling", ["Only one sentence here.", "Ha. Ha. Ha."])
