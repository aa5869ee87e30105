"""Random insertion: what is put in, and where not."""

import json

from augmentors.testing.texts import ENGLISH, GERMAN, made, pairs
from augmentors.text.places import Replaceable
from augmentors.text.tokens import tokenise


def test_golden_texts() -> None:
    new = [text for _, text in pairs(made("random_insertion", ENGLISH, 3), ENGLISH)]
    assert new[:2] == [
        "The quick delivery speedy arrived two days early, and the small box was in perfect shape.",
        "I would happily buy this automobile desires again! My sister wants an costly expensive one as well.",
    ]


def test_only_synonyms_of_the_text_are_inserted() -> None:
    samples = made("random_insertion", ENGLISH, 40)
    for (parent, new), drawn in zip(pairs(samples, ENGLISH), samples.certificate["drawn"], strict=True):
        words = Replaceable(tokenise(parent), 3, False)
        offered = {word.lower() for place in words.find(words.at) for word in place.words}
        inserted = [edit["to"] for edit in json.loads(drawn)["edits"]]
        assert {word.strip().lower() for word in inserted} <= offered
        assert len(new) == len(parent) + sum(map(len, inserted))


def test_nothing_is_put_inside_a_protected_phrase() -> None:
    samples = made("random_insertion", [ENGLISH[0]], 60, rate=0.5, protected=["two days early, and the small"])
    assert all("two days early, and the small" in text for text in samples.frame["text"])


def test_repeating_own_words_works_in_any_language() -> None:
    for parent, new in pairs(made("random_insertion", GERMAN, 20, source="repeat"), GERMAN):
        assert {w.strip(".!,").lower() for w in new.split()} == {w.strip(".!,").lower() for w in parent.split()}
