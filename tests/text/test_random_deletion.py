"""Random deletion: white space, what stays, and how much goes."""

import json

from augmentors.testing.texts import ENGLISH, made, pairs


def test_golden_texts() -> None:
    new = [text for _, text in pairs(made("random_deletion", ENGLISH, 3), ENGLISH)]
    assert new[:2] == [
        "The quick delivery two days early, and the small box was in perfect shape.",
        "I would happily buy this automobile! My sister wants an one as well.",
    ]


def test_no_double_space_and_no_lost_line() -> None:
    texts = ["one two three.\nfour five\r\nsix (seven) eight"]
    for text in made("random_deletion", texts, 60, rate=0.5).frame["text"]:
        assert "  " not in text and text.count("\n") == 2 and text.count("\r\n") == 1 and "." in text


def test_a_word_is_left() -> None:
    assert set(made("random_deletion", ["one two"], 20, rate=0.5).frame["text"]) == {"one", "two"}


def test_numbers_stay_unless_asked() -> None:
    texts = ["call 555 on 12/05 or a@b.org today please"]
    kept = made("random_deletion", texts, 40, rate=0.5).frame["text"]
    assert all("555" in text and "12/05" in text and "a@b.org" in text for text in kept)
    assert not all("555" in text for text in made("random_deletion", texts, 40, keep_special=False).frame["text"])


def test_rate_is_the_share_of_words() -> None:
    texts = [" ".join(f"word{chr(97 + i % 26)}" for i in range(100))]
    drawn = made("random_deletion", texts, 50, rate=0.1, max_changes=200).certificate["drawn"]
    assert {len(json.loads(d)["edits"]) for d in drawn} == {10}
