"""How much a sample of each class counts in the loss.

References
----------
Cui, Jia, Lin, Song & Belongie (2019), Class-balanced loss based on effective number of samples, CVPR.
"""

from typing import Literal

import numpy as np

from augmentors.learners.losses.class_balanced import effective_numbers

Weighting = Literal["balanced", "effective"]
# The paper tries 0.9 to 0.9999; with 0.999 classes beyond some thousand samples count as equally known.
BETA = 0.999


def class_weights(codes: np.ndarray, weighting: Weighting) -> np.ndarray:
    """Return the weight of a sample of each class, shape (k,); over all samples they average 1.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Every class from 0 to the largest occurs.
    weighting : {"balanced", "effective"}
        Inversely proportional to a class's samples, or to its effective number of
        samples (1 − βⁿ) / (1 − β), which saturates where further samples repeat what is known.

    Examples
    --------
    >>> class_weights(np.array([0, 0, 0, 1]), "balanced").round(3).tolist()
    [0.667, 2.0]
    """
    counts = np.bincount(codes)
    if weighting == "balanced":
        return len(codes) / (len(counts) * counts)
    weights = 1 / effective_numbers(counts, BETA)
    return weights * len(codes) / (weights * counts).sum()
