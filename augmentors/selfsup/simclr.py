"""SimCLR: an encoder for which two views of an image lie close together and other images far away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.generative.trainer import warm_cosine
from augmentors.selfsup.encoder import IMAGE_SIDE, Encoder, PretextCard
from augmentors.selfsup.encoder import Params as BaseParams
from augmentors.selfsup.pixel_rows import MOST_IMAGES, Passes, as_tensor, chosen, natural_side, read_squares, squares

TURN, NOISE = 10.0, 0.05
# The projection is new while the net may have learnt before: it takes larger steps.
PROJECTION_FASTER = 2.0
PROJECTED = 128


class SimClr(Encoder):
    """Train a convolutional net by contrast between views.

    Examples
    --------
    >>> SimClr(start="scratch", steps=600).params.flip
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
        start: Literal["imagenet", "scratch"] = Field(
            "imagenet",
            title="Start from",
            description=(
                "imagenet trains the last third of EfficientNet-Lite0 on; scratch trains a small net that has seen "
                "nothing else, which wants ten times the steps and pictures unlike photographs."
            ),
        )
        steps: int = Field(
            100, ge=1, le=100_000, title="Training steps", description="How many batches the net is trained on."
        )
        flip: bool = Field(
            False, title="Mirror views", description="Only where a mirrored image would be of the same class."
        )
        temperature: float = Field(
            0.2,
            ge=0.02,
            le=2,
            title="Temperature",
            description="Low values push the most similar images apart hardest.",
            json_schema_extra={"advanced": True},
        )
        least_area: float = Field(
            0.4,
            ge=0.1,
            le=1,
            title="Least area",
            description="Smallest share of an image that a view shows.",
            json_schema_extra={"advanced": True},
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
            64,
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
            description="From scratch: channels of the first convolution; eight times as many numbers come out.",
            json_schema_extra={"advanced": True},
        )
        learning_rate: float = Field(
            0.001,
            gt=0,
            le=0.1,
            title="Learning rate",
            description="Size of the first steps; it falls to zero until the last one.",
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _fit(self, rows: Dataset, rng: np.random.Generator, job: Job) -> None:
        import torch

        at = chosen(len(rows), rng)
        if len(at) < len(rows):
            self.notes.append(f"{self.card.title} was trained on {MOST_IMAGES:,} of {len(rows):,} images.")
        own = {"side": natural_side(rows), "width": self.params.width}
        self.facts = {"start": self.params.start} | (own if self.params.start == "scratch" else {"side": IMAGE_SIDE})
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        net = _net(self.facts, generator, job.check)
        pixels = read_squares(rows, at, self.facts["side"], job.part(0, 0.05))
        task = _Task(net, pixels, self.params, rng, generator)
        self._train(task.step, self.params.steps, job.part(0.05, 1))
        self.weights = {name: value.numpy().copy() for name, value in net.state_dict().items()}

    def _encode(self, samples: Any) -> np.ndarray:
        import torch

        if self._built is None:
            net = _net(self.facts, torch.Generator())
            net.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()})
            self._built = net.eval()
        pixels = squares(samples, self.facts["side"])
        parts = [self._built(as_tensor(pixels[i : i + 32])).numpy() for i in range(0, max(len(pixels), 1), 32)]
        return np.concatenate(parts)


def _net(facts: dict[str, Any], generator: Any, check: Callable[[], None] = lambda: None) -> Any:
    """Return the net that the facts name, from images to vectors, ready to be trained."""
    if facts["start"] == "imagenet":
        from augmentors.selfsup.lite_net import LiteNet

        return LiteNet(check)
    from augmentors.selfsup.conv_encoder import ConvNet

    return ConvNet(facts["width"], generator)


class _Task:
    """What is trained: net and projection head, the drawing of batches and views, one step."""

    def __init__(
        self, net: Any, pixels: np.ndarray, params: SimClr.Params, rng: np.random.Generator, generator: Any
    ) -> None:
        import torch

        from augmentors.selfsup.conv_encoder import head
        from augmentors.selfsup.views import Changes

        self._net, self._pixels, self._params, self._generator = net, pixels, params, generator
        self._passes = Passes(len(pixels), params.batch, rng)
        self._changes = Changes(params.least_area, TURN, params.colour, NOISE, params.flip)
        features = 1280 if params.start == "imagenet" else 8 * params.width
        self._head = head(features, min(features, 256), PROJECTED, generator)
        self._rates = (params.learning_rate, PROJECTION_FASTER * params.learning_rate)
        groups = [{"params": list(part.parameters())} for part in (net, self._head)]
        self._optimiser = torch.optim.AdamW(groups, lr=params.learning_rate, weight_decay=1e-4)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        import torch

        from augmentors.selfsup.nt_xent import nt_xent
        from augmentors.selfsup.views import view_of

        for group, rate in zip(self._optimiser.param_groups, self._rates, strict=True):
            group["lr"] = rate * warm_cosine(i, self._params.steps)
        images = as_tensor(self._pixels[self._passes.next()])
        views = torch.cat([view_of(images, self._changes, self._generator) for _ in range(2)])
        projected = self._head(self._net(views))
        loss = nt_xent(projected[: len(images)], projected[len(images) :], self._params.temperature)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())
