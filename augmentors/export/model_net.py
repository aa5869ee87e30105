"""Nets that no scikit-learn model can stand for: weights as safetensors with their layers in plain torch, and ONNX."""

from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.errors import UserError
from augmentors.evaluate.final_fit import FinalModel
from augmentors.export.decision import Decision
from augmentors.export.model_onnx import ONNX, write_net_onnx
from augmentors.learners.base import Learner
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.neural import NeuralLearner

WEIGHTS = "model.safetensors"


def needs_torch(learner: Learner) -> bool:
    """Whether a learner is a net of convolutions, or one that compares directions (LDAM)."""
    return isinstance(learner, SmallCnn) or (isinstance(learner, NeuralLearner) and _has_cosines(learner._net))


def write_net(out: Path, model: FinalModel, decision: Decision) -> dict[str, Any]:
    """Write a net's weights and its ONNX; return what is needed to read and feed it.

    Raises
    ------
    UserError
        When the net reads no images: its inputs would have to be learnt beside it.
    """
    import torch
    from safetensors.torch import save_file

    learner, k = model.learner, len(decision.classes)
    if not isinstance(learner, SmallCnn):
        raise UserError(
            f"{learner.card.title} trained by LDAM cannot be written without this project.",
            "Choose another loss or learner for the export.",
        )
    net: Any = learner._net
    weights = {name: value.contiguous() for name, value in net.body.state_dict().items()}
    weights |= {f"head.{name}": value.contiguous() for name, value in net.head.state_dict().items()}
    weights.setdefault("head.bias", torch.zeros(k))
    weights["shift"] = torch.as_tensor(np.broadcast_to(net.shift, k).copy())
    save_file(weights, out / WEIGHTS)
    some = model.original.take(model.original.ids[:200])
    pixels = learner.features.of("pixels", some)
    why_not = write_net_onnx(out / ONNX, _whole(net, k), pixels, learner.predict_proba(some), decision)
    return {
        "reads": "net",
        "decides": "card",
        "trusted": [],
        "onnx": {"file": ONNX if why_not is None else None, "why_not": why_not},
        "scale": float(net.scale),
        "cosines": _has_cosines(net),
    }


def _has_cosines(net: Any) -> bool:
    from torch import nn

    return not isinstance(net.head, nn.Linear)


def _whole(net: Any, k: int) -> Any:
    """Return the net as one module, from pixels to probabilities."""
    import torch
    from torch import nn

    class Whole(nn.Module):
        """Body, head and softmax."""

        def __init__(self) -> None:
            super().__init__()
            self.body, self.head, self.scale = net.body, net.head, float(net.scale)
            self.register_buffer("shift", torch.as_tensor(np.broadcast_to(net.shift, k).copy()).float())

        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            logits = self.scale * self.head(self.body(pixels)) - self.shift
            return torch.softmax(logits, dim=1)

    return Whole()
