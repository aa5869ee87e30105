"""AEDA: marks come in, words stay, and the gate lets them pass."""

import json

from augmentors.catalog import get
from augmentors.gate.near_copies import plain
from augmentors.testing.texts import ENGLISH, made, pairs
from augmentors.text.aeda import MARKS


def test_words_and_their_order_stay() -> None:
    for parent, new in pairs(made("aeda", ENGLISH, 30), ENGLISH):
        assert plain(new) == plain(parent) and len(new) > len(parent)


def test_marks_are_between_one_and_a_third_of_the_words() -> None:
    texts = [" ".join(["word"] * 40)]
    drawn = made("aeda", texts, 200, max_changes=200).certificate["drawn"]
    counts = [len(json.loads(d)["edits"]) for d in drawn]
    assert min(counts) == 1 and 10 <= max(counts) <= 13
    assert {edit["to"] for d in drawn for edit in json.loads(d)["edits"]} == {f"{mark} " for mark in MARKS}


def test_the_copy_check_lets_them_pass() -> None:
    assert get("aeda").card.copies_allowed and not get("random_swap").card.copies_allowed
