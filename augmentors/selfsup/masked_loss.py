"""The loss of masked-image prediction: how far rebuilt pixels lie from the real ones, where they were hidden.

References
----------
Xie, Zhang, Cao et al. (2022), SimMIM: A Simple Framework for Masked Image Modeling, CVPR.
"""

import torch
from torch import Tensor


def draw_mask(n: int, side: int, patch: int, share: float, generator: torch.Generator) -> Tensor:
    """Return which pixels of n images are hidden, whole patches of them, float of 0 and 1, (n, 1, side, side).

    Each image hides the same number of patches: `share` of them, rounded, one at least, and one is left to see.
    """
    across = side // patch
    hidden = min(max(round(share * across**2), 1), across**2 - 1)
    order = torch.rand(n, across**2, generator=generator).argsort(dim=1)
    mask = torch.zeros(n, across**2).scatter(1, order[:, :hidden], 1.0).reshape(n, 1, across, across)
    return mask.repeat_interleave(patch, dim=2).repeat_interleave(patch, dim=3)


def masked_error(made: Tensor, real: Tensor, mask: Tensor) -> Tensor:
    """Return the mean absolute difference over hidden pixels; what was visible does not count.

    Parameters
    ----------
    made, real : Tensor, shape (n, channels, side, side)
    mask : Tensor of 0 and 1, shape (n, 1, side, side)
    """
    return ((made - real).abs() * mask).sum() / (mask.sum() * made.shape[1])
