"""Class-balanced weights by the effective number of samples."""

import numpy as np


def effective_numbers(counts: np.ndarray, beta: float) -> np.ndarray:
    """Return (1 − βⁿ) / (1 − β) per class: how many samples n overlapping ones are worth, shape (k,).

    Parameters
    ----------
    counts : ndarray of int, shape (k,)
    beta : float in [0, 1)
        0 counts every class as one sample; towards 1 every sample counts.

    References
    ----------
    Cui, Jia, Lin, Song & Belongie (2019), Class-balanced loss based on effective number of samples, CVPR.

    Examples
    --------
    >>> effective_numbers(np.array([1, 2, 3]), 0.5).round(6).tolist()
    [1.0, 1.5, 1.75]
    """
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1); got {beta}")
    if beta == 0:
        return np.ones(len(counts))
    # expm1 keeps its digits where beta is almost 1.
    return -np.expm1(np.asarray(counts, dtype=np.float64) * np.log(beta)) / (1 - beta)


def class_balanced_weights(counts: np.ndarray, beta: float) -> np.ndarray:
    """Return weights inversely proportional to effective numbers, with a mean of 1 over classes, shape (k,).

    Examples
    --------
    Without overlap they are inverse frequencies; with β = 0 all are 1:

    >>> class_balanced_weights(np.array([30, 10]), 0.999999).round(3).tolist()
    [0.5, 1.5]
    >>> class_balanced_weights(np.array([30, 10]), 0.0).tolist()
    [1.0, 1.0]
    """
    inverse = 1 / effective_numbers(counts, beta)
    return inverse / inverse.mean()
