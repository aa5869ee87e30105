"""How far predictions of a number are off: over all rows, over each range, and by relevance."""

from __future__ import annotations

import numpy as np

from augmentors.core.ranges import Ranges

MACRO, RARE = "macro_mae", "rare_mae"
TARGET_METRICS: dict[str, str] = {
    MACRO: "Mean absolute error, each range counting the same",
    RARE: "Mean absolute error in rare ranges",
    "mae": "Mean absolute error",
    "rmse": "Root mean squared error",
    "sera": "Squared error-relevance area, per row",
}


def target_scores(true: np.ndarray, predicted: np.ndarray, ranges: Ranges) -> dict[str, float]:
    """Return all metrics of one set of predictions; lower is better in each, NaN where there is no row.

    The area under the curve of squared errors of rows with a relevance of at
    least t, over t from 0 to 1, equals the sum of squared errors weighted by
    relevance; it is divided by the number of rows.

    References
    ----------
    Ribeiro & Moniz (2020), Imbalanced regression and extreme value prediction, Machine Learning 109, 1803–1835.

    Examples
    --------
    >>> ranges = Ranges("y", (10.0,), (False, True), "given")
    >>> target_scores(np.array([1.0, 2.0, 20.0]), np.array([2.0, 2.0, 14.0]), ranges)
    {'macro_mae': 3.25, 'rare_mae': 6.0, 'mae': 2.333..., 'rmse': 3.511..., 'sera': 12.0}
    """
    errors = np.abs(predicted - true)
    by_range = range_errors(true, predicted, ranges)
    rare = np.asarray(ranges.rare)[ranges.codes(true)]
    known = [one for one in by_range.values() if np.isfinite(one)]
    return {
        MACRO: float(np.mean(known)) if known else float("nan"),
        RARE: _mean(errors[rare]),
        "mae": _mean(errors),
        "rmse": float(np.sqrt(_mean(errors**2))),
        "sera": _mean(ranges.relevances(true) * errors**2),
    }


def range_errors(true: np.ndarray, predicted: np.ndarray, ranges: Ranges) -> dict[str, float]:
    """Return the mean absolute error in each range; NaN where it holds no row."""
    codes, errors = ranges.codes(true), np.abs(predicted - true)
    return {name: _mean(errors[codes == i]) for i, name in enumerate(ranges.names)}


def range_biases(true: np.ndarray, predicted: np.ndarray, ranges: Ranges) -> dict[str, float]:
    """Return by how much predictions are too high on average in each range; NaN where it holds no row."""
    codes, gaps = ranges.codes(true), predicted - true
    return {name: _mean(gaps[codes == i]) for i, name in enumerate(ranges.names)}


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
