"""Word merging: spaces are lost, lines and protected words are not."""

from augmentors.testing.texts import ENGLISH, made, pairs


def test_only_spaces_go() -> None:
    for parent, new in pairs(made("word_merging", ENGLISH, 30, rate=0.3), ENGLISH):
        assert new.replace(" ", "") == parent.replace(" ", "") and len(new) < len(parent)


def test_lines_numbers_and_protected_words_stay_apart() -> None:
    texts = ["one two\nthree 4 five six"]
    new = made("word_merging", texts, 40, rate=0.5, protected=["six"]).frame["text"]
    assert set(new) == {"onetwo\nthree 4 five six"}
