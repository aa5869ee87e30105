"""Focal loss: what the net is already sure of counts little."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

GAMMA = 2.0


def focal(logits: Tensor, targets: Tensor, gamma: float = GAMMA, weight: Tensor | None = None) -> Tensor:
    """Return the mean of −(1 − p)^γ log p, where p is the softmax probability of the target.

    Parameters
    ----------
    logits : Tensor, shape (n, k)
    targets : Tensor of int64, shape (n,)
    gamma : float
        0 gives cross-entropy; the paper's choice is 2.
    weight : Tensor, shape (k,), optional
        The paper's α, per class; the mean is then weighted, as in `torch.nn.functional.cross_entropy`.

    References
    ----------
    Lin, Goyal, Girshick, He & Dollár (2017), Focal loss for dense object detection, ICCV.

    Examples
    --------
    A target at p = 0.9 counts a hundredth of its cross-entropy:

    >>> import torch
    >>> logits = torch.tensor([[0.9, 0.1]]).log()
    >>> cross_entropy, lighter = (focal(logits, torch.tensor([0]), gamma).item() for gamma in (0.0, 2.0))
    >>> round(cross_entropy / lighter)
    100
    """
    log_p = logits.log_softmax(dim=1).gather(1, targets[:, None]).squeeze(1)
    # Not 1 − exp(log p), whose gradient is lost where p is almost 1.
    losses = -((-log_p.expm1()).clamp_min(0.0) ** gamma) * log_p
    if weight is None:
        return losses.mean()
    each = weight[targets]
    return (each * losses).sum() / each.sum()
