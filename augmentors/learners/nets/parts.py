"""Bodies and heads of nets, their weights drawn from a generator (constructors would draw from global state)."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import linear, normalize
from torch.nn.utils import skip_init

SIDE = 32
# Standardised numbers further out than this say no more than that they are far out.
FARTHEST = 10.0


class _Pixels(nn.Module):
    """From rows of bytes to centred images with one spread per colour."""

    mean: Tensor
    spread: Tensor

    def __init__(self, pixels: np.ndarray) -> None:
        super().__init__()
        colours = pixels.reshape(-1, 3)
        spread = np.maximum(colours.std(axis=0, dtype=np.float64), 1.0)
        for name, values in (("mean", colours.mean(axis=0, dtype=np.float64)), ("spread", spread)):
            self.register_buffer(name, torch.from_numpy(values.astype(np.float32)).reshape(3, 1, 1))

    def forward(self, pixels: Tensor) -> Tensor:
        images = pixels.reshape(-1, SIDE, SIDE, 3).permute(0, 3, 1, 2).float()
        return (images - self.mean) / self.spread


def convolutions(pixels: np.ndarray, generator: torch.Generator) -> tuple[nn.Module, int]:
    """Return three convolutions on 32 × 32 pixels and the number of their features.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n, 3072)
        Their mean and spread are taken over.
    generator : torch.Generator
    """
    layers: list[nn.Module] = [_Pixels(pixels)]
    # The first one halves by its stride: pooling full-size maps took half of the time.
    for before, after, stride in ((3, 16, 2), (16, 32, 1), (32, 64, 1)):
        conv = skip_init(nn.Conv2d, before, after, kernel_size=3, stride=stride, padding=1, bias=False)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu", generator=generator)
        layers += [conv, nn.BatchNorm2d(after), nn.ReLU()]
        if stride == 1:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten()), 64 * (SIDE // 8) ** 2


def hidden_layers(inputs: int, width: int, generator: torch.Generator) -> tuple[nn.Module, int]:
    """Return two fully connected layers and the number of their features."""
    layers: list[nn.Module] = [nn.Hardtanh(-FARTHEST, FARTHEST)]
    for before in (inputs, width):
        layer = skip_init(nn.Linear, before, width)
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers), width


def linear_head(width: int, classes: int, generator: torch.Generator) -> nn.Module:
    """Return a linear layer, its weights drawn from the generator."""
    head = skip_init(nn.Linear, width, classes)
    nn.init.xavier_normal_(head.weight, generator=generator)
    nn.init.zeros_(head.bias)
    return head


class _Cosines(nn.Module):
    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, features: Tensor) -> Tensor:
        return linear(normalize(features, dim=1), normalize(self.weight, dim=1))


def cosine_head(width: int, classes: int, generator: torch.Generator) -> nn.Module:
    """Return a layer that gives cosines between features and a direction per class, as LDAM wants them."""
    # Of length 1, as published: long ones would hardly turn under steps of the same size.
    return _Cosines(normalize(torch.randn(classes, width, generator=generator), dim=1))
