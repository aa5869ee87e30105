"""The metrics under many weightings of the samples at once: what a bootstrap of the test part needs.

Equal to `metrics.scores` with ``sample_weight``, computed for all weightings
together; a test holds the two against each other.
"""

from collections.abc import Sequence

import numpy as np

from augmentors.learners.calibration import ECE_BINS, confidence_gaps, log_loss_terms
from augmentors.learners.metrics import COST, brier_terms, class_codes

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


def resampled_scores(
    y: np.ndarray,
    proba: np.ndarray,
    classes: Sequence[str],
    weights: np.ndarray,
    decided: np.ndarray | None = None,
    costs: np.ndarray | None = None,
) -> ScoreArrays:
    """Return every metric for every weighting.

    Parameters
    ----------
    y : array of str, shape (n,)
    proba : ndarray, shape (n, k)
    classes : sequence of str
    weights : ndarray, shape (b, n)
        Not negative; no class that occurs in `y` may weigh nothing.
    decided, costs : ndarray, optional
        See `metrics.scores`.

    Returns
    -------
    dict
        (metric, class) → ndarray of shape (b,); class None for macro averages, correlation and probabilities.
    """
    codes = class_codes(y, classes)
    decided = proba.argmax(axis=1) if decided is None else decided
    k = len(classes)
    support, predicted, correct = (
        _sums_by_class(weights, group, chosen, k)
        for group, chosen in ((codes, None), (decided, None), (codes, codes == decided))
    )
    recall = _ratio(correct, support, np.nan)
    precision = _ratio(correct, predicted, 0.0)
    f1 = _ratio(2 * correct, support + predicted, 0.0)
    # In double precision already: a running sum that has to convert takes three times as long.
    by_sample = np.ascontiguousarray(weights.T, dtype=np.float64)
    areas = [_areas(codes == i, proba[:, i], by_sample) for i in range(k)]
    ap = np.stack([one[0] for one in areas], axis=1)
    auc = np.stack([one[1] for one in areas], axis=1)
    present = np.bincount(codes, minlength=k) > 0
    measured = np.isfinite(auc).all(axis=0)
    macro = {
        "macro_f1": f1[:, present].mean(axis=1),
        "balanced_accuracy": recall[:, present].mean(axis=1),
        "g_mean": recall[:, present].prod(axis=1) ** (1 / present.sum()),
        "mcc": _correlation(support, predicted, correct),
        "average_precision": ap[:, present].mean(axis=1),
        "roc_auc": auc[:, measured].mean(axis=1) if measured.any() else np.full(len(weights), np.nan),
        **_means(codes, proba, weights),
    }
    if costs is not None:
        macro[COST] = weights @ costs[codes, decided] / weights.sum(axis=1)
    per_class = {"recall": recall, "precision": precision, "f1": f1, "average_precision": ap}
    result: ScoreArrays = {(name, None): values for name, values in macro.items()}
    for i, label in enumerate(classes):
        result |= {(name, str(label)): values[:, i] for name, values in per_class.items()}
    return result


def _means(codes: np.ndarray, proba: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Return what averages over samples, per weighting."""
    total = weights.sum(axis=1)
    at, gap = confidence_gaps(codes, proba)
    gaps = np.zeros((len(codes), ECE_BINS))
    gaps[np.arange(len(codes)), at] = gap
    return {
        "brier": weights @ brier_terms(codes, proba) / total,
        "log_loss": weights @ log_loss_terms(codes, proba) / total,
        "ece": np.abs(weights @ gaps).sum(axis=1) / total,
    }


def _correlation(support: np.ndarray, predicted: np.ndarray, correct: np.ndarray) -> np.ndarray:
    """Return Matthews' correlation of each weighting from the weights per class, shape (b,)."""
    n = support.sum(axis=1)
    both = correct.sum(axis=1) * n - (support * predicted).sum(axis=1)
    spread = (n**2 - (support**2).sum(axis=1)) * (n**2 - (predicted**2).sum(axis=1))
    return _ratio(both, np.sqrt(np.maximum(spread, 0)), 0.0)


def _sums_by_class(weights: np.ndarray, group: np.ndarray, chosen: np.ndarray | None, k: int) -> np.ndarray:
    """Return the weight of each class, shape (b, k)."""
    at = np.arange(len(group)) if chosen is None else np.flatnonzero(chosen)
    member = np.zeros((len(group), k), dtype=np.float32)
    member[at, group[at]] = 1
    return (weights @ member).astype(np.float64)


def _ratio(part: np.ndarray, whole: np.ndarray, otherwise: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full(part.shape, otherwise), where=whole > 0)


def _areas(is_class: np.ndarray, score: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the areas under the precision-recall steps and under the ROC curve for each weighting.

    Parameters
    ----------
    is_class : ndarray of bool, shape (n,)
    score : ndarray, shape (n,)
    weights : ndarray of float64, shape (n, b)
        One column per weighting, so that sums run over whole rows.

    Both areas change only where a sample of the class is found, so nothing
    but the sum of all weights is computed anywhere else.
    """
    unknown = np.full(weights.shape[1], np.nan)
    if not is_class.any():
        return unknown, unknown
    order = np.argsort(-score, kind="stable")
    ordered, own = weights[order], is_class[order]
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    # Equal scores are one step; only steps with samples of the class count.
    until = np.cumsum(own)[ends]
    steps = np.flatnonzero(np.diff(until, prepend=0))
    seen = np.cumsum(ordered, axis=0)
    found = np.cumsum(ordered[own], axis=0)[until[steps] - 1]
    before = _from_zero(found)
    gained, all_found = found - before, found[-1]
    ap = (gained * _ratio(found, seen[ends[steps]], 0.0)).sum(axis=0) / all_found
    if is_class.all():
        return ap, unknown
    wrong = seen[ends[steps]] - found
    wrong_before = np.where((steps > 0)[:, None], seen[ends[steps - 1]], 0.0) - before
    all_wrong = seen[-1] - all_found
    over = (gained * (all_wrong - (wrong + wrong_before) / 2)).sum(axis=0)
    return ap, over / (all_found * all_wrong)


def _from_zero(sums: np.ndarray) -> np.ndarray:
    """Return running sums as they stood before each step."""
    return np.concatenate([np.zeros_like(sums[:1]), sums[:-1]])
