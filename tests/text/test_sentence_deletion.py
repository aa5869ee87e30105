"""Sentence dropping: what goes, what stays."""

from augmentors.testing.texts import made

TEXTS = ["One is here. Two is there! Three is gone?\nFour is left."]


def test_golden_texts() -> None:
    new = set(made("sentence_deletion", TEXTS, 60, rate=0.01).frame["text"])
    assert new == {
        "Two is there! Three is gone?\nFour is left.",
        "One is here. Three is gone?\nFour is left.",
        "One is here. Two is there! Four is left.",
        "One is here. Two is there! Three is gone?\n",
    }


def test_a_sentence_is_left() -> None:
    new = set(made("sentence_deletion", ["One. Two."], 20, rate=0.9).frame["text"])
    assert new == {"Two.", "One. "}


def test_first_and_protected_sentences_stay() -> None:
    for text in made("sentence_deletion", TEXTS, 40, keep_first=True, protected=["two is"]).frame["text"]:
        assert text.startswith("One is here. Two is there!")
