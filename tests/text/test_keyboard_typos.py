"""Keyboard typos: slips on eleven layouts, one per word."""

import json
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import CHINESE, ENGLISH, made, pairs
from augmentors.text.keyboard_typos import LAYOUTS, free_letters, mistype, neighbours


def test_golden_texts() -> None:
    new = [text for _, text in pairs(made("keyboard_typos", ENGLISH, 3), ENGLISH)]
    assert new[:2] == [
        "The quick delivery qrrived two days early, and the small box was in perfect shape.",
        "I would happily buy this auotmobile again! My sister wants an xpensive one as well.",
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tables_hold_small_letters_only(layout: str) -> None:
    keys = neighbours(layout)
    assert len(keys) > 20
    for key, around in keys.items():
        assert around and key not in around and all(c.isalpha() and c == c.lower() for c in key + around)


@given(st.text(st.sampled_from("abzÉéßñдנкนि\u0301'-7"), min_size=1), st.integers(0, 999), st.booleans())
def test_a_slip_always_changes_the_word_and_keeps_marks(word: str, seed: int, mixed: bool) -> None:
    keys = neighbours("en")
    letters = free_letters(word)
    if not letters or not (mixed or any(word[i].lower() in keys for i in letters)):
        return
    rng = np.random.default_rng(seed)
    new = mistype(word, keys, mixed, lambda: float(rng.random()))
    assert new != word and abs(len(new) - len(word)) <= 1
    marks = [c for c in word if unicodedata.category(c).startswith("M")]
    assert [c for c in new if unicodedata.category(c).startswith("M")] == marks


def test_neighbours_only_replace_single_letters() -> None:
    for drawn in made("keyboard_typos", ENGLISH, 40, slips="neighbour").certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            wrong = [(a.lower(), b.lower()) for a, b in zip(edit["from"], edit["to"], strict=True) if a != b]
            assert len(wrong) == 1 and wrong[0][1] in neighbours("en")[wrong[0][0]]


def test_a_layout_must_fit_the_script() -> None:
    russian = ["Служба поддержки ответила быстро."]
    with pytest.raises(NotApplicable, match="mistyped on this layout"):
        made("keyboard_typos", russian, slips="neighbour")
    assert all(
        new != russian[0] for new in made("keyboard_typos", russian, slips="neighbour", layout="uk").frame["text"]
    )
    with pytest.raises(NotApplicable, match="long enough word"):
        made("keyboard_typos", CHINESE)


def test_short_words_are_left_alone() -> None:
    texts = ["an ox is at it elephantine"]
    assert all(t.startswith("an ox is at it ") for t in made("keyboard_typos", texts, 20).frame["text"])
