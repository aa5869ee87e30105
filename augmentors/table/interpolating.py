"""What SMOTE and its relatives share: two parents, a step between them, and every type of column.

Own implementation of imbalanced-learn's definitions: provenance needs the
parents and weights of each new row, which imbalanced-learn does not return.
The tests compare with it: same parents and step, same row.
"""

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from augmentors.core.augmenter import Augmenter
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made
from augmentors.table.measured import MEASURED, Measured, as_columns, between, search_points
from augmentors.table.nearest_rows import nearest_others


@dataclass(frozen=True)
class Neighbourhood:
    """Who may be a parent, with whom.

    Parameters
    ----------
    bases : ndarray of int64, shape (b,)
        Row positions that may be a first parent.
    neighbours : ndarray of int64, shape (b, k)
        Row positions that may be the second parent of each base, nearest first.
    odds : ndarray of float64, shape (b,), or None
        How often each base is chosen; all alike when None.
    """

    bases: np.ndarray
    neighbours: np.ndarray
    odds: np.ndarray | None = None

    def pick(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw n bases (as places in `bases`) and the rank of a neighbour of each."""
        b, k = self.neighbours.shape
        if self.odds is None:
            base, rank = np.divmod(rng.integers(0, b * k, n), k)
            return base, rank
        cumulative = self.cumulative
        at = np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right")
        return np.minimum(at, b - 1), rng.integers(0, k, n)

    @cached_property
    def cumulative(self) -> np.ndarray:
        """Running sum of the odds, shape (b,)."""
        assert self.odds is not None, "only neighbourhoods with odds have a running sum"
        return np.cumsum(self.odds)


@dataclass(frozen=True)
class Prepared:
    """What all blocks of a target share: the neighbourhood and its rows' measured values."""

    neighbourhood: Neighbourhood
    rows: np.ndarray
    measured: Measured
    extra: Any = None


class InterpolatingParams(BaseParams):
    """Parameters of every relative of SMOTE."""

    k_neighbors: int = Field(
        5,
        ge=1,
        le=50,
        title="Neighbours",
        description="How many nearest rows of the class may be the second parent of a new row.",
        json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}},
    )
    scale: bool = Field(
        True,
        title="Scale columns",
        description=(
            "Divides each column by its standard deviation before neighbours are searched, so that a column in "
            "euros does not drown one in years. Off gives the raw distances of imbalanced-learn."
        ),
        json_schema_extra={"advanced": True},
    )


class InterpolatingAugmenter(Augmenter):
    """Base of augmenters that place new rows between two rows; subclasses say which two."""

    Params: type[InterpolatingParams] = InterpolatingParams  # type: ignore[misc]
    params: InterpolatingParams
    category_rule: ClassVar[str] = "taken from the nearer of the two parents"

    @abstractmethod
    def _neighbourhood(self, target: str) -> Neighbourhood:
        """Return who may be a parent with whom, for a target."""

    def _applies_to_data(self, train: Dataset) -> None:
        if not train.schema.features(*MEASURED):
            found = ", ".join(sorted({train.schema.types[name] for name in train.schema.features()})) or "none"
            raise NotApplicable(
                f"{self.card.title} needs at least one column of numbers or dates; the columns here are: {found}.",
                "Use random oversampling instead.",
            )

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = train.class_counts.get(target, 0)
        if count < 2:
            raise NotApplicable(f"{self.card.title} needs 2 samples of a class; '{target}' has {count}.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        for note in self._column_notes(train):
            self._note("", note)

    def _prepare(self, target: str) -> Prepared:
        neighbourhood = self._neighbourhood(target)
        rows = np.unique(np.concatenate([neighbourhood.bases, neighbourhood.neighbours.ravel()]))
        return Prepared(neighbourhood, rows, Measured.of(self.train, rows))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        who: Neighbourhood = self._prepared[target].neighbourhood
        base, rank = who.pick(n, rng)
        parents = np.empty((n, 2), dtype=np.int64)
        parents[:, 0] = who.bases[base]
        parents[:, 1] = who.neighbours[base, rank]
        step = self._steps(target, parents, rng)
        weights = np.empty((n, 2))
        np.subtract(1.0, step, out=weights[:, 0])
        weights[:, 1] = step
        return Draws(parents, weights, {"step": step})

    def _steps(self, target: str, parents: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw how far each new row lies from its first towards its second parent, in [0, 1)."""
        return rng.random(len(parents))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        base, other, step = draws.parents[:, 0], draws.parents[:, 1], draws.values["step"]
        columns = self._measured_columns(target, base, other, step)
        job.check()
        columns |= self._copied_columns(("boolean", "category"), np.where(step < 0.5, base, other))
        columns |= self._copied_columns(("text",), base)
        return Made(pd.DataFrame(columns, copy=False))

    def _measured_columns(
        self, target: str, base: np.ndarray, other: np.ndarray, step: np.ndarray
    ) -> dict[str, pd.Series]:
        """Return numbers, whole numbers and dates between pairs of rows."""
        ready: Prepared = self._prepared[target]
        values = ready.measured.values
        near, far = (np.take(values, np.searchsorted(ready.rows, rows), axis=1) for rows in (base, other))
        return as_columns(ready.measured, between(near, far, step), self.train.frame)

    def _copied_columns(self, types: tuple[Any, ...], rows: np.ndarray) -> dict[str, pd.Series]:
        """Return columns of these types copied from the rows at some positions."""
        frame = self.train.frame
        return {name: pd.Series(frame[name].array.take(rows)) for name in self.train.schema.features(*types)}

    def _within_class(self, target: str) -> Neighbourhood:
        """Return every row of the class with its nearest rows of the class: plain SMOTE."""
        own = self.train.positions(target)
        k = self._at_most(target, self.params.k_neighbors, len(own) - 1)
        within = nearest_others(self._search_points(own), np.arange(len(own)), k)
        return Neighbourhood(own, own[within])

    def _search_points(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return what neighbours are searched in, for all rows or those at some positions."""
        return search_points(Measured.of(self.train, rows), self.train, self.params.scale)

    def _at_most(self, target: str, wanted: int, available: int) -> int:
        """Return the number of neighbours that can be had, and note when it is fewer than wanted."""
        if available < wanted:
            self._note(
                target,
                f"{available + 1} real samples of '{target}' are too few for {wanted} neighbours; using {available}.",
            )
        return min(wanted, available)

    def _at_most_rows(self, wanted: int) -> int:
        """Return how many neighbours the whole training part can give."""
        available = len(self.train) - 1
        if available < wanted:
            self._note("", f"{available + 1} training rows are too few for {wanted} neighbours; using {available}.")
        return min(wanted, available)

    def _column_notes(self, train: Dataset) -> list[str]:
        """Return in words what happens to columns that are not plain numbers."""
        schema = train.schema
        notes = []
        whole, texts = schema.features("integer", "date"), schema.features("text")
        categories = schema.features("boolean", "category")
        if whole:
            notes.append(f"{_listed(whole)}: interpolated, then rounded to what the column holds.")
        if categories:
            notes.append(f"{_listed(categories)}: {self.category_rule}.")
        if texts:
            notes.append(f"{_listed(texts)}: free text, copied from the first parent.")
        empty = [n for n, t in schema.types.items() if (t == "ignored" or n == schema.group) and n != schema.label]
        if empty:
            notes.append(f"{_listed(empty)}: ignored or naming a group, left empty in new rows.")
        if any(train.frame[name].hasnans for name in schema.features(*MEASURED)):
            notes.append(
                "Missing numbers: neighbours are searched with the column's median in their place; a new value is "
                "missing only where the first parent's is, and equals it where only the second parent's is."
            )
        return notes


def _listed(names: list[str], most: int = 5) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return f"Columns {shown} and {len(names) - most} more" if len(names) > most else f"Columns {shown}"
