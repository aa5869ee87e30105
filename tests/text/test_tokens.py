"""The shared tokeniser: reversible for any text, and it knows what must not be touched."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.testing.toys import ODD_TEXTS, SENTENCES
from augmentors.text.tokens import OTHER, SPACE, SPECIAL, WORD, split, tokenise

ALPHABET = st.sampled_from(list("aZé'’-_.,:/@#+ \n\t0９你か한नि🙂❤️👩‍👩‍👧1️⃣\u0301\u200bم"))


@given(st.one_of(st.text(), st.text(ALPHABET)))
def test_tokens_join_to_the_text(text: str) -> None:
    texts, kinds = split(text)
    assert "".join(texts) == text
    assert all(texts)
    assert set(kinds) <= {WORD, SPECIAL, SPACE, OTHER}


@pytest.mark.parametrize("text", [*SENTENCES, *ODD_TEXTS])
def test_tokens_of_the_toys_join_to_the_text(text: str) -> None:
    assert "".join(split(text)[0]) == text


@pytest.mark.parametrize(
    "text, words",
    [
        ("don't over-react, l'été!", ["don't", "over-react", "l'été"]),
        ("Straße für Öl", ["Straße", "für", "Öl"]),
        ("我会再买", ["我", "会", "再", "买"]),
        ("नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("e\u0301clair", ["e\u0301clair"]),
        ("🙂🙃 ok", ["ok"]),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    tokens = tokenise(text)
    assert [tokens.texts[i] for i in tokens.changeable] == words


@pytest.mark.parametrize(
    "special",
    [
        "https://a.org/x?y=1",
        "www.foo.de",
        "foo.com",
        "a.b+c@d-e.co.uk",
        "#topic",
        "@someone",
        "12",
        "-3.5",
        "20%",
        "5th",
        "3kg",
        "12:30",
        "٣٤",
    ],
)
def test_numbers_and_addresses_are_kept_by_default(special: str) -> None:
    text = f"see {special} now"
    tokens = tokenise(text)
    assert tokens.kinds[2] == SPECIAL and tokens.texts[2] == special
    assert [tokens.texts[i] for i in tokens.changeable] == ["see", "now"]
    assert 2 in tokenise(text, keep_special=False).changeable


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧", "❤️", "1️⃣", "🇩🇪", "👍🏽"])
def test_an_emoji_is_one_token(emoji: str) -> None:
    assert split(f"a {emoji}b")[0] == ["a", " ", emoji, "b"]


def test_protected_phrases_cover_white_space_case_and_overlaps() -> None:
    tokens = tokenise("In NEW\n York City we met", protected=("new york", "York city"))
    assert "".join(tokens.texts[i] for i in sorted(tokens.protected)) == "NEW\n York City"
    assert tokens.inside_phrase(3) and not tokens.inside_phrase(2)


def test_a_protected_word_is_a_whole_word() -> None:
    assert not tokenise("the network newt", protected=("net", "new")).protected
    assert tokenise("我会再买一次", protected=("再买",)).protected == {2, 3}
    assert tokenise("C++ is (not) it", protected=("c++", "(not)")).protected == {0, 1, 2, 6, 7, 8}
    assert tokenise("GROSSE STRASSE", protected=("große straße",)).protected == {0, 1, 2}


@pytest.mark.parametrize("unit", ["a.", "a-", "x@", "1.", "#", "http://", "a", "\u0301", "@1", "www.,"])
def test_cutting_takes_linear_time(unit: str) -> None:
    text = unit * (60_000 // len(unit))
    start = time.process_time()
    assert "".join(split(text)[0]) == text
    assert time.process_time() - start < 5  # a quadratic pattern takes minutes
