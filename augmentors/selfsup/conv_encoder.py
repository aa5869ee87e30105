"""A small residual convolutional net for square images, its weights drawn from a generator."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import relu
from torch.nn.utils import skip_init


class Residual(nn.Module):
    """Two convolutions beside a shortcut; halves the side."""

    def __init__(self, before: int, after: int, generator: torch.Generator) -> None:
        super().__init__()
        self.one = convolution(before, after, generator, stride=2)
        self.two = convolution(after, after, generator)
        self.short = convolution(before, after, generator, stride=2, size=1)

    def forward(self, maps: Tensor) -> Tensor:
        return relu(self.two(relu(self.one(maps))) + self.short(maps))


class ConvNet(nn.Module):
    """From images of values in [0, 1] to 8 · width numbers: the mean of the maps of `conv_body`."""

    def __init__(self, width: int, generator: torch.Generator) -> None:
        super().__init__()
        self.body = conv_body(width, generator)

    def forward(self, images: Tensor) -> Tensor:
        pooled: Tensor = self.body(2 * images - 1).mean(dim=(2, 3))
        return pooled


def conv_body(width: int, generator: torch.Generator) -> nn.Module:
    """Return a net from (n, 3, side, side) to (n, 8 · width) maps of an eighth of the side."""
    first = convolution(3, width, generator)
    halvings = [Residual(width * 2**i, width * 2 ** (i + 1), generator) for i in range(3)]
    return nn.Sequential(first, nn.ReLU(), *halvings)


def convolution(before: int, after: int, generator: torch.Generator, stride: int = 1, size: int = 3) -> nn.Module:
    """Return a convolution and its batch normalisation."""
    conv = skip_init(nn.Conv2d, before, after, kernel_size=size, stride=stride, padding=size // 2, bias=False)
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu", generator=generator)
    return nn.Sequential(conv, nn.BatchNorm2d(after))


def head(before: int, hidden: int, after: int, generator: torch.Generator) -> nn.Module:
    """Return two linear layers with a normalisation between them."""
    layers: list[Any] = [drawn_linear(before, hidden, generator), nn.BatchNorm1d(hidden), nn.ReLU()]
    return nn.Sequential(*layers, drawn_linear(hidden, after, generator))


def pixel_decoder(before: int, generator: torch.Generator) -> nn.Module:
    """Return a net from maps of an eighth of the side to colours of the whole side."""
    last = skip_init(nn.Conv2d, before, 3 * 8**2, kernel_size=1)
    nn.init.kaiming_uniform_(last.weight, a=5**0.5, generator=generator)
    nn.init.zeros_(last.bias)
    return nn.Sequential(convolution(before, before, generator), nn.ReLU(), last, nn.PixelShuffle(8))


def drawn_linear(before: int, after: int, generator: torch.Generator) -> nn.Linear:
    """Return a linear layer with weights from the generator."""
    layer: nn.Linear = skip_init(nn.Linear, before, after)
    nn.init.kaiming_uniform_(layer.weight, a=5**0.5, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
