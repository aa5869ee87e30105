"""What augmenters of tables share that compute numbers and copy the rest: every type of column, told in notes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.samples import Draws, Made
from augmentors.table.measured import MEASURED, Measured, as_columns, search_points, within_seen
from augmentors.table.repair import repaired, rules_note
from augmentors.table.table_augmenter import TableAugmenter, listed


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What all blocks of a target share: measured values of the rows that may be parents.

    Parameters
    ----------
    rows : ndarray of int64, shape (r,)
        Ascending.
    measured : Measured
        Of those rows.
    extra : object
        Whatever else a method needs.
    """

    rows: np.ndarray
    measured: Measured
    extra: Any = None

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return the measured values of rows at some positions, shape (columns, n)."""
        return np.take(self.measured.values, np.searchsorted(self.rows, positions), axis=1)


class MeasuredAugmenter(TableAugmenter):
    """Base of augmenters that compute numbers and dates; subclasses say how, in `_values`."""

    category_rule: ClassVar[str] = "taken from the nearer of the two parents"
    # Whether new values may leave the range seen in training; then they are set to its end.
    overshoots: ClassVar[bool] = False
    least_samples: ClassVar[int] = 2
    needs_others: ClassVar[bool] = False

    @abstractmethod
    def _values(self, target: str, draws: Draws) -> np.ndarray:
        """Return new measured values, shape (columns, n)."""

    def _applies_to_data(self, train: Dataset) -> None:
        if not train.schema.features(*MEASURED):
            found = ", ".join(sorted({train.schema.types[name] for name in train.schema.features()})) or "none"
            raise NotApplicable(
                f"{self.card.title} needs at least one column of numbers or dates; the columns here are: {found}.",
                "Use random oversampling instead.",
            )

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = train.class_counts.get(target, 0)
        if count < self.least_samples:
            raise NotApplicable(
                f"{self.card.title} needs {self.least_samples} samples of a class; '{target}' has {count}."
            )
        if self.needs_others and count == len(train):
            raise NotApplicable(f"{self.card.title} needs rows of other classes than '{target}'; there are none.")

    def _fit(self, train: Dataset, rng: np.random.Generator, job: Job) -> None:
        for note in (*self._column_notes(train), rules_note(train)):
            if note:
                self._note("", note)

    def _prepare(self, target: str) -> Prepared:
        """Return what methods share that draw from the rows of the class, without neighbours."""
        own = self.train.positions(target)
        return Prepared(rows=own, measured=Measured.of(self.train, own))

    def _ready(self, target: str) -> Any:
        return self._prepared[target]

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        columns = self._measured_columns(target, draws)
        job.check()
        columns |= self._copied_columns(("boolean", "category"), self._nearer(draws))
        columns |= self._copied_columns(("text",), draws.parents[:, 0])
        return Made(pd.DataFrame(repaired(columns, draws.parents[:, 0], self.train), copy=False))

    def _measured_columns(self, target: str, draws: Draws) -> dict[str, pd.Series]:
        """Return new numbers, whole numbers and dates."""
        measured = self._ready(target).measured
        values = self._values(target, draws)
        if self.overshoots:
            values = within_seen(values, measured.names, self.train)
        return as_columns(measured, values, self.train.frame)

    def _nearer(self, draws: Draws) -> np.ndarray:
        """Return the row that categories are copied from: the nearer of the two parents, or the only one."""
        if draws.parents.shape[1] == 1:
            return draws.parents[:, 0]
        return np.where(draws.values["step"] < 0.5, draws.parents[:, 0], draws.parents[:, 1])

    def _copied_columns(self, types: tuple[Any, ...], rows: np.ndarray) -> dict[str, pd.Series]:
        """Return columns of these types copied from the rows at some positions."""
        frame = self.train.frame
        return {name: pd.Series(frame[name].array.take(rows)) for name in self.train.schema.features(*types)}

    def _points(self, scale: bool, rows: np.ndarray | None = None) -> np.ndarray:
        """Return rows as points without gaps, all of them or those at some positions; see `search_points`."""
        return search_points(Measured.of(self.train, rows), self.train, scale)

    def _column_notes(self, train: Dataset) -> list[str]:
        """Return in words what happens to columns that are not plain numbers."""
        schema = train.schema
        notes = []
        whole, texts = schema.features("integer", "date"), schema.features("text")
        categories = schema.features("boolean", "category")
        if whole:
            how = "computed" if self.overshoots else "interpolated"
            notes.append(f"{listed(whole)}: {how}, then rounded to what the column holds.")
        if self.overshoots:
            notes.append("Numbers and dates beyond the range seen in training are set to its end.")
        if categories:
            notes.append(f"{listed(categories)}: {self.category_rule}.")
        if texts:
            notes.append(f"{listed(texts)}: free text, copied from the first parent.")
        notes += [*self._subjects_note(), *self._empty_note(train)]
        if any(train.frame[name].hasnans for name in schema.features(*MEASURED)):
            notes.append(
                "Missing numbers: neighbours are searched with the column's median in their place; a new value is "
                "missing only where the first parent's is, and equals it where only the second parent's is."
            )
        return notes
