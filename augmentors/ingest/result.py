"""What loading gives back, and the choices that steer it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from augmentors.core.dataset import ColumnType, Dataset, Kind, Task
from augmentors.ingest.number_signs import DecimalSign
from augmentors.ingest.row_ids import row_ids

# So many are listed one by one; the rest is counted in a last entry.
LISTED = 1000


@dataclass(frozen=True)
class Quarantined:
    """Something that was set aside: where it was, and why."""

    where: str
    reason: str


@dataclass(frozen=True)
class Choices:
    """What the user said about the data; None leaves a guess to us. `alone`: one column will do, without a label."""

    kind: Kind | None = None
    label: str | None = None
    text: str | None = None
    group: str | None = None
    types: Mapping[str, ColumnType] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    decimal: DecimalSign | None = None
    merge_spellings: bool = False
    task: Task | None = None
    ranges: tuple[float, ...] | None = None
    alone: bool = False


@dataclass(frozen=True)
class Understood:
    """How the data was read.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    label : str
        Label column.
    text, group : str or None
        Text column and group column.
    types : dict of str to ColumnType
        Type of every column but the label.
    delimiter, encoding : str or None
        For text files: the separator and the encoding, detected or given.
    decimal : {".", ","} or None
        For text files: the decimal sign as given; None where each column told it.
    merge_spellings : bool
        Whether classes that differ only by capitals or spaces at the ends were merged.
    format : str
        ``csv``, ``parquet``, ``jsonl``, ``zip`` or ``folder``.
    task : {"classification", "regression", "multilabel"}
    ranges : tuple of float or None
        Cut points of the target's ranges, where given (regression).
    notes : list of str
        Every guess, and everything that was read in a particular way, as sentences.
    """

    kind: Kind
    label: str
    text: str | None = None
    group: str | None = None
    types: dict[str, ColumnType] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    decimal: DecimalSign | None = None
    merge_spellings: bool = False
    task: Task = "classification"
    ranges: tuple[float, ...] | None = None
    format: str = "csv"
    notes: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True)
class Loaded:
    """A dataset, what was set aside on the way, and how it was understood."""

    dataset: Dataset
    quarantine: list[Quarantined]
    understood: Understood


@dataclass(frozen=True)
class Proposal:
    """A first look at a file, from its beginning only.

    Parameters
    ----------
    understood : Understood
    preview : DataFrame, shape (at most 10, columns)
    columns : list of str
        All column names, in the file's order.
    classes : dict of str to int
        Labels in the part that was looked at, largest first.
    """

    understood: Understood
    preview: pd.DataFrame
    columns: list[str]
    classes: dict[str, int]


@dataclass(frozen=True)
class RawTable:
    """Columns as a reader found them, before types are decided.

    Parameters
    ----------
    source : str
        File name, for messages.
    format : str
    columns : dict of str to pyarrow.ChunkedArray
        In the file's order; consumed column by column to keep memory low.
    rows : ndarray of int64 or None
        Position of each row in the file, when rows were set aside; None: all are there.
    n_rows : int
    typed : bool
        Whether the format carries types (Parquet, JSONL). A CSV holds text only.
    fixed : dict of str to ColumnType
        Types that the reader itself knows (nested values are ignored).
    stored : dict of str to dict
        How columns are stored, as in `Schema`.
    first_line : callable or None
        Returns the line of data row 0 when every row is one line, else None.
    leading_zeros : bool
        Whether a field may begin like "007".
    reread : callable or None
        Returns a column that was read as numbers as the text in the file.
    """

    source: str
    format: str
    columns: dict[str, pa.ChunkedArray]
    n_rows: int
    rows: np.ndarray | None = None
    typed: bool = False
    fixed: dict[str, ColumnType] = field(default_factory=dict)
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    first_line: Callable[[], int | None] | None = None
    leading_zeros: bool = True
    reread: Callable[[str], pa.ChunkedArray] | None = None
    quarantine: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def ids(self) -> pd.Index:
        """Ids of the rows, by their position in the file."""
        numbers = np.arange(self.n_rows) if self.rows is None else self.rows
        return pd.Index(row_ids(numbers).to_pandas(), name="id")

    def as_written(self, name: str) -> None:
        """Turn a column that was read as numbers back into the text of the file."""
        if self.reread and not pa.types.is_string(self.columns[name].type):
            self.columns[name] = self.reread(name)

    def places(self, positions: Iterable[int]) -> list[str]:
        """Return where rows are, for a person: their lines where these are known, and their ids."""
        first = self.first_line() if self.first_line else None
        rows = [position if self.rows is None else int(self.rows[position]) for position in positions]
        return [f"row r{row}" if first is None else f"line {row + first:,} (r{row})" for row in rows]

    def keep(self, mask: np.ndarray, set_aside: Sequence[Quarantined]) -> "RawTable":
        """Return the rows where `mask` is True; the others have gone to quarantine."""
        rows = np.arange(self.n_rows) if self.rows is None else self.rows
        chosen = pa.array(mask)
        for name in list(self.columns):
            self.columns[name] = self.columns[name].filter(chosen)
        return replace(self, rows=rows[mask], n_rows=int(mask.sum()), quarantine=[*self.quarantine, *set_aside])


def listed(entries: Sequence[Quarantined], total: int, what: str) -> list[Quarantined]:
    """Return at most `LISTED` entries, and one that counts the rest."""
    shown = list(entries[:LISTED])
    if total > len(shown):
        shown.append(Quarantined("further on", f"{total - len(shown):,} more {what}"))
    return shown
