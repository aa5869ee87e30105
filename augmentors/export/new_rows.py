"""What to know of new rows before training on them: columns that give them away, categories they lack."""

from __future__ import annotations

from collections.abc import Iterator

from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.late import pd

NAMED = 5
# A column with so much more missing in new rows than in real ones tells them apart.
MORE_MISSING = 0.1


def warnings_of(train: Dataset, new: pd.DataFrame, targets: pd.Series) -> list[str]:
    """Return in sentences what sets new samples apart from real ones.

    Parameters
    ----------
    train : Dataset
        The training part.
    new : DataFrame, shape (n, columns of the dataset)
    targets : Series of str, length n
        The class each was made for.
    """
    empty = empty_columns(train, new)
    return [*([leave_out(empty)] if empty else []), *lost_categories(train, new, targets)]


def empty_columns(train: Dataset, new: pd.DataFrame) -> list[str]:
    """Return the columns that nothing is made for: filled in real rows, empty in new ones."""
    schema, found = train.schema, []
    for name, kind in schema.types.items():
        if (kind == "ignored" or name == schema.group) and name not in (PATH_COLUMN, schema.label) and name in new:
            gaps = new[name].isna().mean() - train.frame[name].isna().mean()
            found += [name] if gaps >= MORE_MISSING else []
    return found


def leave_out(empty: list[str]) -> str:
    """Return what to do about columns that are empty in new rows."""
    columns, they = ("column", "it is") if len(empty) == 1 else ("columns", "they are")
    named = _listed([f"'{name}'" for name in empty])
    return (
        f"Leave {columns} {named} out when training: in new rows {they} empty, so a model could tell new rows from "
        "real ones by the gap."
    )


def lost_categories(train: Dataset, new: pd.DataFrame, targets: pd.Series) -> Iterator[str]:
    """Yield, per class and column, categories of the class that no new row has, though at least one was expected."""
    by_class = targets.to_numpy(dtype=object)
    for target in sorted(set(by_class)):
        rows, made = train.frame.iloc[train.positions(target)], new[by_class == target]
        for name in train.schema.features("boolean", "category"):
            counts = rows[name].value_counts()
            expected = counts / max(len(rows), 1) * int(made[name].notna().sum())
            lost = counts[(expected >= 1) & ~counts.index.isin(made[name].dropna().unique())]
            if len(lost):
                shown = [f"{value} ({count:,} of {len(rows):,})" for value, count in lost.items()]
                yield f"Categories of '{name}' seen in '{target}' but in none of its new rows: {_listed(shown)}."


def _listed(shown: list[str]) -> str:
    return ", ".join(shown[:NAMED]) + (f" and {len(shown) - NAMED:,} more" if len(shown) > NAMED else "")
