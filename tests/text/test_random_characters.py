"""Random characters: each action, letters of the same script."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.testing.texts import ARABIC, ENGLISH, made
from augmentors.text.random_characters import ACTIONS, disturb

WORDS = st.text("abcé", min_size=2, max_size=8).filter(lambda word: len(set(word)) > 1)


@given(WORDS, st.integers(0, 3), st.floats(0, 0.999))
def test_a_word_always_changes(word: str, action: int, number: float) -> None:
    new = disturb(word, ACTIONS[action], ["a", "b", "c"], lambda: number)
    assert new != word or action == 0  # an inserted letter may double one, which is a change too
    assert abs(len(new) - len(word)) <= 1


@pytest.mark.parametrize("action, grows", [("insert", 1), ("substitute", 0), ("swap", 0), ("delete", -1)])
def test_actions(action: str, grows: int) -> None:
    for drawn in made("random_characters", ENGLISH, 20, action=action).certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            assert len(edit["to"]) - len(edit["from"]) == grows
            if action == "swap":
                assert sorted(edit["to"]) == sorted(edit["from"])


def test_new_letters_are_of_the_same_script() -> None:
    for text in made("random_characters", ARABIC, 30, action="substitute").frame["text"]:
        assert not any(c.isascii() and c.isalpha() for c in text)


def test_short_words_are_left_alone() -> None:
    for drawn in made("random_characters", ENGLISH, 20, min_length=6).certificate["drawn"]:
        assert all(len(edit["from"]) >= 6 for edit in json.loads(drawn)["edits"])
