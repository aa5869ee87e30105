"""A small convolutional net for images, trained from scratch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners.base import Learner, LearnerCard
from augmentors.learners.features import SIDE
from augmentors.learners.weighting import class_weights

BATCH = 64
_EPOCHS, _MIN_STEPS, _MAX_STEPS = 6, 100, 250


class SmallCnn(Learner):
    """Three convolutions on 32 × 32 thumbnails.

    The number of steps follows from the number of real images alone, so an
    arm with more images is not trained longer: what differs is the data.
    All randomness comes from one `torch.Generator`; torch's global state and
    number of threads are as before afterwards.
    """

    card = LearnerCard(
        "small_cnn",
        "Small CNN",
        "image",
        "Three convolutions trained from scratch on images squeezed to 32 × 32; "
        f"about {_EPOCHS} passes over the real images ({_MIN_STEPS} to {_MAX_STEPS} steps of {BATCH}), "
        "the same number of steps in every arm.",
        effort=10.0,
        features="pixels",
    )

    def _fit(self, train: Dataset, extra: Samples | None, codes: np.ndarray, job: Job) -> None:
        import torch

        pixels = self.features.of("pixels", train, extra, job)
        generator = torch.Generator().manual_seed(self.seed % 2**63)
        n_classes = int(codes.max()) + 1
        steps = int(np.clip(_EPOCHS * len(train) // BATCH, _MIN_STEPS, _MAX_STEPS))
        weight = None if self.class_weight is None else class_weights(codes, self.class_weight)
        with _one_torch_thread():
            self._shift, self._scale = _colour_range(pixels)
            self._net = _build(n_classes, generator)
            X = torch.from_numpy(pixels)
            y = torch.from_numpy(codes.astype(np.int64))
            losses = None if weight is None else torch.from_numpy(weight.astype(np.float32))
            self._train_net(X, y, losses, steps, generator, job)

    def _train_net(self, X: Any, y: Any, weight: Any, steps: int, generator: Any, job: Job) -> None:
        import torch
        from torch.nn.functional import cross_entropy

        optimiser = torch.optim.Adam(self._net.parameters(), lr=3e-3, weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=6e-3, total_steps=steps)
        self._net.train()
        for rows in _batches(len(y), steps, generator):
            job.check()
            loss = cross_entropy(self._net(self._input(X[rows])), y[rows], weight=weight)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        self._net.eval()

    def _proba(self, dataset: Dataset, job: Job) -> np.ndarray:
        import torch

        X = torch.from_numpy(self.features.of("pixels", dataset, None, job))
        parts = []
        with _one_torch_thread(), torch.inference_mode():
            for start in range(0, len(X), 512):
                job.check()
                logits = self._net(self._input(X[start : start + 512]))
                parts.append(torch.softmax(logits.double(), dim=1).numpy())
        return np.concatenate(parts)

    def _input(self, pixels: Any) -> Any:
        images = pixels.reshape(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).float()
        return (images - self._shift) / self._scale


def _build(n_classes: int, generator: Any) -> Any:
    """Return the net, its weights drawn from the generator (constructors would draw from global state)."""
    from torch import nn
    from torch.nn.utils import skip_init

    layers: list[nn.Module] = []
    # The first one halves by its stride: pooling full-size maps took half of the time.
    for before, after, stride in ((3, 16, 2), (16, 32, 1), (32, 64, 1)):
        conv = skip_init(nn.Conv2d, before, after, kernel_size=3, stride=stride, padding=1, bias=False)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu", generator=generator)
        layers += [conv, nn.BatchNorm2d(after), nn.ReLU()]
        if stride == 1:
            layers.append(nn.MaxPool2d(2))
    head = skip_init(nn.Linear, 64 * (SIDE // 8) ** 2, n_classes)
    nn.init.xavier_normal_(head.weight, generator=generator)
    nn.init.zeros_(head.bias)
    return nn.Sequential(*layers, nn.Flatten(), head)


def _batches(n: int, steps: int, generator: Any) -> Iterator[Any]:
    """Yield `steps` batches of row numbers: shuffled passes, one after the other."""
    import torch

    queue = torch.empty(0, dtype=torch.int64)
    size = min(BATCH, n)
    for _ in range(steps):
        if len(queue) < size:
            queue = torch.cat([queue, torch.randperm(n, generator=generator)])
        yield queue[:size]
        queue = queue[size:]


def _colour_range(pixels: np.ndarray) -> tuple[Any, Any]:
    """Return mean and spread per colour, each of shape (3, 1, 1)."""
    import torch

    colours = pixels.reshape(-1, 3)
    mean = colours.mean(axis=0, dtype=np.float64)
    spread = np.maximum(colours.std(axis=0, dtype=np.float64), 1.0)
    return (
        torch.from_numpy(mean.astype(np.float32)).reshape(3, 1, 1),
        torch.from_numpy(spread.astype(np.float32)).reshape(3, 1, 1),
    )


@contextmanager
def _one_torch_thread() -> Iterator[None]:
    """Use one thread inside: more are slower on small nets and shared cores, and could change bytes."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
