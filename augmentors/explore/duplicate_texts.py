"""Equal and nearly equal texts, in near-linear time.

Near texts are found by min-hashing the set of character shingles: texts whose
sets overlap by 0.9 agree in at least one of ten bands of four hashes with
probability 0.9999. Candidates are then compared by their real overlap.

References
----------
.. [1] A. Broder, "On the resemblance and containment of documents", 1997.
"""

import itertools
import re
import unicodedata

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.seeds import rng_from
from augmentors.explore.duplicates import Links, stars

THRESHOLD = 0.9
SHORT_SHINGLE, LONG_SHINGLE = 3, 5
LONG_TEXT = 200
N_BANDS = 10
ROWS_PER_BAND = 4
LIKELY = 0.75  # share of equal hashes; at an overlap of 0.9 fewer are seen once in a thousand pairs
WINDOW = 6
CHUNK_CHARACTERS = 2_000_000
_ODD = np.uint64(0x9E3779B97F4A7C15)
_NOT_WORD = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Return a text without case, punctuation, or differences in spacing and Unicode form.

    Examples
    --------
    >>> normalised("  Hello,   WORLD! ")
    'hello world'
    """
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def shingle_size(texts: list[str]) -> int:
    """Return how many characters a shingle has: long texts share most triples whatever they say."""
    lengths = [len(text) for text in texts]
    return SHORT_SHINGLE if np.median(lengths) <= LONG_TEXT else LONG_SHINGLE


def overlap(a: str, b: str, size: int = 3) -> float:
    """Return the Jaccard overlap of two texts' sets of character shingles.

    Examples
    --------
    >>> overlap("abcd", "abce")
    0.3333333333333333
    """
    left, right = _shingles(a, size), _shingles(b, size)
    both = len(left & right)
    return both / (len(left) + len(right) - both)


def _shingles(text: str, size: int) -> set[str]:
    return {text[i : i + size] for i in range(max(len(text) - size + 1, 1))}


def linked_texts(dataset: Dataset, near: bool, job: Job) -> Links:
    """Return positions, similarity and exactness of equal and nearly equal texts."""
    texts = dataset.texts
    left, right = stars(pd.factorize(np.array(texts, dtype=object))[0])
    exact = np.ones(len(left), dtype=bool)
    if not near:
        return left, right, np.ones(len(left)), exact
    job.check()
    at = np.setdiff1d(np.arange(len(texts)), right)
    plain = [normalised(texts[i]) for i in at]
    job.check()
    # Texts of signs alone ("!!!", "???") are nothing once normalised, yet not the same.
    keys = [text or f"\0{texts[at[i]]}" for i, text in enumerate(plain)]
    a, b = stars(pd.factorize(np.array(keys, dtype=object))[0])
    single = np.setdiff1d(np.arange(len(at)), b)
    single = single[[bool(plain[i]) for i in single]] if len(single) else single
    c, d, value = _near([plain[i] for i in single], job)
    return (
        np.concatenate([left, at[a], at[single[c]]]),
        np.concatenate([right, at[b], at[single[d]]]),
        np.concatenate([np.ones(len(left) + len(a)), value]),
        np.append(exact, np.zeros(len(a) + len(c), dtype=bool)),
    )


def _near(texts: list[str], job: Job) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return links between different texts whose overlap reaches the threshold."""
    links: list[tuple[int, int, float]] = []
    if len(texts) > 1:
        size = shingle_size(texts)
        groups = np.arange(len(texts))  # parent of each text: links that add nothing are not checked
        for count, (a, b) in enumerate(_candidates(_signatures(texts, size, job), job)):
            if count % 256 == 0:
                job.check()
            first, second = _root(groups, a), _root(groups, b)
            if first == second:
                continue
            value = overlap(texts[a], texts[b], size)
            if value >= THRESHOLD:
                groups[second] = first
                links.append((a, b, value))
    table = np.array(links, dtype=np.float64).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def _candidates(signatures: np.ndarray, job: Job) -> list[tuple[int, int]]:
    """Return pairs of texts that share a band and most of their signature, most alike first."""
    n = signatures.shape[1]
    keys = _band_keys(signatures)
    found = [np.empty(0, np.int64)]
    for band in range(N_BANDS):
        job.check()
        # In a crowded band, texts that also share the next one come to lie side by side.
        order = np.lexsort((keys[(band + 1) % N_BANDS], keys[band]))
        ordered = keys[band][order]
        for step in range(1, WINDOW + 1):
            hit = np.flatnonzero(ordered[step:] == ordered[:-step])
            a, b = order[hit], order[hit + step]
            found.append(np.minimum(a, b) * n + np.maximum(a, b))
    left, right = np.divmod(np.unique(np.concatenate(found)), n)
    agreement = np.zeros(len(left))
    for row in signatures:
        agreement += row[left] == row[right]
    likely = np.flatnonzero(agreement >= LIKELY * len(signatures))
    likely = likely[np.argsort(-agreement[likely], kind="stable")]
    return list(zip(left[likely].tolist(), right[likely].tolist(), strict=True))


def _root(groups: np.ndarray, i: int) -> int:
    while groups[i] != i:
        groups[i] = groups[groups[i]]
        i = int(groups[i])
    return i


def _signatures(texts: list[str], size: int, job: Job) -> np.ndarray:
    """Return the lowest hash of each text's shingles per hash function, shape (functions, texts)."""
    n_functions = N_BANDS * ROWS_PER_BAND
    rng = rng_from("minhash", n_functions)
    factors = rng.integers(1, 2**63, size=n_functions, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    lowest = np.empty((n_functions, len(texts)), dtype=np.uint64)
    for start, stop in _chunks(texts):
        job.check()
        lowest[:, start:stop] = _min_hashes(texts[start:stop], size, factors)
    return lowest


def _band_keys(signatures: np.ndarray) -> np.ndarray:
    """Return one key per band and text, shape (bands, texts)."""
    keys = np.zeros((N_BANDS, signatures.shape[1]), dtype=np.uint64)
    for rows in signatures.reshape(N_BANDS, ROWS_PER_BAND, -1).transpose(1, 0, 2):
        keys = (keys ^ rows) * _ODD
        keys ^= keys >> np.uint64(29)
    return keys


def _chunks(texts: list[str]) -> list[tuple[int, int]]:
    """Return ranges of texts of about two million characters, so that memory stays bounded."""
    ends = np.cumsum([len(text) for text in texts])
    cuts = np.searchsorted(ends, np.arange(CHUNK_CHARACTERS, ends[-1], CHUNK_CHARACTERS), side="right")
    edges = np.unique(np.concatenate([[0], cuts, [len(texts)]])).tolist()
    return list(itertools.pairwise(edges))


def _min_hashes(texts: list[str], size: int, factors: np.ndarray) -> np.ndarray:
    padded = [text.ljust(size, "\0") for text in texts]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.cumsum([len(text) for text in padded])
    last = len(codes) - size + 1
    shingles = np.zeros(last, dtype=np.uint64)
    for k in range(size):
        shingles = (shingles ^ codes[k : k + last]) * _ODD
    inside = np.ones(len(codes), dtype=bool)
    for k in range(1, size):
        inside[ends - k] = False  # shingles that would reach into the next text
    shingles = shingles[inside[:last]]
    first = np.append(0, ends[:-1]) - (size - 1) * np.arange(len(ends))
    lowest = np.empty((len(factors), len(texts)), dtype=np.uint64)
    for i, factor in enumerate(factors):
        hashed = shingles * factor
        hashed ^= hashed >> np.uint64(32)  # high bits into the low ones, then spread again
        hashed *= factor
        lowest[i] = np.minimum.reduceat(hashed, first)
    return lowest
