"""Rules between columns that every training row obeys: equal columns, one-hot groups, sums, a ≤ b.

Only rules that would be an unlikely coincidence are reported; see each
function for what that means. Text columns and free of any rule are left alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.explore.linear_rules import linear_rules

Kind = Literal["equal", "one_hot", "linear", "order"]
# Fewer rows prove nothing.
LEAST_ROWS = 20
# Wider tables are searched in their first columns only: pairs grow with the square.
MOST_COLUMNS = 300
# How likely any rule at all may be a coincidence.
CHANCE = 1e-6
SCREENED_ROWS = 1_000
EXACT_FLOAT = 2.0**53
RELATIVE = 1e-9


@dataclass(frozen=True)
class Constraint:
    """One rule between columns.

    Parameters
    ----------
    kind : {"equal", "one_hot", "linear", "order"}
        All equal; exactly one is 1; the first is the weighted sum of the
        others plus a constant; the first is at most (or below) the second.
    columns : tuple of str
    weights : tuple of float
        Of all columns but the first (linear).
    constant : float
        (linear)
    strict : bool
        Whether the two never are equal (order).
    """

    kind: Kind
    columns: tuple[str, ...]
    weights: tuple[float, ...] = ()
    constant: float = 0.0
    strict: bool = False

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        """Return which rows break the rule, shape (n,); a row with a missing value breaks only "equal"."""
        if self.kind == "equal":
            first = frame[self.columns[0]]
            return np.logical_or.reduce([_differs(first, frame[name]) for name in self.columns[1:]])
        values = np.stack([as_numbers(frame[name]) for name in self.columns])
        known = ~np.isnan(values).any(axis=0)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.kind == "one_hot":
                wrong = (np.abs(values.sum(axis=0) - 1) > RELATIVE) | ((values != 0) & (values != 1)).any(axis=0)
            elif self.kind == "linear":
                parts = np.array(self.weights)[:, None] * values[1:]
                size = np.abs(values[0]) + np.abs(parts).sum(axis=0) + abs(self.constant)
                wrong = np.abs(values[0] - parts.sum(axis=0) - self.constant) > RELATIVE * size
            else:
                wrong = values[0] >= values[1] if self.strict else values[0] > values[1]
        return wrong & known

    def __str__(self) -> str:
        names = [f"'{name}'" for name in self.columns]
        if self.kind == "equal":
            return " = ".join(names)
        if self.kind == "one_hot":
            shown = names if len(names) <= 6 else [*names[:4], f"… ({len(names)} columns)"]
            return f"exactly one of {', '.join(shown)} is 1"
        if self.kind == "order":
            return f"{names[0]} {'<' if self.strict else '≤'} {names[1]}"
        return f"{names[0]} = {_sum_in_words(names[1:], self.weights, self.constant)}"


_known: dict[str, tuple[Constraint, ...]] = {}


def constraints_of(train: Dataset) -> tuple[Constraint, ...]:
    """Return the rules of a table's training part; they are looked for once.

    Parameters
    ----------
    train : Dataset
        The training part only: rules of test rows are not to be known.
    """
    if train.kind != "table" or len(train) < LEAST_ROWS:
        return ()
    if train.content_hash not in _known:
        if len(_known) >= 8:
            _known.pop(next(iter(_known)))
        _known[train.content_hash] = _find(train)
    return _known[train.content_hash]


def _find(train: Dataset) -> tuple[Constraint, ...]:
    frame = train.frame
    names = [name for name in train.schema.features() if train.schema.types[name] != "text"][:MOST_COLUMNS]
    varied = [name for name in names if _varies(frame[name])]
    equal = list(_equal_columns(frame, varied, train))
    doubles = {name for rule in equal for name in rule.columns[1:]}
    measured = {
        name: as_numbers(frame[name])
        for name in varied
        if name not in doubles and train.schema.types[name] in ("number", "integer", "boolean", "date")
    }
    measured = {name: values for name, values in measured.items() if _exact(values)}
    groups = list(_one_hot_groups(measured))
    in_groups = {name for rule in groups for name in rule.columns}
    counted = {
        name: values
        for name, values in measured.items()
        if name not in in_groups and train.schema.types[name] in ("number", "integer")
    }
    linear = [Constraint("linear", *rule) for rule in linear_rules(counted)]
    dated = {name: values for name, values in measured.items() if train.schema.types[name] == "date"}
    tied = {frozenset(rule.columns) for rule in linear if len(rule.columns) == 2}
    order = [rule for some in (counted, dated) for rule in _orders(some) if frozenset(rule.columns) not in tied]
    return (*equal, *groups, *linear, *order)


def as_numbers(column: pd.Series) -> np.ndarray:
    """Return a column as float64, NaN where missing: dates as seconds, truth values as 0 and 1."""
    if column.dtype.kind == "M":
        micros = column.to_numpy(dtype="datetime64[us]")
        return np.where(np.isnat(micros), np.nan, micros.view("int64") / 1e6)
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _varies(column: pd.Series) -> bool:
    known = column.dropna()
    return len(known) >= LEAST_ROWS and bool((known != known.iloc[0]).any())


def _exact(values: np.ndarray) -> bool:
    known = values[~np.isnan(values)]
    return bool(np.isfinite(known).all() and np.abs(known).max() <= EXACT_FLOAT)


def _differs(one: pd.Series, other: pd.Series) -> np.ndarray:
    gaps = one.isna().to_numpy(), other.isna().to_numpy()
    differs = (one.astype(object).to_numpy() != other.astype(object).to_numpy()) & ~gaps[0] & ~gaps[1]
    return differs | (gaps[0] != gaps[1])


def _equal_columns(frame: pd.DataFrame, names: list[str], train: Dataset) -> Iterator[Constraint]:
    """Columns of one type that agree in every row, gaps included."""
    keys: dict[object, list[str]] = {}
    for name in names:
        head = frame[name].iloc[:SCREENED_ROWS]
        key = (train.schema.types[name], pd.util.hash_pandas_object(head, index=False).to_numpy().tobytes())
        keys.setdefault(key, []).append(name)
    for same in keys.values():
        first, rest = frame[same[0]], same[1:]
        alike = [name for name in rest if frame[name].dtype == first.dtype and not _differs(first, frame[name]).any()]
        if alike:
            yield Constraint("equal", (same[0], *alike))


def _one_hot_groups(values: dict[str, np.ndarray]) -> Iterator[Constraint]:
    """Columns of zeros and ones of which exactly one is 1 in every row; grown in the file's order."""
    binary = {name: own == 1 for name, own in values.items() if ((own == 0) | (own == 1)).all()}
    left = list(binary)
    while left:
        group, union = [left[0]], binary[left[0]].copy()
        for name in left[1:]:
            if not (union & binary[name]).any():
                group.append(name)
                union |= binary[name]
            if union.all():
                break
        if union.all() and len(group) > 1:
            yield Constraint("one_hot", tuple(group))
            left = [name for name in left if name not in group]
        else:
            left.pop(0)


def _orders(values: dict[str, np.ndarray]) -> list[Constraint]:
    """Pairs of which one is never above the other, though their ranges overlap.

    A coincidence is ruled out by how often it would hold if the rows of one
    column were shuffled: that often, in every row, for any of the pairs.
    """
    names = list(values)
    if len(names) < 2:
        return []
    table = np.stack([values[name] for name in names])
    head = table[:, :SCREENED_ROWS]
    limit = np.log(CHANCE) - 2 * np.log(len(names))
    found: dict[tuple[int, int], bool] = {}
    for a in range(len(names)):
        # NaN compares false: a gap never counts against a pair.
        for b in np.flatnonzero(~(head[a] > head).any(axis=1)).tolist():
            if a != b and (strict := _is_order(table[a], table[b], limit)) is not None:
                found[a, b] = strict
    follows = {a: {b for c, b in found if c == a} for a, _ in found}
    implied = {(a, b) for a, b in found if any(b in follows.get(m, ()) for m in follows[a] - {b})}
    kept = {pair: strict for pair, strict in found.items() if pair not in implied or (pair[1], pair[0]) in found}
    return [Constraint("order", (names[a], names[b]), strict=strict) for (a, b), strict in kept.items()]


def _is_order(low: np.ndarray, high: np.ndarray, limit: float) -> bool | None:
    """Return whether low stays strictly below high; None when it is no rule."""
    known = ~np.isnan(low) & ~np.isnan(high)
    low, high = low[known], high[known]
    if len(low) < LEAST_ROWS or (low > high).any() or low.max() <= high.min():
        return None
    below = 1 - np.searchsorted(np.sort(high), low, side="left").mean() / len(high)
    if below >= 1 or len(low) * np.log(below) > limit:
        return None
    whole = bool((low % 1 == 0).all() and (high % 1 == 0).all())
    return whole and not bool((low == high).any())


def _sum_in_words(names: list[str], weights: tuple[float, ...], constant: float) -> str:
    words = ""
    for name, weight in zip(names, weights, strict=True):
        sign = "-" if weight < 0 else "+" if words else ""
        size = "" if abs(weight) == 1 else f"{abs(weight):.6g} × "
        words += f" {sign} {size}{name}" if words else f"{sign}{size}{name}"
    if constant:
        words += f" {'-' if constant < 0 else '+'} {abs(constant):.6g}"
    return words
