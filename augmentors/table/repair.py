"""Makes new rows obey the rules of the data again: what rounding, noise or votes have broken."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.late import pd
from augmentors.explore.constraints import RELATIVE, Constraint, as_numbers, constraints_of
from augmentors.table.resolution import date_grid, decimals_of, to_decimals

RULES_NAMED = 5


def repaired(columns: dict[str, pd.Series], base: np.ndarray, train: Dataset) -> dict[str, pd.Series]:
    """Return new columns in which one-hot groups, equal columns, sums and deciding categories hold again.

    A one-hot group takes its largest value, or the first parent's when two are
    equally large; where a is above b though it never is, or further below than
    it ever is, both are moved until they differ as the first parent's do, the
    one that varies more by more; a sum is computed anew from its parts. A
    category that another one decides takes the value that stands beside that
    one; where two ask for different values, all columns that hang together
    take the first parent's. Equal columns take the first one's values. Rows
    that obey are not touched. What rules that share columns leave broken, the
    gate rejects.

    Parameters
    ----------
    columns : dict of str to Series, length n
    base : ndarray of int64, shape (n,)
        Positions of the first parents.
    train : Dataset
    """
    rules = constraints_of(train)
    if not rules:
        return columns
    columns = dict(columns)
    for kind, repair, times in REPAIRS:
        some = [rule for rule in rules if rule.kind == kind and all(name in columns for name in rule.columns)]
        for _ in range(times):
            moved = False
            for rule in some:
                wrong = rule.broken(pd.DataFrame({name: columns[name] for name in rule.columns}, copy=False))
                if wrong.any():
                    moved = True
                    repair(rule, columns, np.flatnonzero(wrong), base, train)
            if not moved:
                break
        if kind == "decides":
            _settle(some, columns, base, train)
    return columns


def rules_note(train: Dataset) -> str | None:
    """Return in a sentence which rules new rows keep to; None when there are none."""
    rules = constraints_of(train)
    if not rules:
        return None
    shown = "; ".join(str(rule) for rule in rules[:RULES_NAMED])
    more = f"; and {len(rules) - RULES_NAMED} more" if len(rules) > RULES_NAMED else ""
    return f"New rows keep to the rules that all training rows obey: {shown}{more}."


def _one_hot(
    rule: Constraint, columns: dict[str, pd.Series], rows: np.ndarray, base: np.ndarray, train: Dataset
) -> None:
    values = np.stack([as_numbers(columns[name])[rows] for name in rule.columns])
    tied = (values == values.max(axis=0)).sum(axis=0) > 1
    own = np.stack([as_numbers(train.frame[name].iloc[base[rows]]) for name in rule.columns])
    winner = np.where(tied, own.argmax(axis=0), values.argmax(axis=0))
    for i, name in enumerate(rule.columns):
        _put(columns, name, rows, winner == i)


def _order(rule: Constraint, columns: dict[str, pd.Series], rows: np.ndarray, base: np.ndarray, train: Dataset) -> None:
    low, high = (as_numbers(columns[name])[rows] for name in rule.columns)
    low_parent, high_parent = (as_numbers(train.frame[name].iloc[base[rows]]) for name in rule.columns)
    gap = np.where(np.isnan(high_parent - low_parent), 0.0, high_parent - low_parent)
    ease = rule.variances[1] / sum(rule.variances)
    missing = gap - (high - low)
    first, second = rule.columns
    low = _on_grid(low - missing * (1 - ease), train, first, np.floor)
    low = _within(low, train, first)
    high = _within(_on_grid(low + gap, train, second, np.ceil), train, second)
    # Where the second has reached the end of its range, the first follows.
    low = _within(_on_grid(np.minimum(low, high - gap), train, first, np.ceil), train, first)
    _put(columns, first, rows, low)
    _put(columns, second, rows, high)


def _within(values: np.ndarray, train: Dataset, name: str) -> np.ndarray:
    seen = as_numbers(train.frame[name])
    return np.clip(values, np.nanmin(seen), np.nanmax(seen))


def _on_grid(values: np.ndarray, train: Dataset, name: str, rounded: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return values rounded, up or down, to what the column keeps to; those on it already stay."""
    column, kind, digits, first = train.frame[name], train.schema.types[name], 0, 0.0
    if kind == "date":
        start, microseconds = date_grid(column)
        first, step, digits = start / 1e6, microseconds / 1e6, 6
    elif kind == "integer":
        step = 1.0
    elif (own := decimals_of(column)) is not None:
        digits, step = own, 10.0**-own
    else:
        return values
    places = (values - first) / step
    near = np.rint(places)
    places = np.where(np.abs(places - near) < 1e-6, near, rounded(places))
    return np.round(places * step + first, digits)


def _equal(rule: Constraint, columns: dict[str, pd.Series], rows: np.ndarray, base: np.ndarray, train: Dataset) -> None:
    for name in rule.columns[1:]:
        columns[name] = columns[rule.columns[0]].copy()


def _linear(
    rule: Constraint, columns: dict[str, pd.Series], rows: np.ndarray, base: np.ndarray, train: Dataset
) -> None:
    parts = [
        weight * as_numbers(columns[name])[rows] for name, weight in zip(rule.columns[1:], rule.weights, strict=True)
    ]
    total = np.sum(parts, axis=0) + rule.constant
    whole = train.schema.types[rule.columns[0]] == "integer"
    tidy = np.rint(total) if whole else to_decimals(total, train.frame[rule.columns[0]])
    # Where the weights are no round numbers, decimals would break the sum.
    close = np.abs(tidy - total) <= RELATIVE * np.abs(total)
    _put(columns, rule.columns[0], rows, tidy if whole else np.where(close, tidy, total))


def _decides(
    rule: Constraint, columns: dict[str, pd.Series], rows: np.ndarray, base: np.ndarray, train: Dataset
) -> None:
    wanted = rule.decided(columns[rule.columns[0]].iloc[rows])
    _take(columns, rule.columns[1], rows, pd.Series(wanted.array, dtype=columns[rule.columns[1]].dtype))


def _settle(rules: list[Constraint], columns: dict[str, pd.Series], base: np.ndarray, train: Dataset) -> None:
    """Give rows that two rules pull apart the first parent's values, in all columns that hang together."""
    for names in _together(rules):
        own = [rule for rule in rules if rule.columns[0] in names]
        frame = pd.DataFrame({name: columns[name] for name in names}, copy=False)
        rows = np.flatnonzero(np.logical_or.reduce([rule.broken(frame) for rule in own]))
        for name in names if len(rows) else ():
            _take(columns, name, rows, train.frame[name].iloc[base[rows]])


def _together(rules: list[Constraint]) -> list[list[str]]:
    """Return the columns that rules link, group by group."""
    groups: list[list[str]] = []
    for rule in rules:
        linked = [group for group in groups if not set(group).isdisjoint(rule.columns)]
        joined = [name for group in linked for name in group]
        groups = [group for group in groups if group not in linked]
        groups.append(list(dict.fromkeys([*joined, *rule.columns])))
    return groups


def _take(columns: dict[str, pd.Series], name: str, rows: np.ndarray, values: pd.Series) -> None:
    column = columns[name].copy()
    column.iloc[rows] = values.array
    columns[name] = column


def _put(columns: dict[str, pd.Series], name: str, rows: np.ndarray, values: np.ndarray) -> None:
    """Write values into some rows, in the column's own dtype."""
    column = columns[name].copy()
    kind = column.dtype.kind
    if kind == "M":
        stamps = pd.Series(np.rint(values * 1e6).astype("int64").view("datetime64[us]"))
        zone = getattr(column.dtype, "tz", None)
        stamps = (stamps.dt.tz_localize("UTC") if zone else stamps).astype(column.dtype)
        column.iloc[rows] = stamps.array
        columns[name] = column
        return
    column.iloc[rows] = values.astype({"b": "bool", "i": "int64", "u": "int64"}.get(kind, "float64"))
    columns[name] = column


# A repair of one order may break another that shares a column: a few turns settle most.
REPAIRS = (
    ("one_hot", _one_hot, 1),
    ("order", _order, 5),
    ("linear", _linear, 1),
    ("decides", _decides, 5),
    ("equal", _equal, 1),
)
