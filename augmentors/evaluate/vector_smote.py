"""SMOTE between embeddings that stays vectors: for models on embeddings, inside a comparison only.

A point between two embeddings is no text and no picture, so nothing is made
that could be looked at, judged by the gate or exported; the augmenters "SMOTE
of sentence embeddings" and "Embedding SMOTE" are the ones that end in samples.
"""

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.late import pd
from augmentors.core.samples import Samples
from augmentors.explore.neighbours import nearest
from augmentors.learners.features import FeatureCache, Source

NEIGHBOURS = 5
KEY = "vector_smote"

Refused = tuple[tuple[str, str], ...]


def with_vectors(
    train: Dataset, name: str, cache: FeatureCache, rng: np.random.Generator
) -> tuple[Samples | None, Refused]:
    """Return stand-ins that bring every class up to the largest, their vectors kept in the cache.

    Parameters
    ----------
    train : Dataset
        What a fit trains on; its features are known or computed.
    name : str
        Of the features (see `FeatureCache`).
    cache : FeatureCache
        The vectors are added to it under the stand-ins.
    rng : Generator

    Returns
    -------
    samples : Samples or None
        Label, parents and their shares; neither text nor pixels. None when every class is as large.
    refused : tuple of (str, str)
        Classes of one sample, between which there is nothing, with that reason.
    """
    vectors = cache.of(name, train)
    counts = train.class_counts
    largest = max(counts.values())
    parents, steps, refused = [np.empty((0, 2), np.int64)], [np.empty(0)], []
    for label in sorted(counts):
        own, missing = train.positions(label), largest - counts[label]
        if missing and len(own) < 2:
            refused.append((label, "vectors between samples need 2 of a class; it has 1"))
        elif missing:
            parents.append(own[between(vectors[own], missing, rng)])
            steps.append(rng.random(missing))
    pairs, step = np.concatenate(parents), np.concatenate(steps)
    if not len(pairs):
        return None, tuple(refused)
    samples = _stand_ins(train, pairs, step)
    made = vectors[pairs[:, 0]] + step[:, None] * (vectors[pairs[:, 1]] - vectors[pairs[:, 0]])
    cache.add(name, Source(train, samples), np.arange(len(samples)), made.astype(vectors.dtype))
    return samples, tuple(refused)


def between(vectors: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw n pairs: a vector and one of its five nearest others, shape (n, 2).

    Examples
    --------
    >>> between(np.array([[0.0], [1.0]]), 1, np.random.default_rng(0)).sum()
    np.int64(1)
    """
    mates = nearest(vectors, k=NEIGHBOURS)[1]
    first = rng.integers(0, len(vectors), n)
    return np.stack([first, mates[first, rng.integers(0, mates.shape[1], n)]], axis=1)


def _stand_ins(train: Dataset, pairs: np.ndarray, step: np.ndarray) -> Samples:
    index = pd.Index([f"{KEY}-{i}" for i in range(len(pairs))], dtype="str")
    label = train.schema.label
    frame = pd.DataFrame({label: train.frame[label].array.take(pairs[:, 0])}, index=index)
    ids = train.ids[pairs].astype(object)
    return Samples(frame, ids, np.stack([1 - step, step], axis=1), pd.DataFrame({"entry": KEY}, index=index))
