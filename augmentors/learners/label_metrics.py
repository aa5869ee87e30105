"""How well several labels per sample are predicted; all on weighted samples, so that bootstraps cost little."""

from __future__ import annotations

import numpy as np

MACRO_AP = "macro_average_precision"
LABEL_METRICS: dict[str, str] = {
    MACRO_AP: "Average precision, each label counting the same",
    "macro_f1": "F1, each label counting the same",
    "micro_f1": "F1, each decision counting the same",
    "hamming": "Hamming loss",
}
LOWER = frozenset({"hamming"})


def label_scores(true: np.ndarray, proba: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Return the metrics of predictions for each of some weightings of the samples.

    Parameters
    ----------
    true : ndarray of bool, shape (n, labels)
    proba : ndarray, shape (n, labels)
        Decided by 0.5.
    weights : ndarray, shape (b, n)
        How often each sample counts in each weighting.

    Returns
    -------
    dict of str to ndarray, shape (b,)
        Labels that no counted sample bears are left out of macro means; NaN without any.

    Examples
    --------
    >>> true = np.array([[1, 0], [0, 1], [1, 1]], dtype=bool)
    >>> proba = np.array([[0.9, 0.6], [0.2, 0.7], [0.4, 0.8]])
    >>> {name: round(float(value[0]), 3) for name, value in label_scores(true, proba, np.ones((1, 3))).items()}
    {'macro_average_precision': 1.0, 'macro_f1': 0.733, 'micro_f1': 0.75, 'hamming': 0.333}
    """
    decided = proba >= 0.5
    hit = weights @ (true & decided)
    borne, called = weights @ true, weights @ decided
    with np.errstate(divide="ignore", invalid="ignore"):
        f1 = np.where(borne > 0, 2 * hit / (borne + called), np.nan)
        micro = 2 * hit.sum(axis=1) / (borne + called).sum(axis=1)
        hamming = (weights @ (true != decided)).sum(axis=1) / (weights.sum(axis=1) * true.shape[1])
    precision = np.stack([weighted_ap(own, p, weights) for own, p in zip(true.T, proba.T, strict=True)], axis=1)
    return {MACRO_AP: _mean(precision), "macro_f1": _mean(f1), "micro_f1": micro, "hamming": hamming}


def per_label(true: np.ndarray, proba: np.ndarray, names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Return average precision and F1 of each label by name; NaN where no sample bears it."""
    weights = np.ones((1, len(true)))
    found: dict[str, dict[str, float]] = {"average_precision": {}, "f1": {}}
    for i, name in enumerate(names):
        own, decided = true[:, i], proba[:, i] >= 0.5
        found["average_precision"][name] = float(weighted_ap(own, proba[:, i], weights)[0])
        total = own.sum() + decided.sum()
        found["f1"][name] = float(2 * (own & decided).sum() / total) if own.any() else float("nan")
    return found


def weighted_ap(true: np.ndarray, proba: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the average precision of one label for each weighting, shape (b,); NaN without a bearer."""
    order = np.argsort(-proba, kind="stable")
    own, sorted_weights = true[order], weights[:, order]
    # Equal probabilities are decided together: precision is that at the end of their group.
    ranked = proba[order]
    ends = np.searchsorted(-ranked, -ranked, side="right") - 1
    hits = sorted_weights * own
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.cumsum(hits, axis=1)[:, ends] / np.cumsum(sorted_weights, axis=1)[:, ends]
        total = hits.sum(axis=1)
        return np.where(total > 0, np.nansum(hits * precision, axis=1) / total, np.nan)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over labels of each row, without those that are NaN."""
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0.0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan)
