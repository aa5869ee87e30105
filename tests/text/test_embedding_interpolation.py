"""SMOTE of sentence embeddings: neighbours by hand, acceptance, parents and weights."""

import json

import numpy as np
import pytest

from augmentors.testing.texts import made
from augmentors.text.embedding_interpolation import nearest_others
from augmentors.text.mixing import pieces_of
from augmentors.text.sentence_vectors import sentence_vectors
from augmentors.text.towards import Story, edited_towards

TEXTS = [
    "The train was late. The driver was rude.",
    "The bus was crowded. The ticket was expensive.",
    "The flight was delayed for hours. My luggage was lost.",
    "The hotel room was dirty. Breakfast was cold.",
    "The soup was salty. The waiter forgot our drinks.",
]


def test_neighbours_skip_equal_texts() -> None:
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    assert nearest_others(vectors, np.array([0, 0, 1, 2]), 2).tolist() == [[2, 3], [2, 3], [0, 1], [2, 0]]
    assert nearest_others(vectors[:2], np.array([0, 0]), 2).tolist() == [[-1, -1], [-1, -1]]


def test_the_edit_that_comes_nearest_is_taken() -> None:
    # A text's vector counts its letters a and b; the point lies half-way between the parents.
    def embed(texts: list[str]) -> np.ndarray:
        return np.array([[text.count("a"), text.count("b")] for text in texts], dtype=np.float64)

    stories = [Story.of(pieces_of(text), i) for i, text in enumerate(["Aa aa. Aa.", "Bb bb. Bb."])]
    vectors = embed([story.text for story in stories])
    found = edited_towards(vectors.mean(axis=0), stories[0], stories, vectors, embed, 3, 50)
    assert found.trace["accepted"] and found.trace["closeness"] == pytest.approx(1.0, abs=0.02)
    assert {parent for parent, _ in found.trace["sentences"]} == {0, 1}  # type: ignore[attr-defined]


@pytest.mark.parametrize("vectors", ["glove", "minilm"])
def test_accepted_texts_lie_nearer_to_the_point_than_either_parent(vectors: str) -> None:
    samples = made("embedding_interpolation", TEXTS, 6, vectors=vectors)
    accepted = 0
    for i, new in enumerate(samples.frame["text"]):
        drawn = json.loads(samples.certificate["drawn"].iloc[i])
        parents = [TEXTS[int(parent[1:])] for parent in samples.parents[i] if parent]
        assert new == " ".join(text for _, text in drawn["sentences"]) and new not in TEXTS
        assert all(text in parents[parent] for parent, text in drawn["sentences"])
        share = samples.weights[i, 1]
        assert samples.weights[i].tolist() == pytest.approx([1 - share, share, 0])
        a, b, found = sentence_vectors([*parents[:2], new], vectors)  # type: ignore[arg-type]
        point = (1 - share) * a + share * b
        near = [float(v @ point / np.linalg.norm(v) / np.linalg.norm(point)) for v in (a, b, found)]
        assert drawn["accepted"] == (round(near[2], 4) > round(max(near[:2]), 4)) or abs(near[2] - max(near[:2])) < 1e-3
        assert ("fallback" in drawn) != drawn["accepted"]
        accepted += drawn["accepted"]
    assert accepted


def test_protected_sentences_stay() -> None:
    texts = [f"{text} Order 66 applies." for text in TEXTS]
    for new in made("embedding_interpolation", texts, 20, protected=["order 66"]).frame["text"]:
        assert "Order 66 applies." in new
