"""Masked-image prediction: an encoder that learns what hidden patches of an image must look like."""

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

PATCHES_ACROSS = 8


class MaskedImage(Encoder):
    """Hide patches of images and train a convolutional encoder and a light decoder to fill them in.

    Examples
    --------
    >>> MaskedImage(hidden_share=0.5).params.steps
    600
    """

    card = PretextCard(
        key="masked_image",
        title="Masked-image prediction",
        kind="image",
        summary="Learns to fill in hidden patches of an image from the rest of it.",
        avoid="Avoid with a few dozen images, and where classes differ in what is in the image rather than in texture.",
        references=(
            "Pathak, Krähenbühl, Donahue, Darrell & Efros (2016), Context Encoders: Feature Learning by Inpainting, "
            "CVPR.",
            "Xie, Zhang, Cao et al. (2022), SimMIM: A Simple Framework for Masked Image Modeling, CVPR.",
        ),
    )

    class Params(BaseParams):
        steps: int = Field(
            600, ge=1, le=100_000, title="Training steps", description="How many batches the nets are trained on."
        )
        hidden_share: float = Field(
            0.5, ge=0.1, le=0.9, title="Hidden share", description="Share of each image's 64 patches that is hidden."
        )
        batch: int = Field(
            64,
            ge=2,
            le=512,
            title="Batch",
            description="Images per step.",
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
        self.weights = {name: value.numpy().copy() for name, value in task.net.state_dict().items()}

    def _encode(self, samples: Any) -> np.ndarray:
        import torch

        if self._built is None:
            from augmentors.selfsup.conv_encoder import ConvNet

            net = ConvNet(self.facts["width"], torch.Generator())
            net.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()})
            self._built = net.eval()
        images = as_tensor(squares(samples, self.facts["side"]))
        vectors: np.ndarray = self._built(images).numpy()
        return vectors


class _Task:
    """What is trained: body and decoder, the drawing of batches and masks, one step."""

    def __init__(self, pixels: np.ndarray, params: MaskedImage.Params, rng: np.random.Generator) -> None:
        import torch

        from augmentors.selfsup.conv_encoder import ConvNet, pixel_decoder

        self._pixels, self._params = pixels, params
        self._passes = Passes(len(pixels), params.batch, rng)
        self._generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        self.net = ConvNet(params.width, self._generator)
        self._decoder = pixel_decoder(8 * params.width, self._generator)
        every = [*self.net.parameters(), *self._decoder.parameters()]
        self._optimiser = torch.optim.AdamW(every, lr=params.learning_rate, weight_decay=1e-4)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        from augmentors.selfsup.masked_loss import draw_mask, masked_error

        for group in self._optimiser.param_groups:
            group["lr"] = self._params.learning_rate * warm_cosine(i, self._params.steps)
        images = 2 * as_tensor(self._pixels[self._passes.next()]) - 1
        n, side = len(images), images.shape[-1]
        mask = draw_mask(n, side, side // PATCHES_ACROSS, self._params.hidden_share, self._generator)
        made = self._decoder(self.net.body(images * (1 - mask)))
        loss = masked_error(made, images, mask)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())
