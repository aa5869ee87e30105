"""Word-embedding replacement: neighbours, without opposites and forms of the same word."""

import numpy as np
import pytest

from augmentors.testing.texts import ENGLISH, made
from augmentors.text.word_embedding_replacement import WordEmbeddingReplacement, same_word
from augmentors.text.word_vectors import WordVectors, word_vectors

GOLDEN = [
    "The give delivery arriving two weeks since, and the small box was in perfect shape.",
    "I would happily purchase this auto again! My daughter wanted an inexpensive one as well.",
    "I would couple selling this car again! My sister says an pricey one as well.",
]


def test_neighbours_by_hand() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1]], dtype=np.float32)
    table = WordVectors(["a", "b", "c", "d"], vectors)
    assert table.near("a") == (("b", pytest.approx(0.8)), ("c", pytest.approx(0.6)), ("d", 0.0), ("a", -1.0))
    assert table.near("unknown") == ()


def test_shipped_vectors() -> None:
    near = dict(word_vectors().near("terrible"))
    assert near["horrible"] == pytest.approx(0.92, abs=0.01)


def test_opposites_and_forms_are_not_offered() -> None:
    offers = WordEmbeddingReplacement(neighbors=30, min_similarity=0.3)._offers
    assert "bad" in dict(word_vectors().near("good")) and "bad" not in offers["good"]
    assert not any(same_word("lamp", word) for word in offers["lamp"])
    assert offers["Lamp"] == () and offers["the"] == ()


def test_min_similarity_and_neighbors() -> None:
    few = WordEmbeddingReplacement(neighbors=30, min_similarity=0.8)._offers["terrible"]
    assert few and all(dict(word_vectors().near("terrible"))[word] >= 0.8 for word in few)
    assert WordEmbeddingReplacement(neighbors=1)._offers["terrible"] == few[:1]


def test_golden_text() -> None:
    assert made("word_embedding_replacement", ENGLISH, 3, rate=0.3).frame["text"].tolist() == GOLDEN
