"""Inflection by rule: forms to bases and back, letter case, articles."""

import pytest

from augmentors.text.inflection import add_s, bases, inflect, like, takes_an


@pytest.mark.parametrize(
    "base, tag, forms, expected",
    [
        ("lamp", "NN", (), "lamp"),
        ("lamp", "NNS", (), "lamps"),
        ("child", "NNS", ("children",), "children"),
        ("try", "VBZ", (), "tries"),
        ("play", "VBD", (), "played"),
        ("try", "VBD", (), "tried"),
        ("stop", "VBG", (), "stopping"),
        ("make", "VBG", (), "making"),
        ("see", "VBG", (), "seeing"),
        ("lie", "VBG", (), "lying"),
        ("fix", "VBN", (), "fixed"),
        ("purchase", "VBN", (), "purchased"),
        ("take", "VBD", ("taken", "took"), "took"),
        ("take", "VBN", ("taken", "took"), "taken"),
        ("sing", "VBN", ("sang", "sung"), "sung"),
        ("come", "VBD", ("came",), "came"),
        ("come", "VBN", ("came",), "come"),
        ("keep", "VBN", ("kept",), "kept"),
        ("big", "JJR", (), "bigger"),
        ("happy", "JJS", (), "happiest"),
        ("nice", "JJR", (), "nicer"),
        ("good", "JJR", ("better", "best"), "better"),
        ("beautiful", "JJR", (), "more beautiful"),
        ("expensive", "JJS", (), "most expensive"),
        ("strive", "VBD", ("strove", "shrove"), None),
    ],
)
def test_inflect(base: str, tag: str, forms: tuple[str, ...], expected: str | None) -> None:
    assert inflect(base, tag, forms) == expected


@pytest.mark.parametrize(
    "word, tag, base",
    [
        ("cities", "NNS", "city"),
        ("boxes", "NNS", "box"),
        ("houses", "NNS", "house"),
        ("lamps", "NNS", "lamp"),
        ("tries", "VBZ", "try"),
        ("stopped", "VBD", "stop"),
        ("tried", "VBD", "try"),
        ("making", "VBG", "make"),
        ("playing", "VBG", "play"),
        ("bigger", "JJR", "big"),
        ("happiest", "JJS", "happy"),
    ],
)
def test_bases(word: str, tag: str, base: str) -> None:
    assert base in bases(word, tag, {})


def test_irregular_bases_come_from_the_table() -> None:
    assert bases("went", "VBD", {"went": ["go"]}) == ["go"]
    assert bases("glass", "NNS", {}) == [] and bases("is", "VBZ", {}) == []


def test_letter_case_and_articles() -> None:
    assert [like("iron", pattern) for pattern in ("Lamp", "LAMP", "lamp", "A")] == [
        "Iron",
        "IRON",
        "iron",
        "Iron",
    ]
    assert [takes_an(word) for word in ("apple", "hour", "union", "one", "Unusual", "lamp")] == [
        True, True, False, False, True, False,
    ]  # fmt: skip
    assert [add_s(word) for word in ("hero", "radio", "church")] == ["heroes", "radios", "churches"]
