"""What a net minimises, and when that changes."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from skorch import NeuralNet
from skorch.callbacks import Callback
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from augmentors.learners.losses import balanced_softmax, class_balanced_weights, focal, ldam, ldam_margins, log_priors
from augmentors.learners.objectives import DRW_BETA, DRW_START, Objective
from augmentors.learners.weighting import Weighting, class_weights


class Criterion(nn.Module):
    """A loss of logits and targets; `weight` may be set while training goes on."""

    def __init__(self, loss: Callable[..., Tensor], weight: np.ndarray | None = None) -> None:
        super().__init__()
        self._loss = loss
        self.weight = None if weight is None else as_float(weight)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss of a batch."""
        return self._loss(logits, targets, weight=self.weight)


def criterion_of(counts: np.ndarray, weighting: Weighting | None, objective: Objective | None) -> Criterion:
    """Return what a net minimises at its first step."""
    codes = np.repeat(np.arange(len(counts)), counts)
    if objective == "focal":
        return Criterion(focal)
    if objective == "class_balanced_focal":
        return Criterion(focal, class_weights(codes, "effective"))
    if objective == "balanced_softmax":
        return Criterion(partial(balanced_softmax, prior=as_float(log_priors(counts))))
    if objective == "ldam_drw":
        return Criterion(partial(ldam, margins=as_float(ldam_margins(counts))))
    return Criterion(cross_entropy, None if weighting is None else class_weights(codes, weighting))


class DeferredWeights(Callback):
    """Lets class-balanced weights set in after most of the steps (LDAM-DRW)."""

    def __init__(self, counts: np.ndarray, steps: int) -> None:
        self.counts, self.start = counts, int(DRW_START * steps)

    def on_train_begin(self, net: NeuralNet, **kwargs: Any) -> None:
        self._step = 0

    def on_batch_begin(self, net: NeuralNet, **kwargs: Any) -> None:
        if self._step == self.start:
            net.criterion_.weight = as_float(class_balanced_weights(self.counts, DRW_BETA))
        self._step += 1


def as_float(values: np.ndarray) -> Tensor:
    """Return numbers in single precision, as nets use them."""
    return torch.from_numpy(np.asarray(values, dtype=np.float32))
