"""Corruption of cells: what masked-column prediction hides, and by what.

References
----------
Yoon, Zhang, Jordon & van der Schaar (2020), VIME: Extending the Success of Self- and Semi-supervised Learning to
Tabular Domain, NeurIPS. Bahri, Jiang, Tay & Metzler (2022), SCARF: Self-Supervised Contrastive Learning using Random
Feature Corruption, ICLR. Somepalli et al. (2021), SAINT, arXiv:2106.01342.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from augmentors.selfsup.column_cells import Cells


@dataclass(frozen=True)
class Corruption:
    """Which cells of some rows are corrupted, and how; columns of numbers come first, then those of categories.

    Parameters
    ----------
    corrupted : ndarray of bool, shape (n, columns)
        The cells to be predicted.
    hidden : ndarray of bool, shape (n, columns)
        Those of them that show the mask; the others show a value of their column.
    donors : ndarray of int64, shape (n, columns)
        Row that the shown value is taken from.
    """

    corrupted: np.ndarray
    hidden: np.ndarray
    donors: np.ndarray


def draw_corruption(
    n: int, columns: int, rows: int, share: float, swapped: float, rng: np.random.Generator
) -> Corruption:
    """Draw which cells are corrupted: each with the same chance, but at least one per row.

    Parameters
    ----------
    n : int
        Rows of the batch.
    columns : int
    rows : int
        Rows of the table that values are drawn from, each column on its own (its marginal distribution).
    share : float
        Chance of a cell to be corrupted.
    swapped : float
        Chance of a corrupted cell to show a drawn value rather than the mask.
    rng : Generator
    """
    corrupted = rng.random((n, columns)) < share
    spared = ~corrupted.any(axis=1)
    corrupted[spared, rng.integers(columns, size=n)[spared]] = True
    hidden = corrupted & (rng.random((n, columns)) >= swapped)
    return Corruption(corrupted, hidden, rng.integers(rows, size=(n, columns)))


def corrupted_cells(batch: Cells, table: Cells, how: Corruption, levels: list[int]) -> Cells:
    """Return a batch as the net is shown it; what is not corrupted stays as it is.

    Parameters
    ----------
    batch, table : Cells
        The batch, and the rows that values are drawn from.
    how : Corruption
    levels : list of int
        Codes per column of categories; the mask is the code after the last.
    """
    m = batch.numbers.shape[1]
    swapped = how.corrupted & ~how.hidden
    number, code = np.arange(m), np.arange(batch.codes.shape[1])
    shown = np.where(swapped[:, :m], table.numbers[how.donors[:, :m], number], batch.numbers)
    known = np.where(swapped[:, :m], table.known[how.donors[:, :m], number], batch.known)
    codes = np.where(swapped[:, m:], table.codes[how.donors[:, m:], code], batch.codes)
    return Cells(
        np.where(how.hidden[:, :m], np.float32(0), shown),
        known & ~how.hidden[:, :m],
        np.where(how.hidden[:, m:], np.array(levels, np.int64), codes),
    )
