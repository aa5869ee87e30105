"""Masked-column prediction: an encoder of rows that can fill in the cells that were hidden or swapped."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.explore.group_column import subject_columns
from augmentors.generative.trainer import warm_cosine
from augmentors.selfsup.cell_corruption import corrupted_cells, draw_corruption
from augmentors.selfsup.column_cells import Cells, ColumnCells
from augmentors.selfsup.encoder import Encoder, PretextCard
from augmentors.selfsup.encoder import Params as BaseParams

BATCH = 256


class MaskedColumn(Encoder):
    """Train a small net to fill in cells of rows.

    A share of the cells of each row shows a mask or a value drawn from its column; the net predicts what stood
    there: squared error for scaled numbers and dates, cross-entropy for categories and booleans, over those cells
    alone. A row's vector is the layer before the predictions. Group and subject columns and free text are left out.

    Examples
    --------
    >>> MaskedColumn(steps=100).params.share
    0.3
    """

    card = PretextCard(
        key="masked_column",
        title="Masked-column prediction",
        kind="table",
        summary="Learns to fill in hidden and swapped cells of a row from its other columns.",
        avoid="Avoid where columns say nothing about each other, or with a few dozen rows: there is nothing to learn.",
        references=(
            "Yoon, Zhang, Jordon & van der Schaar (2020), VIME: Extending the Success of Self- and Semi-supervised "
            "Learning to Tabular Domain, NeurIPS.",
            "Bahri, Jiang, Tay & Metzler (2022), SCARF: Self-Supervised Contrastive Learning using Random Feature "
            "Corruption, ICLR, arXiv:2106.15147.",
            "Somepalli, Goldblum, Schwarzschild, Bruss & Goldstein (2021), SAINT: Improved Neural Networks for "
            "Tabular Data via Row Attention and Contrastive Pre-Training, arXiv:2106.01342.",
        ),
    )

    class Params(BaseParams):
        steps: int = Field(
            1_500,
            ge=1,
            le=100_000,
            title="Training steps",
            description=f"How many batches of {BATCH} rows the net is trained on.",
        )
        share: float = Field(
            0.3,
            gt=0,
            lt=1,
            title="Corrupted share",
            description="Chance of each cell to be corrupted and predicted; at least one per row is.",
        )
        swapped: float = Field(
            0.5,
            ge=0,
            le=1,
            title="Swapped share",
            description="Share of corrupted cells that show a value drawn from their column; the others show a mask.",
        )
        width: int = Field(
            64,
            ge=4,
            le=512,
            title="Width",
            description="How many numbers stand for a row.",
            json_schema_extra={"advanced": True},
        )
        depth: int = Field(
            2,
            ge=1,
            le=8,
            title="Depth",
            description="How many blocks of two layers the net has.",
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

    def _applies(self, rows: Dataset) -> None:
        super()._applies(rows)
        names = columns_seen(rows)
        if len(names) < 2:
            raise NotApplicable(
                f"{self.card.title} predicts columns from each other and needs 2 or more of numbers, dates, categories "
                f"or yes/no values; this table has {len(names)}."
            )

    def _fit(self, rows: Dataset, rng: np.random.Generator, job: Job) -> None:
        left_out = [*subject_columns(rows), *rows.schema.features("text")]
        if left_out:
            listed = ", ".join(f"'{name}'" for name in left_out)
            self.notes.append(f"{self.card.title} does not look at {listed}: subjects and free text are left out.")
        learnt = ColumnCells.learn(rows.with_ignored(subject_columns(rows)))
        task = _Task(learnt.cells(rows.frame), learnt.levels, self.params, rng)
        self._train(task.step, self.params.steps, job)
        self.facts = learnt.as_dict()
        kept = {name: value for name, value in task.net.state_dict().items() if not name.startswith("head.")}
        self.weights = {name: value.numpy().copy() for name, value in kept.items()}

    def _encode(self, samples: Any) -> np.ndarray:
        import torch

        if self._built is None:
            self._built = self._rebuilt()
        learnt, net = self._built
        cells: Cells = learnt.cells(samples)
        nothing = np.zeros((len(cells), cells.numbers.shape[1] + cells.codes.shape[1]), bool)
        with torch.inference_mode():
            vectors: np.ndarray = net.vectors(cells, nothing).numpy()
        return vectors

    def _rebuilt(self) -> tuple[ColumnCells, Any]:
        import torch

        from augmentors.selfsup.column_net import ColumnNet

        learnt = ColumnCells.from_dict(self.facts)
        numbers, levels = len(learnt.numbers), learnt.levels
        net = ColumnNet(numbers, levels, self.params.width, self.params.depth, torch.Generator())
        net.load_state_dict({name: torch.from_numpy(value) for name, value in self.weights.items()}, strict=False)
        return learnt, net.eval()


def columns_seen(rows: Dataset) -> list[str]:
    """Return the columns that a net reads and predicts; no group, no subjects, no free text."""
    shown = rows.with_ignored(subject_columns(rows)).schema
    return shown.features("number", "integer", "date", "boolean", "category")


class _Task:
    """What is trained: the net, the drawing of batches and corruptions, one step."""

    def __init__(self, cells: Cells, levels: list[int], params: Any, rng: np.random.Generator) -> None:
        import torch

        from augmentors.selfsup.column_net import ColumnNet

        self._cells, self._levels, self._params, self._rng = cells, levels, params, rng
        generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
        self._columns = cells.numbers.shape[1] + cells.codes.shape[1]
        self.net = ColumnNet(cells.numbers.shape[1], levels, params.width, params.depth, generator)
        self._optimiser = torch.optim.AdamW(self.net.parameters(), lr=params.learning_rate, weight_decay=1e-4)

    def step(self, i: int) -> float:
        """Do one step and return its loss."""
        from augmentors.selfsup.column_net import masked_loss

        params, table = self._params, self._cells
        for group in self._optimiser.param_groups:
            group["lr"] = params.learning_rate * warm_cosine(i, params.steps)
        batch = table.take(self._rng.integers(len(table), size=min(BATCH, len(table))))
        how = draw_corruption(len(batch), self._columns, len(table), params.share, params.swapped, self._rng)
        shown = corrupted_cells(batch, table, how, self._levels)
        loss = masked_loss(self.net(shown, how.hidden), batch, how, self._levels)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return float(loss.detach())
