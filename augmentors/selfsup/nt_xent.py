"""The loss of SimCLR: each view must find the other view of its sample among all views of the batch.

References
----------
Chen, Kornblith, Norouzi & Hinton (2020), A Simple Framework for Contrastive Learning of Visual Representations, ICML.
"""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Return the normalised temperature-scaled cross-entropy of two views per sample.

    With z the 2n unit vectors of both views and s the matrix of their cosines
    over the temperature, the mean over all i of -log(exp(s[i, j]) /
    sum(exp(s[i, k]) for k != i)), j being the other view of i's sample.

    Parameters
    ----------
    first, second : Tensor, shape (n, d)
        Row i of both belongs to the same sample; n is 2 or more.
    temperature : float
    """
    n = len(first)
    views = normalize(torch.cat([first, second]), dim=1)
    cosines = views @ views.T / temperature
    # No view is compared with itself.
    cosines = cosines.masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    other = torch.arange(2 * n).roll(n)
    return cross_entropy(cosines, other)
