"""Convolutional encoder and decoder for small square images."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SMALLEST = 4  # side of the map between the convolutions and the linear layer


def encoder(size: int, channels: int, width: int, latent: int, generator: Any) -> Any:
    """Return a net from (n, channels, size, size) to (n, latent); each convolution halves the side.

    Parameters
    ----------
    size : int
        A power of two, 8 or more.
    channels, width, latent : int
        Colours; channels after the first convolution, doubled by each further one; length of a code.
    generator : torch.Generator
        Draws the weights: constructors would draw from global state.
    """
    from torch import nn

    layers: list[Any] = []
    for i, (before, after) in enumerate(_steps(size, channels, width)):
        layers.append(_drawn(nn.Conv2d, before, after, generator, kernel_size=4, stride=2, padding=1))
        # The first map is left as it is: normalised, brightness would be lost.
        layers += [*([nn.BatchNorm2d(after)] if i else []), nn.LeakyReLU(0.2)]
    flat = _flat(size, width)
    return nn.Sequential(*layers, nn.Flatten(), _drawn(nn.Linear, flat, latent, generator))


def decoder(size: int, channels: int, width: int, latent: int, generator: Any) -> Any:
    """Return a net from (n, latent) to (n, channels, size, size) in [-1, 1], the mirror of `encoder`."""
    from torch import nn

    steps = _steps(size, channels, width)
    layers: list[Any] = [
        _drawn(nn.Linear, latent, _flat(size, width), generator),
        nn.Unflatten(1, (steps[-1][1], SMALLEST, SMALLEST)),
        nn.LeakyReLU(0.2),
    ]
    for i, (before, after) in enumerate(reversed(steps)):
        layers.append(_drawn(nn.ConvTranspose2d, after, before, generator, kernel_size=4, stride=2, padding=1))
        if i < len(steps) - 1:
            layers += [nn.BatchNorm2d(before), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Tanh())


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Use one thread inside: more are slower on small nets and shared cores, and could change bytes."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _steps(size: int, channels: int, width: int) -> list[tuple[int, int]]:
    """Return the channels before and after each convolution."""
    halvings = (size // SMALLEST).bit_length() - 1
    after = [width * 2**i for i in range(halvings)]
    return list(zip([channels, *after], after, strict=False))


def _flat(size: int, width: int) -> int:
    return _steps(size, 1, width)[-1][1] * SMALLEST**2


def _drawn(layer: Any, before: int, after: int, generator: Any, **kwargs: Any) -> Any:
    from torch import nn
    from torch.nn.utils import skip_init

    made = skip_init(layer, before, after, **kwargs)
    nn.init.kaiming_uniform_(made.weight, a=5**0.5, generator=generator)
    nn.init.zeros_(made.bias)
    return made
