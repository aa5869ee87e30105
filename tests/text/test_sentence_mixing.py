"""Sentence mixing: both parents are told, weights are shares of sentences."""

import json

import numpy as np
import pytest

from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import made
from augmentors.text.edits import replay
from augmentors.text.mixing import pieces_of

TEXTS = ["A one. A two. A three. A four.", "B one! B two!", "C is alone."]


def test_sentences_come_from_the_parents_and_the_trace_replays() -> None:
    samples = made("sentence_mixing", TEXTS, 60)
    for i, new in enumerate(samples.frame["text"]):
        first, second = (TEXTS[int(parent[1:])] for parent in samples.parents[i])
        own, other = pieces_of(first).texts, pieces_of(second).texts
        found = pieces_of(new).texts
        assert set(found) <= {*own, *other} and set(found) & set(own) and set(found) & set(other)
        assert samples.weights[i, 1] == pytest.approx(sum(text in other for text in found) / len(found))
        assert replay(first, json.loads(samples.certificate["drawn"].iloc[i])["edits"]) == new
    assert np.allclose(samples.weights.sum(axis=1), 1)


def test_max_share() -> None:
    texts = [
        " ".join(
            f"{name} says {word}." for word in ["ape", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay"]
        )
        for name in ("Ann", "Bob")
    ]
    few, many = (made("sentence_mixing", texts, 80, max_share=share).weights[:, 1] for share in (0.1, 0.9))
    assert few.max() <= 0.1001 and 0.6 < many.max() <= 0.9001 and many.min() >= 0.0999


def test_protected_sentences_stay() -> None:
    for i, new in enumerate((samples := made("sentence_mixing", TEXTS, 40, protected=["two"])).frame["text"]):
        first = TEXTS[int(samples.parents[i, 0][1:])]
        assert all(sentence in new for sentence in pieces_of(first).texts if "two" in sentence)


@pytest.mark.parametrize("texts", [["Same.", "Same."], ["One.", "", None], ["Only one."]])
def test_needs_two_different_texts(texts: list[str | None]) -> None:
    with pytest.raises(NotApplicable, match="two texts of a class with different sentences"):
        made("sentence_mixing", texts)
