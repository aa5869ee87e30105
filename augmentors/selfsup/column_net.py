"""The net of masked-column prediction: cells in, a vector, cells out; and its loss."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gelu, one_hot

from augmentors.selfsup.cell_corruption import Corruption
from augmentors.selfsup.column_cells import Cells
from augmentors.selfsup.conv_encoder import drawn_linear

FARTHEST = 10.0


class ColumnNet(nn.Module):
    """Residual blocks on numbers, gaps, masks and one-hot categories.

    Parameters
    ----------
    numbers : int
        Columns of numbers.
    levels : list of int
        Codes per column of categories, the mask aside.
    width, depth : int
        Length of a vector; number of blocks.
    generator : torch.Generator
        Draws the weights.
    """

    def __init__(self, numbers: int, levels: list[int], width: int, depth: int, generator: torch.Generator) -> None:
        super().__init__()
        self.levels = levels
        inputs = 3 * numbers + sum(levels) + len(levels)
        self.first = drawn_linear(inputs, width, generator)
        self.blocks = nn.ModuleList([Block(width, generator) for _ in range(depth)])
        self.last = nn.LayerNorm(width)
        self.head = drawn_linear(width, numbers + sum(levels), generator)

    def vectors(self, cells: Cells, hidden: np.ndarray) -> Tensor:
        """Return the vector of each row, shape (n, width)."""
        x = self.first(self._inputs(cells, hidden))
        for block in self.blocks:
            x = block(x)
        return gelu(self.last(x))

    def forward(self, cells: Cells, hidden: np.ndarray) -> Tensor:
        return self.head(self.vectors(cells, hidden))

    def _inputs(self, cells: Cells, hidden: np.ndarray) -> Tensor:
        masked = hidden[:, : cells.numbers.shape[1]]
        gaps = ~cells.known & ~masked
        numbers = torch.from_numpy(cells.numbers).clamp(-FARTHEST, FARTHEST)
        parts = [numbers, torch.from_numpy(gaps).float(), torch.from_numpy(masked).float()]
        for column, count in zip(cells.codes.T, self.levels, strict=True):
            parts.append(one_hot(torch.from_numpy(column.copy()), count + 1).float())
        return torch.cat(parts, dim=1)


class Block(nn.Module):
    """Two layers beside a shortcut."""

    def __init__(self, width: int, generator: torch.Generator) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.one = drawn_linear(width, 2 * width, generator)
        self.two = drawn_linear(2 * width, width, generator)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.two(gelu(self.one(self.norm(x))))


def masked_loss(predicted: Tensor, truth: Cells, how: Corruption, levels: list[int]) -> Tensor:
    """Return the mean error over corrupted cells: squared for numbers, cross-entropy for categories.

    Cells where a number is missing have nothing to predict and do not count.

    Parameters
    ----------
    predicted : Tensor, shape (n, numbers + sum(levels))
    truth : Cells
        The rows before the corruption.
    how : Corruption
    levels : list of int
    """
    m = truth.numbers.shape[1]
    counted = torch.from_numpy(how.corrupted[:, :m] & truth.known)
    wanted = torch.from_numpy(truth.numbers).clamp(-FARTHEST, FARTHEST)
    total = (((predicted[:, :m] - wanted) ** 2) * counted).sum()
    cells: Any = counted.sum()
    start = m
    for column, count, hit in zip(truth.codes.T, levels, how.corrupted[:, m:].T, strict=True):
        rows = torch.from_numpy(np.flatnonzero(hit))
        codes = torch.from_numpy(column.copy())[rows]
        total = total + cross_entropy(predicted[rows, start : start + count], codes, reduction="sum")
        cells, start = cells + len(rows), start + count
    return total / cells.clamp(min=1)
