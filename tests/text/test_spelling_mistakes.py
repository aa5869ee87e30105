"""Spelling mistakes through nlpaug: same in every process, chosen words only, global state restored."""

import json
import random

import numpy as np

from augmentors.testing.texts import ENGLISH, made, pairs
from augmentors.text.spelling_mistakes import misspellings


def test_golden_text() -> None:
    new = [text for _, text in pairs(made("spelling_mistakes", ENGLISH, 3, rate=0.3), ENGLISH)]
    assert new[0] == "The qchick delevry arived to days early, and the small box was in perfect shape."


def test_the_table_is_in_a_fixed_order_and_never_corrects() -> None:
    table = misspellings()
    assert len(table) > 1000
    for word, wrong in table.items():
        assert wrong and wrong == sorted(set(wrong)) and word not in wrong


def test_the_mistakes_are_nlpaugs() -> None:
    table = misspellings()
    for drawn in made("spelling_mistakes", ENGLISH, 40).certificate["drawn"]:
        for edit in json.loads(drawn)["edits"]:
            assert edit["to"].lower() in table[edit["from"].lower()]


def test_global_random_state_is_restored() -> None:
    random.seed(3)
    np.random.seed(3)
    before = random.getstate(), np.random.get_state()[1].tolist()
    made("spelling_mistakes", ENGLISH, 8)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
