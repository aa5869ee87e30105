"""Easy data augmentation: a text changed by one of four operators, as a strong view of it.

References
----------
Wei & Zou (2019), EDA: easy data augmentation techniques for boosting performance on text classification tasks,
EMNLP, 6382–6388.
"""

import random
from collections.abc import Sequence
from functools import cache

import numpy as np

from augmentors.text.random_deletion import RandomDeletion
from augmentors.text.random_insertion import RandomInsertion
from augmentors.text.random_swap import RandomSwap
from augmentors.text.synonym_replacement import SynonymReplacement
from augmentors.text.text_augmenter import SEED_LIMIT, TextAugmenter

# Twice what the paper advises for training on the changed texts: a strong view is meant to be far off.
RATE = 0.2


@cache
def _operators() -> tuple[TextAugmenter, ...]:
    return tuple(cls(rate=RATE) for cls in (SynonymReplacement, RandomInsertion, RandomSwap, RandomDeletion))


def strong_views(texts: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Return each text changed by a drawn operator; one that allows no change stays as it is.

    Examples
    --------
    >>> strong_views(["", "a good day"], np.random.default_rng(0))[0]
    ''
    """
    which = rng.integers(len(_operators()), size=len(texts)).tolist()
    seeds = rng.integers(SEED_LIMIT, size=len(texts)).tolist()
    return [_changed(text, first, seed) for text, first, seed in zip(texts, which, seeds, strict=True)]


def _changed(text: str, first: int, seed: int) -> str:
    operators = _operators()
    chance = random.Random(seed)
    for i in range(len(operators)):
        edited = operators[(first + i) % len(operators)].changed(text, chance.random)
        if edited is not None:
            return edited
    return text
