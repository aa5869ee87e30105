"""Learners that are nets: they know the losses and strategies for rare classes."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Learner


@dataclass(frozen=True)
class Unlabelled:
    """Samples without labels that FixMatch learns from.

    Parameters
    ----------
    pool : Dataset
    strong : tuple of ndarray
        Strong views that were computed before, as the learner's features are; none where a view is made of the
        sample each time (images).
    """

    pool: Dataset
    strong: tuple[np.ndarray, ...] = ()


class NeuralLearner(Learner):
    """A net on one row of numbers per sample.

    Authors write `_learn_inputs`, `_inputs` and `_build` and declare how long it learns. The number of steps
    follows from the number of different real samples alone, so an arm with more samples is not trained longer.
    All randomness comes from one `torch.Generator`; torch's global state and number of threads are as before
    afterwards.
    """

    epochs = 6
    min_steps, max_steps = 100, 250
    learning_rate = 6e-3
    # Set before `fit`, it makes the net learn by FixMatch.
    unlabelled: Unlabelled | None = None

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        from augmentors.learners.nets.training import BATCH, Schedule, fit_net

        X = self._learn_inputs(train, extra, job)
        steps = int(np.clip(self.epochs * len(set(train.ids)) // BATCH, self.min_steps, self.max_steps))
        schedule = Schedule(steps, self.learning_rate)
        if self.unlabelled is not None:
            from augmentors.learners.nets.fixmatch import fit_fixmatch

            views = self._views(self.unlabelled, job)
            matched = fit_fixmatch(
                lambda generator: self._build(X, generator), X, codes, views, schedule, self.seed, job
            )
            self._net, self.sure_ = matched.net, matched.sure
            return
        self._net = fit_net(
            lambda generator: self._build(X, generator),
            X,
            codes,
            schedule,
            self.seed,
            job,
            self.class_weight,
            self.objective,
        )

    @property
    def losses_(self) -> list[float]:
        """Loss of every training step."""
        return self._net.losses

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        return self._net.proba(self._inputs(dataset, job), job)

    def _views(self, unlabelled: Unlabelled, job: Job) -> Any:
        """Return weak and strong views of unlabelled samples; see `nets.fixmatch.Views`."""
        raise NotImplementedError(f"{self.card.title} has no views of unlabelled samples")

    @abstractmethod
    def _learn_inputs(self, train: Dataset, extra: Samples | None, job: Job) -> np.ndarray:
        """Learn what inputs need (scales, categories) and return those of the training samples, shape (n, …)."""

    @abstractmethod
    def _inputs(self, dataset: Dataset, job: Job) -> np.ndarray:
        """Return what the net reads, shape (n, …)."""

    @abstractmethod
    def _build(self, X: np.ndarray, generator: Any) -> tuple[Any, int]:
        """Return the body, its weights drawn from the generator, and the number of its features."""
