"""Logistic regression as every kind of data uses it."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

MAX_ITER = 200


Weights = Mapping[int, float]


def logistic(weight: Weights | None, C: float = 1.0) -> Any:
    """Return an unfitted multinomial logistic regression; see `fit_logistic`."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=C, max_iter=MAX_ITER, class_weight=weight)


def fit_logistic(X: Any, codes: np.ndarray, weight: Weights | None, C: float = 1.0) -> Any:
    """Return a multinomial logistic regression fitted by L-BFGS.

    Parameters
    ----------
    X : array or sparse matrix, shape (n, d)
    codes : ndarray of int, shape (n,)
    weight : mapping of int to float, optional
        Per class.
    C : float
        Inverse strength of the L2 penalty.
    """
    with stopping_is_meant():
        return logistic(weight, C).fit(X, codes)


@contextmanager
def stopping_is_meant() -> Iterator[None]:
    """Keep scikit-learn quiet inside: stopping after 200 steps is a choice of every arm that the card states."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


class Standardiser:
    """Centre and scale dense features, so that the penalty treats them alike."""

    def __init__(self, X: np.ndarray) -> None:
        self._mean = X.mean(axis=0, dtype=np.float64)
        spread = X.std(axis=0, dtype=np.float64)
        self._spread = np.where(spread > 1e-8, spread, 1.0)

    def __call__(self, X: np.ndarray) -> np.ndarray:
        return ((X - self._mean) / self._spread).astype(np.float32)
