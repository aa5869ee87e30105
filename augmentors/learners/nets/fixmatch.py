"""Training of nets by FixMatch: what a net is sure of on a weak view of a sample, it must say of a strong view too.

References
----------
Sohn, Berthelot, Li et al. (2020), FixMatch: simplifying semi-supervised learning with consistency and confidence,
NeurIPS 33, 596–608.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from augmentors.core.job import Job
from augmentors.learners.nets.parts import linear_head
from augmentors.learners.nets.training import BATCH, FittedNet, Schedule, one_torch_thread

# Of the paper: confidence from which a weak view's class counts, and the weight of the unlabelled loss.
SURE = 0.95
WEIGHT = 1.0
# Unlabelled samples per labelled one; the paper's seven would take twice as long here.
RATIO = 3


class Views(ABC):
    """Weak and strong views of unlabelled samples, and weak ones of labelled samples."""

    @abstractmethod
    def __len__(self) -> int:
        """Return how many unlabelled samples there are."""

    @abstractmethod
    def weak(self, at: Tensor, generator: torch.Generator) -> Tensor:
        """Return weak views of unlabelled samples, as the body reads them."""

    @abstractmethod
    def strong(self, at: Tensor, generator: torch.Generator) -> Tensor:
        """Return strong views of unlabelled samples."""

    def of_labelled(self, X: Tensor, generator: torch.Generator) -> Tensor:
        """Return weak views of labelled samples; as they are by default."""
        return X


class VectorViews(Views):
    """Views that were computed before: embeddings of texts, and of the same texts changed by EDA.

    Parameters
    ----------
    weak : ndarray, shape (n, d)
    strong : sequence of ndarray, each of shape (n, d)
        One of them is drawn for each sample each time.
    """

    def __init__(self, weak: np.ndarray, strong: list[np.ndarray]) -> None:
        self._weak, self._strong = torch.from_numpy(weak), torch.from_numpy(np.stack(strong))

    def __len__(self) -> int:
        return len(self._weak)

    def weak(self, at: Tensor, generator: torch.Generator) -> Tensor:
        return self._weak[at]

    def strong(self, at: Tensor, generator: torch.Generator) -> Tensor:
        return self._strong[torch.randint(len(self._strong), (len(at),), generator=generator), at]


@dataclass
class Matched:
    """A net trained by FixMatch, and how much of the unlabelled data counted.

    Parameters
    ----------
    net : FittedNet
        With the loss of every step, both parts of it.
    sure : list of float
        Share of each step's unlabelled samples whose weak view was sure enough.
    """

    net: FittedNet
    sure: list[float] = field(default_factory=list)


def fit_fixmatch(
    build: Callable[[torch.Generator], tuple[nn.Module, int]],
    X: np.ndarray,
    codes: np.ndarray,
    views: Views,
    schedule: Schedule,
    seed: int,
    job: Job,
) -> Matched:
    """Return a net trained on labelled samples and on its own sure predictions for unlabelled ones.

    Parameters
    ----------
    build : callable
        Returns the body, its weights drawn from the generator, and the number of its features.
    X : ndarray, shape (n, …)
    codes : ndarray of int, shape (n,)
    views : Views
    schedule : Schedule
        As for training without unlabelled samples: as many steps.
    seed : int
        The only source of randomness.
    job : Job
        Asked whether to go on before every step.
    """
    generator = torch.Generator().manual_seed(seed % 2**63)
    rows, y = torch.from_numpy(X), torch.from_numpy(codes.astype(np.int64))
    with one_torch_thread():
        body, width = build(generator)
        matched = Matched(FittedNet(body, linear_head(width, int(y.max()) + 1, generator)))
        net = nn.Sequential(body, matched.net.head).train()
        optimiser = torch.optim.Adam(net.parameters(), lr=schedule.learning_rate, weight_decay=1e-4)
        pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=schedule.learning_rate, total_steps=schedule.steps)
        labelled = passes(len(y), BATCH, schedule.steps, generator)
        unlabelled = passes(len(views), RATIO * BATCH, schedule.steps, generator)
        for own, other in zip(labelled, unlabelled, strict=True):
            job.check()
            weak, strong = views.weak(other, generator), views.strong(other, generator)
            # One pass for all three, so that batch statistics are of labelled and unlabelled samples alike.
            inputs = torch.cat([part.float() for part in (views.of_labelled(rows[own], generator), weak, strong)])
            logits, weak_logits, strong_logits = net(inputs).split([len(own), len(other), len(other)])
            unsupervised, share = consistency(weak_logits, strong_logits)
            loss = cross_entropy(logits, y[own]) + WEIGHT * unsupervised
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
            matched.net.losses.append(float(loss.detach()))
            matched.sure.append(share)
        net.eval()
    return matched


def consistency(weak: Tensor, strong: Tensor, sure: float = SURE) -> tuple[Tensor, float]:
    """Return the loss of strong views against the classes that weak views are sure of, and the share of sure ones.

    The mean is over all samples, sure or not. No gradient flows through the weak views.

    Examples
    --------
    Only the first weak view is sure (0.98); its strong view gives that class 0.5, and −ln 0.5 halves over two:

    >>> weak, strong = torch.tensor([[4.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 0.0], [0.0, 9.0]])
    >>> loss, share = consistency(weak, strong)
    >>> round(float(loss), 4), share
    (0.3466, 0.5)
    """
    confidence, codes = weak.detach().softmax(dim=1).max(dim=1)
    counts = (confidence >= sure).float()
    loss = (cross_entropy(strong, codes, reduction="none") * counts).mean()
    return loss, float(counts.mean())


def passes(n: int, size: int, steps: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Yield `steps` batches of row numbers: shuffled passes, one after the other."""
    queue, size = torch.empty(0, dtype=torch.int64), min(size, n)
    for _ in range(steps):
        if len(queue) < size:
            queue = torch.cat([queue, torch.randperm(n, generator=generator)])
        yield queue[:size]
        queue = queue[size:]
