"""Training of nets through skorch: a fixed number of steps, every draw from one generator.

Early stopping has no place here: every arm takes the same number of steps, which follows from
the real samples alone, so that what differs between arms is what they are meant to differ in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from skorch import NeuralNet
from skorch.callbacks import Callback, LRScheduler
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from augmentors.core.job import Job
from augmentors.learners.losses import log_priors
from augmentors.learners.losses.ldam import SCALE
from augmentors.learners.nets.batches import Batches
from augmentors.learners.nets.criteria import Criterion, DeferredWeights, criterion_of
from augmentors.learners.nets.parts import cosine_head, linear_head
from augmentors.learners.objectives import HEAD_MIN_STEPS, HEAD_SHARE, Objective
from augmentors.learners.weighting import Weighting

BATCH = 64
_CHUNK = 512


@dataclass(frozen=True)
class Schedule:
    """How long and how fast a net learns.

    Parameters
    ----------
    steps : int
    learning_rate : float
        At its peak, after 30 % of the steps.
    """

    steps: int
    learning_rate: float


@dataclass
class FittedNet:
    """A trained net.

    Parameters
    ----------
    body : Module
        From inputs to features.
    head : Module
        From features to logits.
    scale : float
        What logits are multiplied by before the softmax.
    shift : ndarray, shape (k,)
        What is taken off the logits.
    losses : list of float
        Of every training step.
    """

    body: nn.Module
    head: nn.Module
    scale: float = 1.0
    shift: np.ndarray | float = 0.0
    losses: list[float] = field(default_factory=list)

    def proba(self, X: np.ndarray, job: Job) -> np.ndarray:
        """Return the probability of each class, shape (n, k), float64."""
        with one_torch_thread():
            logits = self.scale * self._through(X, job, self.body, self.head).double().numpy() - self.shift
            return torch.from_numpy(logits).softmax(dim=1).numpy()

    def features(self, X: np.ndarray, job: Job) -> Tensor:
        """Return what the head reads, shape (n, d)."""
        return self._through(X, job, self.body)

    def _through(self, X: np.ndarray, job: Job, *parts: nn.Module) -> Tensor:
        net = nn.Sequential(*parts).eval()
        found = []
        with torch.inference_mode():
            for start in range(0, len(X), _CHUNK):
                job.check()
                found.append(net(torch.from_numpy(X[start : start + _CHUNK])))
        return torch.cat(found).clone()


def fit_net(
    build: Callable[[torch.Generator], tuple[nn.Module, int]],
    X: np.ndarray,
    codes: np.ndarray,
    schedule: Schedule,
    seed: int,
    job: Job,
    weighting: Weighting | None = None,
    objective: Objective | None = None,
) -> FittedNet:
    """Return a net trained by an objective; cross-entropy, weighted or not, when it is left out.

    Parameters
    ----------
    build : callable
        Returns the body, its weights drawn from the generator, and the number of its features.
    X : ndarray, shape (n, …)
        One row per sample, as the body reads it.
    codes : ndarray of int, shape (n,)
        Every class from 0 to the largest occurs.
    schedule : Schedule
    seed : int
        The only source of randomness.
    job : Job
        Asked whether to go on before every step.
    weighting : {"balanced", "effective"}, optional
    objective : Objective, optional
    """
    generator = torch.Generator().manual_seed(seed % 2**63)
    counts = np.bincount(codes)
    rows, y = torch.from_numpy(X), torch.from_numpy(codes.astype(np.int64))
    with one_torch_thread():
        body, width = build(generator)
        make_head = cosine_head if objective == "ldam_drw" else linear_head
        fitted = FittedNet(body, make_head(width, len(counts), generator))
        criterion = criterion_of(counts, weighting, objective)
        callbacks = [DeferredWeights(counts, schedule.steps)] if objective == "ldam_drw" else []
        batches = partial(Batches, steps=schedule.steps, generator=generator)
        fitted.losses += _train(nn.Sequential(body, fitted.head), rows, y, criterion, batches, schedule, job, callbacks)
        if objective == "ldam_drw":
            fitted.scale = SCALE
        elif objective == "logit_adjustment":
            fitted.shift = log_priors(counts)
        elif objective == "crt":
            _retrain_head(fitted, X, y, schedule, generator, job)
    return fitted


def _retrain_head(
    fitted: FittedNet, X: np.ndarray, y: Tensor, schedule: Schedule, generator: torch.Generator, job: Job
) -> None:
    """Train a new head on balanced batches of the frozen body's features.

    References
    ----------
    Kang et al. (2020), Decoupling representation and classifier for long-tailed recognition, ICLR (cRT).
    """
    features = fitted.features(X, job)
    fitted.head = linear_head(features.shape[1], int(y.max()) + 1, generator)
    steps = max(HEAD_MIN_STEPS, int(HEAD_SHARE * schedule.steps))
    batches = partial(Batches, steps=steps, generator=generator, balanced=True)
    short = Schedule(steps, schedule.learning_rate)
    fitted.losses += _train(fitted.head, features, y, Criterion(cross_entropy), batches, short, job)


class _Asks(Callback):
    """Asks before every step whether to go on."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def on_batch_begin(self, net: NeuralNet, **kwargs: Any) -> None:
        self.job.check()


def _train(
    module: nn.Module,
    X: Tensor,
    y: Tensor,
    criterion: Criterion,
    batches: Callable[..., Batches],
    schedule: Schedule,
    job: Job,
    callbacks: list[Callback] | None = None,
) -> list[float]:
    """Train a module for the schedule's steps and return the loss of each."""
    pace = LRScheduler(
        torch.optim.lr_scheduler.OneCycleLR,
        step_every="batch",
        max_lr=schedule.learning_rate,
        total_steps=schedule.steps,
    )
    net = NeuralNet(
        module,
        criterion,
        optimizer=torch.optim.Adam,
        optimizer__weight_decay=1e-4,
        lr=schedule.learning_rate,
        # One "epoch" holds all steps: their number, not a pass over the samples, is what all arms share.
        max_epochs=1,
        batch_size=BATCH,
        iterator_train=batches,
        train_split=None,
        callbacks=[pace, _Asks(job), *(callbacks or [])],
        callbacks__print_log=None,
        verbose=0,
    ).initialize()
    # Not `fit`, which swallows a KeyboardInterrupt.
    net.notify("on_train_begin", X=X, y=y)
    net.fit_loop(X, y)
    net.notify("on_train_end", X=X, y=y)
    return [float(step["train_loss"]) for step in net.history[0]["batches"]]


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Use one thread inside: more are slower on small nets and shared cores, and could change bytes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
