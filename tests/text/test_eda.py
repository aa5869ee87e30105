"""EDA as a strong view: words change, the same each time, and what allows no change stays."""

import random

import numpy as np

from augmentors.testing import toy_text
from augmentors.text.eda import edited
from augmentors.text.tokens import WORD, split


def words(text: str) -> list[str]:
    return [token.lower() for token, kind in zip(*split(text), strict=True) if kind == WORD]


def views(texts: list[str], seed: int) -> list[str]:
    chance = random.Random(seed)
    return [edited(text, chance) for text in texts]


def test_texts_are_changed_by_about_a_fifth_of_their_words() -> None:
    texts = list(toy_text().texts)
    changed = views(texts, 0)
    assert np.mean([a != b for a, b in zip(texts, changed, strict=True)]) > 0.95
    kept = [len(set(words(a)) & set(words(b))) / len(set(words(a))) for a, b in zip(texts, changed, strict=True)]
    assert 0.7 < np.mean(kept) < 0.97


def test_the_same_seed_gives_the_same_views() -> None:
    texts = list(toy_text().texts[:20])
    one, two, other = (views(texts, seed) for seed in (1, 1, 2))
    assert one == two != other


def test_what_allows_no_change_stays() -> None:
    assert views(["", "12 %"], 0) == ["", "12 %"]
