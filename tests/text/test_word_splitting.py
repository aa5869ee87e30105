"""Word splitting and merging: white space only."""

from augmentors.testing.texts import ARABIC, ENGLISH, made, pairs


def test_only_spaces_come_in() -> None:
    found = [*pairs(made("word_splitting", ENGLISH, 30), ENGLISH), *pairs(made("word_splitting", ARABIC, 9), ARABIC)]
    for parent, new in found:
        assert new.replace(" ", "") == parent.replace(" ", "") and len(new) > len(parent) and "  " not in new


def test_golden_splits() -> None:
    assert set(made("word_splitting", ["a lamp"], 40).frame["text"]) == {"a l amp", "a la mp", "a lam p"}


def test_marks_of_a_letter_stay_with_it() -> None:
    texts = ["नमस्ते दुनिया"]
    for text in made("word_splitting", texts, 40, min_length=2).frame["text"]:
        for word in text.split():
            assert not "\u0900" <= word[0] <= "\u0903" and word[0] not in "ािीुूृेैोौ्"
