"""Texts as vectors of unit length: MiniLM, or means of word vectors."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from augmentors.explore.embeddings import embed_texts
from augmentors.text.tokens import WORD, split
from augmentors.text.word_vectors import word_vectors


def sentence_vectors(texts: Sequence[str], kind: Literal["minilm", "glove"]) -> np.ndarray:
    """Return one vector per text, float32, shape (n, d); texts without a known word give zeros with ``glove``."""
    return embed_texts(texts) if kind == "minilm" else np.stack([_mean_of_words(text) for text in texts])


def _mean_of_words(text: str) -> np.ndarray:
    words = [token.lower() for token, kind in zip(*split(text), strict=True) if kind == WORD]
    mean = word_vectors().mean(words)
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean
