"""Moving the threshold: an offset per class on the log-probabilities, the free alternative to new samples.

With two classes one offset is a threshold on the probability; with more, each
class has its own. Probabilities stay what they are: only decisions move.
Offsets are tuned for macro-F1 on out-of-fold probabilities of the training
part, and what is decided in a fold uses offsets tuned on the other folds, so
no sample's label helps to decide about itself.

References
----------
Menon et al. (2021), Long-tail learning via logit adjustment, ICLR (offsets of log-probabilities).
"""

import numpy as np

from augmentors.learners.calibration import EPS

STEPS, PASSES = 200, 5


def moved(proba: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return the class decided for, shape (n,): the largest log-probability plus offset."""
    return _logs(proba, offsets).argmax(axis=1)


def macro_f1(codes: np.ndarray, decided: np.ndarray, k: int) -> float:
    """Return the mean F1 of the classes that occur in `codes`."""
    support, chosen = np.bincount(codes, minlength=k), np.bincount(decided, minlength=k)
    hits = np.bincount(codes[codes == decided], minlength=k)
    return float(_macro(hits, support, chosen))


def tuned_offsets(codes: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return the offsets that give the best macro-F1 found on these samples, shape (k,).

    One class after the other gets the best of at most 200 offsets, the others
    held, until nothing gains; the largest class keeps 0. Among equally good
    offsets the nearest to 0 is taken.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
    proba : ndarray, shape (n, k)
        Of models that were not trained on these samples.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    >>> moved(proba, tuned_offsets(np.array([0, 0, 1, 1]), proba)).tolist()
    [0, 0, 1, 1]
    """
    k = proba.shape[1]
    offsets = np.zeros(k)
    support = np.bincount(codes, minlength=k)
    order = np.argsort(support, kind="stable")[:-1]
    best = macro_f1(codes, moved(proba, offsets), k)
    for _ in range(PASSES):
        before = best
        for c in order[support[order] > 0]:
            tried, gained = _best_offset(codes, proba, offsets, int(c), support)
            if gained > best + 1e-12:
                best, offsets[c] = gained, tried
        if best <= before:
            break
    return offsets


def _best_offset(
    codes: np.ndarray, proba: np.ndarray, offsets: np.ndarray, c: int, support: np.ndarray
) -> tuple[float, float]:
    """Return the best offset of one class and its macro-F1, the others held."""
    k = proba.shape[1]
    logs = _logs(proba, offsets)
    own = logs[:, c] - offsets[c]
    logs[:, c] = -np.inf
    rival = logs.argmax(axis=1)
    needed = logs[np.arange(len(codes)), rival] - own  # beyond this offset the sample goes to c
    edges = np.unique(needed)
    edges = edges[np.unique(np.linspace(0, len(edges) - 1, min(STEPS, len(edges))).astype(int))]
    tries = np.r_[edges[0] - 1, (edges[1:] + edges[:-1]) / 2, edges[-1] + 1]
    # A sample is c's from the first try above what it needs.
    taken = np.searchsorted(tries, needed, side="right")
    shape = (len(tries) + 1, k)
    lost, lost_hits, won_hits = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    np.add.at(lost, (taken, rival), 1)
    np.add.at(lost_hits, (taken, rival), rival == codes)
    np.add.at(won_hits, (taken, np.full(len(codes), c)), codes == c)
    gone = np.cumsum(lost, axis=0)[:-1]
    hits = np.bincount(codes[rival == codes], minlength=k) - np.cumsum(lost_hits, axis=0)[:-1]
    chosen = np.bincount(rival, minlength=k) - gone
    chosen[:, c] += gone.sum(axis=1)
    found = _macro(hits + np.cumsum(won_hits, axis=0)[:-1], support, chosen)
    good = np.flatnonzero(found >= found.max() - 1e-12)
    at = good[np.argmin(np.abs(tries[good]))]
    return float(tries[at]), float(found[at])


def _macro(hits: np.ndarray, support: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the mean F1 over the classes with samples, along the last axis."""
    f1 = 2 * hits / np.maximum(support + chosen, 1)
    return f1[..., support > 0].mean(axis=-1)


def _logs(proba: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(proba, EPS)) + offsets
