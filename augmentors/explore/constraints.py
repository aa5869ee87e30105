"""Rules between columns that every training row obeys: equal columns, one-hot groups, sums, a ≤ b, deciding categories.

Only rules that would be an unlikely coincidence are reported; each function
says what that means. Text columns have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from augmentors.core.dataset import ColumnType, Dataset
from augmentors.core.late import pd
from augmentors.explore.category_rules import Pair, deciding_columns, without_implied
from augmentors.explore.group_column import subject_columns
from augmentors.explore.linear_rules import linear_rules

MEASURED: tuple[ColumnType, ...] = ("number", "integer", "boolean", "date")
NAMED: tuple[ColumnType, ...] = ("category", "boolean")
Kind = Literal["equal", "one_hot", "linear", "order", "decides"]
# Fewer rows prove nothing.
LEAST_ROWS = 20
# Wider tables are searched in their first columns only: pairs grow with the square.
MOST_COLUMNS = 300
# How likely any rule at all may be a coincidence.
CHANCE = 1e-6
SCREENED_ROWS = 2_000
EXACT_FLOAT = 2.0**53
RELATIVE = 1e-9


@dataclass(frozen=True)
class Constraint:
    """One rule between columns.

    Parameters
    ----------
    kind : {"equal", "one_hot", "linear", "order", "decides"}
        All equal; exactly one is 1; the first is the weighted sum of the
        others plus a constant; the first is at most (or below) the second;
        each value of the first stands beside one value of the second only.
    columns : tuple of str
    weights : tuple of float
        Of all columns but the first (linear).
    constant : float
        (linear)
    strict : bool
        Whether the two never are equal (order).
    variances : tuple of float
        Of the two columns (order): which of them moves more easily.
    gaps : (float, float) or None
        Smallest and largest difference of the second and the first (order); dates in seconds.
    pairs : tuple of (object, object)
        Values of the first column, each with the one value that stands beside it (decides).
    """

    kind: Kind
    columns: tuple[str, ...]
    weights: tuple[float, ...] = ()
    constant: float = 0.0
    strict: bool = False
    variances: tuple[float, ...] = ()
    gaps: tuple[float, float] | None = None
    pairs: tuple[Pair, ...] = field(default=(), repr=False)

    def decided(self, first: pd.Series) -> pd.Series:
        """Return what the second column must be by the first (decides); missing where that is not known."""
        return first.astype(object).map(dict(self.pairs))

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        """Return which rows break the rule, shape (n,); a row with a missing value breaks only "equal"."""
        if self.kind == "equal":
            first = frame[self.columns[0]]
            return np.logical_or.reduce([_differs(first, frame[name]) for name in self.columns[1:]])
        if self.kind == "decides":
            wanted, found = self.decided(frame[self.columns[0]]), frame[self.columns[1]].astype(object)
            return np.asarray((wanted != found) & wanted.notna() & found.notna(), dtype=bool)
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
                wrong |= self._gap_unseen(*values)
        return wrong & known

    def _gap_unseen(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        if self.gaps is None:
            return np.zeros(len(low), dtype=bool)
        slack = RELATIVE * np.maximum(np.abs(low), np.abs(high))
        return np.asarray((high - low < self.gaps[0] - slack) | (high - low > self.gaps[1] + slack))

    def __str__(self) -> str:
        names = [f"'{name}'" for name in self.columns]
        if self.kind == "equal":
            return " = ".join(names)
        if self.kind == "one_hot":
            shown = names if len(names) <= 6 else [*names[:4], f"… ({len(names)} columns)"]
            return f"exactly one of {', '.join(shown)} is 1"
        if self.kind == "decides":
            return f"{names[0]} decides {names[1]}"
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
    columns = _Columns(train)
    types = train.schema.types
    equal = list(_equal_columns(columns, [name for name in columns.names if columns.varies(name)], types))
    doubles = {name for rule in equal for name in rule.columns[1:]}
    # Which of two subjects has the larger number is no rule.
    left_out = doubles | set(subject_columns(train))
    measured = [name for name in columns.names if types[name] in MEASURED and name not in left_out]
    groups = list(_one_hot_groups(columns, measured))
    in_groups = {name for rule in groups for name in rule.columns}
    left = [name for name in measured if name not in in_groups and columns.varies(name) and columns.exact(name)]
    counted = [name for name in left if types[name] in ("number", "integer")]
    some = {name: columns.some(name) for name in counted}
    linear = [rule for rule in (Constraint("linear", *found) for found in linear_rules(some)) if columns.obey(rule)]
    tied = {frozenset(rule.columns) for rule in linear if len(rule.columns) == 2}
    dated = [name for name in left if types[name] == "date"]
    order = [rule for names in (counted, dated) for rule in _orders(columns, names)]
    told = (rule for rule in order if frozenset(rule.columns) not in tied)
    named = [name for name in columns.names if types[name] in NAMED and name not in left_out | in_groups]
    return (*equal, *groups, *linear, *told, *_deciding(columns, named))


class _Columns:
    """The columns of a table: some rows of each to screen with, all rows only where a rule is to be proved."""

    def __init__(self, train: Dataset) -> None:
        features = [name for name in train.schema.features() if train.schema.types[name] != "text"]
        self.names = features[:MOST_COLUMNS]
        self.frame = train.frame
        # Evenly taken: files are often sorted.
        self.rows = np.linspace(0, len(train) - 1, min(len(train), SCREENED_ROWS)).astype(np.int64)
        self._some = {name: train.frame[name].iloc[self.rows] for name in self.names}
        self._all: dict[str, np.ndarray] = {}

    def head(self, name: str) -> pd.Series:
        """Return the screened rows of a column."""
        return self._some[name]

    def some(self, name: str) -> np.ndarray:
        """Return the screened rows of a measured column as numbers."""
        return as_numbers(self._some[name])

    def all(self, name: str) -> np.ndarray:
        """Return all rows of a measured column as numbers."""
        if name not in self._all:
            self._all[name] = as_numbers(self.frame[name])
        return self._all[name]

    def varies(self, name: str) -> bool:
        """Return whether a column holds different values in enough rows."""
        known = self._some[name].dropna()
        if len(known) and (known != known.iloc[0]).any():
            return len(known) >= LEAST_ROWS
        return _differ(self.frame[name].dropna())

    def exact(self, name: str) -> bool:
        """Return whether every value of a column is held exactly by a float64."""
        values = self.all(name)
        largest = np.nanmax(np.abs(values))
        return bool(largest <= EXACT_FLOAT)

    def obey(self, rule: Constraint) -> bool:
        """Return whether all rows obey a rule."""
        return not rule.broken(self.frame[list(rule.columns)]).any()


def _differ(known: pd.Series) -> bool:
    return len(known) >= LEAST_ROWS and bool((known != known.iloc[0]).any())


def as_numbers(column: pd.Series) -> np.ndarray:
    """Return a column as float64, NaN where missing: dates as seconds, truth values as 0 and 1."""
    if column.dtype.kind == "M":
        micros = column.to_numpy(dtype="datetime64[us]")
        return np.where(np.isnat(micros), np.nan, micros.view("int64") / 1e6)
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _differs(one: pd.Series, other: pd.Series) -> np.ndarray:
    gaps = one.isna().to_numpy(), other.isna().to_numpy()
    differs = (one.astype(object).to_numpy() != other.astype(object).to_numpy()) & ~gaps[0] & ~gaps[1]
    return differs | (gaps[0] != gaps[1])


def _equal_columns(columns: _Columns, names: list[str], types: dict[str, ColumnType]) -> Iterator[Constraint]:
    """Columns of one type that agree in every row, gaps included."""
    keys: dict[object, list[str]] = {}
    for name in names:
        hashed = pd.util.hash_pandas_object(columns.head(name), index=False).to_numpy().tobytes()
        keys.setdefault((types[name], hashed), []).append(name)
    frame = columns.frame
    for same in keys.values():
        first, rest = frame[same[0]], same[1:]
        alike = [name for name in rest if frame[name].dtype == first.dtype and not _differs(first, frame[name]).any()]
        if alike:
            yield Constraint("equal", (same[0], *alike))


def _one_hot_groups(columns: _Columns, names: list[str]) -> Iterator[Constraint]:
    """Columns of zeros and ones of which exactly one is 1 in every row; grown in the file's order."""
    screened = [name for name in names if _is_binary(columns.some(name))]
    binary = {name: columns.all(name) == 1 for name in screened if _is_binary(columns.all(name))}
    left = [name for name, ones in binary.items() if ones.any() and not ones.all()]
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


def _is_binary(values: np.ndarray) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _deciding(columns: _Columns, names: list[str]) -> list[Constraint]:
    """Categories that decide others; what follows from two rules is not told."""
    coded = {name: pd.factorize(columns.frame[name]) for name in names}
    codes = {name: np.asarray(found) for name, (found, _) in coded.items()}
    values = {name: list(found) for name, (_, found) in coded.items()}
    decided = {(a, b): beside for a, b, beside in deciding_columns(codes, CHANCE, LEAST_ROWS)}
    return [
        Constraint(
            "decides",
            (a, b),
            pairs=tuple((values[a][i], values[b][j]) for i, j in enumerate(decided[a, b].tolist()) if j >= 0),
        )
        for a, b in without_implied(list(decided))
    ]


def _orders(columns: _Columns, names: list[str]) -> list[Constraint]:
    """Pairs of which one is never above the other, though their ranges overlap.

    A coincidence is ruled out by how often it would hold if the rows of one
    column were shuffled: that often, in every row, for any of the pairs.
    """
    if len(names) < 2:
        return []
    some = np.stack([columns.some(name) for name in names])
    limit = np.log(CHANCE) - 2 * np.log(len(names))
    found: dict[tuple[int, int], bool] = {}
    for a in range(len(names)):
        # NaN compares false: a gap never counts against a pair.
        for b in np.flatnonzero(~(some[a] > some).any(axis=1)).tolist():
            if a != b and (strict := _is_order(columns.all(names[a]), columns.all(names[b]), limit)) is not None:
                found[a, b] = strict
    follows = {a: {b for c, b in found if c == a} for a, _ in found}
    implied = {(a, b) for a, b in found if any(b in follows.get(m, ()) for m in follows[a] - {b})}
    kept = {pair: strict for pair, strict in found.items() if pair not in implied or (pair[1], pair[0]) in found}
    spread = [float(np.nanvar(columns.all(name))) for name in names] if kept else []
    return [
        Constraint("order", (names[a], names[b]), strict=strict, variances=(spread[a], spread[b]), gaps=gaps)
        for (a, b), strict in kept.items()
        for gaps in [_gaps(columns.all(names[a]), columns.all(names[b]))]
    ]


def _gaps(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    return float(np.nanmin(high - low)), float(np.nanmax(high - low))


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
