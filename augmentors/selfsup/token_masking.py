"""Which pieces of texts are hidden, and by what: the 80/10/10 rule of masked language models.

References
----------
Devlin, Chang, Lee & Toutanova (2019), BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding, NAACL, section 3.1.
"""

import numpy as np

MASKED, SWAPPED = 0.8, 0.1


def masked_pieces(
    pieces: np.ndarray, allowed: np.ndarray, share: float, mask: int, choices: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return texts as they are shown, and which pieces are to be predicted.

    Of the pieces to be predicted 80 % show the mask, 10 % a random piece and 10 % themselves. Every text with an
    allowed piece has at least one to be predicted.

    Parameters
    ----------
    pieces : ndarray of int64, shape (n, length)
    allowed : ndarray of bool, shape (n, length)
        False for special pieces and padding.
    share : float
        Chance of an allowed piece to be predicted.
    mask : int
    choices : ndarray of int64
        What a random piece is drawn from.
    rng : Generator

    Returns
    -------
    shown : ndarray of int64, shape (n, length)
    predicted : ndarray of bool, shape (n, length)
    """
    ranks = np.where(allowed, rng.random(pieces.shape), 2.0)
    predicted = ranks < share
    lowest = ranks.argmin(axis=1)
    every = np.arange(len(pieces))
    predicted[every, lowest] |= allowed[every, lowest]
    how = rng.random(pieces.shape)
    drawn = choices[rng.integers(len(choices), size=pieces.shape)]
    shown = np.where(predicted & (how < MASKED), mask, pieces)
    swapped = predicted & (how >= MASKED) & (how < MASKED + SWAPPED)
    return np.where(swapped, drawn, shown), predicted


def padded(texts: list[list[int]], first: int, last: int, pad: int) -> tuple[np.ndarray, np.ndarray]:
    """Return texts between their special pieces, padded to one length, and which places are no padding.

    Examples
    --------
    >>> padded([[7], [8, 9]], 1, 2, 0)[0].tolist()
    [[1, 7, 2, 0], [1, 8, 9, 2]]
    """
    longest = max(len(text) for text in texts) + 2
    pieces = np.full((len(texts), longest), pad, np.int64)
    real = np.zeros((len(texts), longest), bool)
    for row, text in enumerate(texts):
        pieces[row, : len(text) + 2] = [first, *text, last]
        real[row, : len(text) + 2] = True
    return pieces, real
