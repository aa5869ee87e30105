"""Easy data augmentation: a text changed by one of four operators, as a strong view of it.

References
----------
Wei & Zou (2019), EDA: easy data augmentation techniques for boosting performance on text classification tasks,
EMNLP, 6382–6388.
"""

import random
from functools import cache

from augmentors.text.random_deletion import RandomDeletion
from augmentors.text.random_insertion import RandomInsertion
from augmentors.text.random_swap import RandomSwap
from augmentors.text.synonym_replacement import SynonymReplacement
from augmentors.text.text_augmenter import TextAugmenter

# Twice what the paper advises for training on the changed texts: a strong view is meant to be far off.
RATE = 0.2


@cache
def _operators() -> tuple[TextAugmenter, ...]:
    return tuple(cls(rate=RATE) for cls in (SynonymReplacement, RandomInsertion, RandomSwap, RandomDeletion))


def edited(text: str, chance: random.Random) -> str:
    """Return a text changed by a drawn operator; one that allows no change stays as it is.

    Examples
    --------
    >>> edited("", random.Random(0)), edited("a good day", random.Random(0)) != "a good day"
    ('', True)
    """
    operators = _operators()
    first = int(chance.random() * len(operators))
    for i in range(len(operators)):
        changed = operators[(first + i) % len(operators)].changed(text, chance.random)
        if changed is not None:
            return changed
    return text
