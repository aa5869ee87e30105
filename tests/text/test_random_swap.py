"""Random swap: the same words in another order, near each other."""

import json

import pytest

from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import ENGLISH, made, pairs
from augmentors.text.tokens import tokenise


def test_golden_texts() -> None:
    new = [text for _, text in pairs(made("random_swap", ENGLISH, 3, max_distance=1), ENGLISH)]
    assert new[0] == "The quick delivery two arrived days early, and the small box was in perfect shape."


def test_words_stay_the_same_and_punctuation_stays_in_place() -> None:
    for parent, new in pairs(made("random_swap", ENGLISH, 60, rate=0.5), ENGLISH):
        before, after = tokenise(parent), tokenise(new)
        assert sorted(before.texts) == sorted(after.texts)
        assert [k for k in before.kinds if k != "word"] == [k for k in after.kinds if k != "word"]


@pytest.mark.parametrize("far", [1, 3])
def test_max_distance(far: int) -> None:
    texts = [" ".join(f"w{chr(97 + i)}" for i in range(26))]
    for drawn in made("random_swap", texts, 60, max_distance=far, rate=0.2).certificate["drawn"]:
        edits = json.loads(drawn)["edits"]
        place = {edit["from"]: edit["at"] // 2 for edit in edits}
        assert all(1 <= abs(place[edit["from"]] - place[edit["to"]]) <= far for edit in edits)


def test_equal_words_are_never_swapped() -> None:
    texts = ["no " * 30 + "yes"]
    assert all(new != texts[0] for new in made("random_swap", texts, 30).frame["text"])
    with pytest.raises(NotApplicable, match="two different words"):
        made("random_swap", ["no no no no"])
