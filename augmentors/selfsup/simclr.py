"""SimCLR: an encoder for which two views of an image lie close together and other images far away."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.generative.trainer import warm_cosine
from augmentors.selfsup.encoder import Encoder, PretextCard
from augmentors.selfsup.encoder import Params as BaseParams
from augmentors.selfsup.pixel_rows import MOST_IMAGES, Passes, as_tensor, chosen, natural_side, read_squares, squares

TURN, NOISE = 10.0, 0.05


class SimClr(Encoder):
    """Train a small convolutional net by contrast between views.

    Examples
    --------
    >>> SimClr(steps=100).params.flip
    False
    """

    card = PretextCard(
        key="simclr",
        title="SimCLR",
        kind="image",
        summary="Learns that two random views of one image belong together and other images apart.",
        avoid="Avoid with a few dozen images, or where position, size or brightness alone tells the classes.",
        references=(
            "Chen, Kornblith, Norouzi & Hinton (2020), A Simple Framework for Contrastive Learning of Visual "
            "Representations, ICML, arXiv:2002.05709.",
        ),
    )

    class Params(BaseParams):
        steps: int = Field(
            600, ge=1, le=100_000, title="Training steps", description="How many batches the net is trained on."
        )
        temperature: float = Field(
            0.2,
            ge=0.02,
            le=2,
            title="Temperature",
            description="Low values push the most similar images apart hardest.",
        )
        least_area: float = Field(
            0.4, ge=0.1, le=1, title="Least area", description="Smallest share of an image that a view shows."
        )
        flip: bool = Field(
            False, title="Mirror views", description="Only where a mirrored image would be of the same class."
        )
        colour: float = Field(
            0.4,
            ge=0,
            le=0.9,
            title="Change of light and colour",
            description="How far brightness, contrast and colour of views may vary; low where colour tells classes.",
            json_schema_extra={"advanced": True},
        )
        batch: int = Field(
            96,
            ge=2,
            le=512,
            title="Batch",
            description="Images per step, each seen in two views and told apart from all others.",
            json_schema_extra={"advanced": True},
        )
        width: int = Field(
            16,
            ge=4,
            le=128,
            title="Width",
            description="Channels of the first convolution; an image becomes eight times as many numbers.",
            json_schema_extra={"advanced": True},
        )
        learning_rate: float = Field(
            0.002,
            gt=0,
            le=0.1,
            title="Learning rate",
            description="Size of the first steps; it falls to zero until the last one.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _fit(self, rows: Dataset, rng: np.random.Generator, job: Job) -> None:
        at = chosen(len(rows), rng)
        if len(at) < len(rows):
            self.notes.append(f"{self.card.title} was trained on {MOST_IMAGES:,} of {len(rows):,} images.")
        side = natural_side(rows)
        task = _Task(read_squares(rows, at, side, job.part(0, 0.05)), self.params, rng)
        self._train(task.step, self.params.steps, job.part(0.05, 1))
        self.facts = {"side": side, "width": self.params.width}
        self.weights = {name: value.numpy().copy() for name, value in task.body.state_dict().items()}

    def _encode(self, samples: Any) -> np.ndarray:
        import torch

        if self._built is None:
            from augmentors.selfsup.conv_encoder import conv_body

            body = conv_body(self.facts["width"], torch.Generator())
            body.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()})
            self._built = body.eval()
        images = as_tensor(squares(samples, self.facts["side"]))
        vectors: np.ndarray = self._built(images).mean(dim=(2, 3)).numpy()
        return vectors


class _Task:
    """What is trained: body and projection head, the drawing of batches and views, one step."""

    def __init__(self, pixels: np.ndarray, params: Any, rng: np.random.Generator) -> None:
        import torch

        from augmentors.selfsup.conv_encoder import conv_body, head
        from augmentors.selfsup.views import Changes

        self._pixels, self._params = pixels, params
        self._generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        features = 8 * params.width
        self.body = conv_body(params.width, self._generator)
        self._head = head(features, features, 64, self._generator)
        self._changes = Changes(params.least_area, TURN, params.colour, NOISE, params.flip)
        every = [*self.body.parameters(), *self._head.parameters()]
        self._optimiser = torch.optim.AdamW(every, lr=params.learning_rate, weight_decay=1e-4)
        self._passes = Passes(len(pixels), params.batch, rng)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        import torch

        from augmentors.selfsup.nt_xent import nt_xent
        from augmentors.selfsup.views import view_of

        for group in self._optimiser.param_groups:
            group["lr"] = self._params.learning_rate * warm_cosine(i, self._params.steps)
        images = as_tensor(self._pixels[self._passes.next()])
        views = torch.cat([view_of(images, self._changes, self._generator) for _ in range(2)])
        projected = self._head(self.body(views).mean(dim=(2, 3)))
        loss = nt_xent(projected[: len(images)], projected[len(images) :], self._params.temperature)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())
