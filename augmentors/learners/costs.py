"""A user's cost matrix: what it costs to decide for one class when another is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from augmentors.core.errors import UserError
from augmentors.core.late import pd

HINT = "Give a square table with a row (true) and a column (decided) per class."


def read_costs(path: Path) -> pd.DataFrame:
    """Return a cost matrix from a CSV file whose first row and first column name the classes.

    Raises
    ------
    UserError
        When the file cannot be read as a table.
    """
    return cost_table(path, str(path))


def cost_table(source: Path | BinaryIO, name: str) -> pd.DataFrame:
    """Return a cost matrix from a CSV file, or its bytes, called `name` where it cannot be read."""
    try:
        return pd.read_csv(source, index_col=0, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UserError(f"The cost matrix '{name}' cannot be read: {' '.join(str(reason).split())}.", HINT) from None


def cost_array(table: pd.DataFrame, classes: Sequence[str]) -> np.ndarray:
    """Return the costs in the order of the classes, shape (k, k).

    Raises
    ------
    UserError
        When the shape is wrong, a class is missing or unknown, or a cost is no finite number.
    """
    rows, columns = [str(name).strip() for name in table.index], [str(name).strip() for name in table.columns]
    k = len(classes)
    if table.shape != (k, k):
        raise UserError(
            f"The cost matrix must have {k} rows and {k} columns, one per class; "
            f"got {table.shape[0]} rows and {table.shape[1]} columns.",
            HINT,
        )
    for where, names in (("row", rows), ("column", columns)):
        missing = next((label for label in classes if label not in names), None)
        if missing is not None:
            raise UserError(f"The cost matrix has no {where} for class '{missing}'.", HINT)
    named = table.set_axis(rows, axis=0).set_axis(columns, axis=1).loc[list(classes), list(classes)]
    costs = named.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    if not np.isfinite(costs).all():
        i, j = np.argwhere(~np.isfinite(costs))[0]
        raise UserError(
            f"The cost of deciding '{classes[j]}' when '{classes[i]}' is true must be a number; "
            f"got '{named.iloc[i, j]}'.",
            HINT,
        )
    return costs
