"""The metrics under many weightings of the samples at once: what a bootstrap of the test part needs.

Equal to `metrics.scores` with ``sample_weight``, computed for all weightings
together; a test holds the two against each other.
"""

from collections.abc import Sequence

import numpy as np

from augmentors.learners.metrics import brier_terms, class_codes

# (metric, class) → one value per weighting; class None is the macro average.
ScoreArrays = dict[tuple[str, str | None], np.ndarray]
_BUDGET = 20_000_000


def bootstrap_weights(codes: np.ndarray, n_classes: int, rng: np.random.Generator, most: int = 200) -> np.ndarray:
    """Return how often each sample is drawn in each bootstrap, shape (b, n).

    Samples are drawn with replacement within their class, so that every class
    stays measurable at its natural size. Fewer bootstraps are drawn where
    samples times classes are many (never less than 30).
    """
    n = len(codes)
    b = int(np.clip(_BUDGET // max(n * n_classes, 1), 30, most))
    weights = np.zeros((b, n), dtype=np.float32)
    for code in np.unique(codes):
        at = np.flatnonzero(codes == code)
        weights[:, at] = rng.multinomial(len(at), np.full(len(at), 1 / len(at)), size=b)
    return weights


def resampled_scores(y: np.ndarray, proba: np.ndarray, classes: Sequence[str], weights: np.ndarray) -> ScoreArrays:
    """Return every metric for every weighting.

    Parameters
    ----------
    y : array of str, shape (n,)
    proba : ndarray, shape (n, k)
    classes : sequence of str
    weights : ndarray, shape (b, n)
        Not negative; no class that occurs in `y` may weigh nothing.

    Returns
    -------
    dict
        (metric, class) → ndarray of shape (b,); class None for macro averages and Brier.
    """
    codes = class_codes(y, classes)
    hit = codes == proba.argmax(axis=1)
    k = len(classes)
    support, predicted, correct = (
        _sums_by_class(weights, group, chosen, k)
        for group, chosen in ((codes, None), (proba.argmax(axis=1), None), (codes, hit))
    )
    recall = _ratio(correct, support, np.nan)
    precision = _ratio(correct, predicted, 0.0)
    f1 = _ratio(2 * correct, support + predicted, 0.0)
    ap = np.stack([_average_precision(codes == i, proba[:, i], weights) for i in range(k)], axis=1)
    present = np.bincount(codes, minlength=k) > 0
    result: ScoreArrays = {
        ("macro_f1", None): f1[:, present].mean(axis=1),
        ("balanced_accuracy", None): recall[:, present].mean(axis=1),
        ("average_precision", None): ap[:, present].mean(axis=1),
        ("brier", None): weights @ brier_terms(codes, proba) / weights.sum(axis=1),
    }
    for i, label in enumerate(classes):
        for name, values in (
            ("recall", recall),
            ("precision", precision),
            ("f1", f1),
            ("average_precision", ap),
        ):
            result[name, str(label)] = values[:, i]
    return result


def _sums_by_class(weights: np.ndarray, group: np.ndarray, chosen: np.ndarray | None, k: int) -> np.ndarray:
    """Return the weight of each class, shape (b, k)."""
    at = np.arange(len(group)) if chosen is None else np.flatnonzero(chosen)
    member = np.zeros((len(group), k), dtype=np.float32)
    member[at, group[at]] = 1
    return (weights @ member).astype(np.float64)


def _ratio(part: np.ndarray, whole: np.ndarray, otherwise: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full(part.shape, otherwise), where=whole > 0)


def _average_precision(is_class: np.ndarray, score: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the area under the precision-recall steps for each weighting, shape (b,)."""
    if not is_class.any():
        return np.full(len(weights), np.nan)
    order = np.argsort(-score, kind="stable")
    ordered = weights[:, order]
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    found = np.cumsum(ordered * is_class[order], axis=1, dtype=np.float64)[:, ends]
    seen = np.cumsum(ordered, axis=1, dtype=np.float64)[:, ends]
    gained = np.diff(found, axis=1, prepend=0.0)
    return (gained * _ratio(found, seen, 0.0)).sum(axis=1) / found[:, -1]
