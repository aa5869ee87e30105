"""Logistic regression as every kind of data uses it."""

import warnings
from typing import Any

import numpy as np

MAX_ITER = 200


def fit_logistic(X: Any, codes: np.ndarray, weight: str | None, C: float = 1.0) -> Any:
    """Return a multinomial logistic regression fitted by L-BFGS.

    Parameters
    ----------
    X : array or sparse matrix, shape (n, d)
    codes : ndarray of int, shape (n,)
    weight : {"balanced"} or None
    C : float
        Inverse strength of the L2 penalty.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, max_iter=MAX_ITER, class_weight=weight)
    with warnings.catch_warnings():
        # Stopping after 200 steps is a choice that every arm shares, and the card states it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X, codes)


class Standardiser:
    """Centre and scale dense features, so that the penalty treats them alike."""

    def __init__(self, X: np.ndarray) -> None:
        self._mean = X.mean(axis=0, dtype=np.float64)
        spread = X.std(axis=0, dtype=np.float64)
        self._spread = np.where(spread > 1e-8, spread, 1.0)

    def __call__(self, X: np.ndarray) -> np.ndarray:
        return ((X - self._mean) / self._spread).astype(np.float32)
