"""Batches of a fixed number of steps."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor


class Batches:
    """A fixed number of batches, as skorch iterates over them: whole tensors are indexed, no sample is copied alone.

    Parameters
    ----------
    dataset : skorch.dataset.Dataset
    batch_size : int
    steps : int
    generator : torch.Generator
    balanced : bool
        Whether each sample's class is drawn first, all classes alike; else shuffled passes follow each other.
    """

    def __init__(
        self, dataset: Any, batch_size: int, steps: int, generator: torch.Generator, balanced: bool = False
    ) -> None:
        self._X, self._y = dataset.X, dataset.y
        self._size, self._steps, self._generator = batch_size, steps, generator
        self._rows = self._balanced if balanced else self._passes

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs and targets of each batch."""
        for rows in self._rows():
            yield self._X[rows], self._y[rows]

    def _passes(self) -> Iterator[Tensor]:
        queue, n = torch.empty(0, dtype=torch.int64), len(self._y)
        size = min(self._size, n)
        for _ in range(self._steps):
            if len(queue) < size:
                queue = torch.cat([queue, torch.randperm(n, generator=self._generator)])
            yield queue[:size]
            queue = queue[size:]

    def _balanced(self) -> Iterator[Tensor]:
        counts = torch.bincount(self._y)
        start = counts.cumsum(0) - counts
        by_class = self._y.argsort(stable=True)
        for _ in range(self._steps):
            drawn = torch.randint(len(counts), (self._size,), generator=self._generator)
            within = torch.rand(self._size, generator=self._generator, dtype=torch.float64) * counts[drawn]
            yield by_class[start[drawn] + within.long()]
