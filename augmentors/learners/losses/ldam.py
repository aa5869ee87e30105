"""LDAM: the rarer a class, the wider its margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

MAX_MARGIN, SCALE = 0.5, 30.0


def ldam_margins(counts: np.ndarray, max_margin: float = MAX_MARGIN) -> np.ndarray:
    """Return a margin per class in proportion to n^(−1/4), the rarest class's at its maximum, shape (k,).

    Examples
    --------
    A class of 16 times the samples gets half of the margin:

    >>> ldam_margins(np.array([160, 10])).tolist()
    [0.25, 0.5]
    """
    counts = np.asarray(counts, dtype=np.float64)
    return max_margin * (counts / counts.min()) ** -0.25


def ldam(
    cosines: Tensor, targets: Tensor, margins: Tensor, scale: float = SCALE, weight: Tensor | None = None
) -> Tensor:
    """Return the mean cross-entropy of scale · (cosine − margin of the target).

    Parameters
    ----------
    cosines : Tensor, shape (n, k)
        Cosines between features and the classes' directions.
    targets : Tensor of int64, shape (n,)
    margins : Tensor, shape (k,)
        See `ldam_margins`.
    scale : float
        Cosines alone are too small for a softmax to be sure.
    weight : Tensor, shape (k,), optional
        Deferred re-weighting: none at first, `class_balanced_weights` in the last fifth of the training.

    References
    ----------
    Cao, Wei, Gaidon, Arechiga & Ma (2019), Learning imbalanced datasets with label-distribution-aware margin loss,
    NeurIPS.
    """
    from torch.nn.functional import cross_entropy, one_hot

    is_target = one_hot(targets, cosines.shape[1]).to(cosines.dtype)
    return cross_entropy(scale * (cosines - is_target * margins), targets, weight=weight)
