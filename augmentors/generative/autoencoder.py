"""The encoder–decoder of DeepSMOTE: learns to rebuild images, also from the code of a class mate."""

from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import numpy as np

from augmentors.core.job import Job
from augmentors.generative.nets import decoder, encoder, one_torch_thread
from augmentors.generative.trainer import Cancel, Checkpoint, History, Progress, fit_loop, warm_cosine

BATCH, CLASS_BATCH = 64, 16
HELD_OUT_SHARE, HELD_OUT_MOST = 0.1, 256
ENOUGH_TO_HOLD_OUT = 20
EDGE_WEIGHT = 0.5


@dataclass(frozen=True)
class Design:
    """Shape of the nets: image side and colours, channels of the first map, length of a code."""

    size: int
    channels: int
    width: int
    latent: int


@dataclass(frozen=True)
class Training:
    """How it is trained: steps, learning rate, weight of the penalty."""

    steps: int
    learning_rate: float
    penalty: float


@dataclass(frozen=True)
class Quality:
    """How well images are rebuilt.

    Parameters
    ----------
    error : float
        Mean absolute difference in grey levels (of 255).
    sharpness : float
        Contrast of fine detail in rebuilt images, as a share of the real ones'.
    held_out : bool
        Whether the images measured were kept out of the training steps.
    best_step : int
        Step whose weights were kept.
    """

    error: float
    sharpness: float
    held_out: bool
    best_step: int


class Autoencoder:
    """A convolutional encoder and decoder; weights are held as arrays, so it travels to worker processes."""

    def __init__(self, design: Design, weights: dict[str, np.ndarray]) -> None:
        self.design, self.weights = design, weights
        self._nets: Any = None

    @classmethod
    def fit(
        cls,
        images: np.ndarray,
        classes: np.ndarray,
        design: Design,
        training: Training,
        rng: np.random.Generator,
        job: Job,
    ) -> tuple[Self, Quality, History]:
        """Train on images.

        Each step takes a batch of all images and a few of one class, and lowers
        the error of rebuilding them all, plus `penalty` times the error of
        rebuilding the class's images from each other's codes (permuted).
        Errors are absolute differences of pixels and, by half, of their edges:
        squared ones, as in the paper, give blurrier images.

        Parameters
        ----------
        images : ndarray of uint8, shape (n, size, size, channels)
        classes : ndarray of int, shape (n,)
        """
        import torch

        with one_torch_thread():
            task = _Task(images, classes, design, training, rng)
            history = History()
            best = Checkpoint(task.error, task.weights, task.put, max(training.steps // 10, 25))
            watchers = [Cancel(job), history, best, Progress(job, "Training the encoder and decoder")]
            fit_loop(task.step, training.steps, watchers)
            with torch.inference_mode():
                sharpness = task.sharpness()
        quality = Quality(best.best, sharpness, task.held_out, best.at)
        return cls(design, task.weights()), quality, history

    def encode(self, images: np.ndarray) -> np.ndarray:
        """Return the codes of images (n, size, size, channels), float64, shape (n, latent)."""
        import torch

        if not len(images):
            return np.empty((0, self.design.latent))
        with one_torch_thread(), torch.inference_mode():
            net = self._built()[0]
            parts = [net(as_input(images[i : i + BATCH])).double().numpy() for i in range(0, len(images), BATCH)]
        return np.concatenate(parts)

    def decode(self, code: np.ndarray) -> np.ndarray:
        """Return the image of one code as uint8, shape (size, size) when grey, else (size, size, 3).

        One at a time: in a batch the last bits would depend on its size.
        """
        import torch

        with one_torch_thread(), torch.inference_mode():
            made = self._built()[1](torch.from_numpy(code.astype(np.float32)).unsqueeze(0))[0]
            levels = (made.permute(1, 2, 0).numpy() + 1) * 127.5
        image: np.ndarray = np.rint(levels).clip(0, 255).astype(np.uint8)
        return image[:, :, 0] if self.design.channels == 1 else image

    @property
    def hash(self) -> str:
        """Hash of the design and every weight."""
        state = blake2b(repr(sorted(asdict(self.design).items())).encode(), digest_size=16)
        for name in sorted(self.weights):
            state.update(f"{name} {self.weights[name].dtype} {self.weights[name].shape}".encode())
            state.update(np.ascontiguousarray(self.weights[name]).tobytes())
        return state.hexdigest()

    def save(self, path: Path) -> None:
        """Write the weights as safetensors, the design beside them as metadata."""
        from safetensors.numpy import save_file

        save_file(self.weights, path, {name: str(value) for name, value in asdict(self.design).items()})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return what `save` wrote."""
        from safetensors import safe_open

        with safe_open(path, "numpy") as file:
            facts = file.metadata()
            design = Design(*(int(facts[name]) for name in ("size", "channels", "width", "latent")))
            return cls(design, {name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118 - no mapping

    def __getstate__(self) -> dict[str, Any]:
        return {"design": self.design, "weights": self.weights, "_nets": None}

    def _built(self) -> Any:
        if self._nets is None:
            import torch

            nets = _nets(self.design, torch.Generator())
            nets.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()})
            self._nets = nets.eval()
        return self._nets


def as_input(images: np.ndarray) -> Any:
    """Return uint8 images (n, size, size, channels) as a tensor (n, channels, size, size) in [-1, 1]."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2))).float() / 127.5 - 1


def _nets(design: Design, generator: Any) -> Any:
    from torch import nn

    shape = (design.size, design.channels, design.width, design.latent, generator)
    return nn.ModuleList([encoder(*shape), decoder(*shape)])


class _Task:
    """What is trained: nets, images, the drawing of batches, one step."""

    def __init__(
        self, images: np.ndarray, classes: np.ndarray, design: Design, training: Training, rng: np.random.Generator
    ) -> None:
        import torch

        self._images, self._training, self._rng = images, training, rng
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        self._nets = _nets(design, generator)
        self._optimiser = torch.optim.Adam(self._nets.parameters(), lr=training.learning_rate)
        order = rng.permutation(len(images))
        n_held = min(int(len(images) * HELD_OUT_SHARE), HELD_OUT_MOST) if len(images) >= ENOUGH_TO_HOLD_OUT else 0
        self.held_out = n_held > 0
        self._judged = order[:n_held] if n_held else order[:HELD_OUT_MOST]
        self._pool = np.sort(order[n_held:])
        self._by_class = [self._pool[classes[self._pool] == code] for code in np.unique(classes[self._pool])]
        self._queue = np.empty(0, np.int64)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        import torch

        for group in self._optimiser.param_groups:
            group["lr"] = self._training.learning_rate * warm_cosine(i, self._training.steps)
        mates = self._class_mates()
        real = as_input(self._images[np.concatenate([self._batch(), mates])])
        codes = self._nets[0](real)
        m, penalty = len(mates), self._training.penalty
        permuted = codes[-m:][torch.from_numpy(self._rng.permutation(m))]
        rebuilt = self._nets[1](torch.cat([codes, permuted]))
        loss = _gap(rebuilt[: len(real)], real)
        if penalty:
            loss = loss + penalty * _gap(rebuilt[len(real) :], real[-m:])
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())

    def error(self) -> float:
        """Return the mean absolute error of the judged images, in grey levels."""
        rebuilt, real = self._judged_images()
        return float((rebuilt - real).abs().mean()) * 127.5

    def sharpness(self) -> float:
        """Return the spread of second differences in rebuilt images, as a share of the real ones'."""
        rebuilt, real = (float(_detail(part)) for part in self._judged_images())
        return rebuilt / real if real > 0 else 1.0

    def weights(self) -> dict[str, np.ndarray]:
        """Return a copy of all weights."""
        return {name: value.detach().numpy().copy() for name, value in self._nets.state_dict().items()}

    def put(self, weights: dict[str, np.ndarray]) -> None:
        """Put weights back."""
        import torch

        self._nets.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})

    def _judged_images(self) -> tuple[Any, Any]:
        import torch

        real = as_input(self._images[self._judged])
        self._nets.eval()
        with torch.inference_mode():
            rebuilt = self._nets[1](self._nets[0](real))
        self._nets.train()
        return rebuilt, real

    def _batch(self) -> np.ndarray:
        """Return the next images of shuffled passes over all of them."""
        size = min(BATCH, len(self._pool))
        if len(self._queue) < size:
            self._queue = np.concatenate([self._queue, self._rng.permutation(self._pool)])
        batch, self._queue = self._queue[:size], self._queue[size:]
        return batch

    def _class_mates(self) -> np.ndarray:
        own = self._by_class[self._rng.integers(len(self._by_class))]
        return self._rng.choice(own, min(CLASS_BATCH, len(own)), replace=False)


def _gap(made: Any, real: Any) -> Any:
    """Return the mean absolute difference of pixels and, weighted, of horizontal and vertical edges."""
    total = (made - real).abs().mean()
    for axis in (2, 3):
        total = total + EDGE_WEIGHT * (made.diff(dim=axis) - real.diff(dim=axis)).abs().mean()
    return total


def _detail(images: Any) -> Any:
    return sum(images.diff(n=2, dim=axis).var() for axis in (2, 3))
