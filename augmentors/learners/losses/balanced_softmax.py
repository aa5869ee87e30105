"""Softmax that knows how many samples each class has: in training (balanced softmax) or afterwards (adjustment)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


def log_priors(counts: np.ndarray) -> np.ndarray:
    """Return the logarithm of each class's share, shape (k,)."""
    counts = np.asarray(counts, dtype=np.float64)
    return np.log(counts / counts.sum())


def balanced_softmax(logits: Tensor, targets: Tensor, prior: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return the mean cross-entropy of logits + log prior.

    The net learns what tells classes apart beyond their size: its plain softmax, without the prior, is what it
    predicts where all classes are equally frequent. The logit-adjusted loss with τ = 1 is the same.

    Parameters
    ----------
    logits : Tensor, shape (n, k)
    targets : Tensor of int64, shape (n,)
    prior : Tensor, shape (k,)
        `log_priors` of the training part.
    weight : Tensor, shape (k,), optional
        Per class; the mean is then weighted.

    References
    ----------
    Ren et al. (2020), Balanced meta-softmax for long-tailed visual recognition, NeurIPS.
    Menon et al. (2021), Long-tail learning via logit adjustment, ICLR.
    """
    from torch.nn.functional import cross_entropy

    return cross_entropy(logits + prior, targets, weight=weight)


def logit_adjusted(logits: np.ndarray, prior: np.ndarray, tau: float = 1.0) -> np.ndarray:
    """Return the logits of a plainly trained net without the share of each class, shape (n, k).

    Parameters
    ----------
    logits : ndarray, shape (n, k)
        Log-probabilities do as well.
    prior : ndarray, shape (k,)
        `log_priors` of the training part.
    tau : float
        How much of it is taken off; 1 is consistent for the balanced error.

    References
    ----------
    Menon et al. (2021), Long-tail learning via logit adjustment, ICLR.
    """
    return logits - tau * prior
