"""English word vectors (GloVe): which words stand near a word."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from augmentors.text.tagger import Kept, language_folder

MOST_NEAR = 60


class WordVectors:
    """Words and their vectors of unit length.

    Parameters
    ----------
    words : list of str
    vectors : ndarray of float32, shape (n, d)
    """

    def __init__(self, words: list[str], vectors: np.ndarray) -> None:
        self._words, self._vectors = words, vectors
        self._place = {word: i for i, word in enumerate(words)}
        self._near: dict[str, tuple[tuple[str, float], ...]] = Kept(self._look_up)

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return up to 60 words near a small-letter word with their cosines, the nearest first.

        Examples
        --------
        >>> word_vectors().near("terrible")[0][0]
        'horrible'
        """
        return self._near[word]

    def mean(self, words: Sequence[str]) -> np.ndarray:
        """Return the mean of the known words' vectors, shape (d,); zeros when none is known."""
        places = [self._place[word] for word in words if word in self._place]
        return self._vectors[places].mean(axis=0) if places else np.zeros(self._vectors.shape[1], np.float32)

    def _look_up(self, word: str) -> tuple[tuple[str, float], ...]:
        place = self._place.get(word)
        if place is None:
            return ()
        # Rounded, so that the last bits of a sum cannot change the order.
        cosines = np.round(self._vectors @ self._vectors[place], 4)
        cosines[place] = -1.0
        best = np.argsort(-cosines, kind="stable")[:MOST_NEAR]
        return tuple((self._words[i], float(cosines[i])) for i in best.tolist())


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """Return the shipped vectors, read once per process."""
    folder = language_folder()
    words = (folder / "word_vectors.txt").read_text(encoding="ascii").split()
    return WordVectors(words, np.load(folder / "word_vectors.npy", allow_pickle=False).astype(np.float32))
