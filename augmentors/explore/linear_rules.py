"""Columns that are exactly a weighted sum of others: totals, differences, changed units."""

from collections.abc import Iterator

import numpy as np

SOME_ROWS = 2_000
# Rounding of sums of decimal numbers stays below this share of their size.
RELATIVE = 1e-9
# A sum of more columns is believed only when all weights are 1 or -1.
MOST_TERMS = 4

Rule = tuple[tuple[str, ...], tuple[float, ...], float]


def linear_rules(values: dict[str, np.ndarray]) -> Iterator[Rule]:
    """Yield columns that others give exactly: (its name, theirs), weights, constant.

    Columns are taken in the file's order; one that the independent columns
    before it span exactly is a rule. There must be well more complete rows
    than columns, so that a chance fit cannot be exact.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> a, b = rng.normal(size=(2, 60))
    >>> list(linear_rules({"a": a, "b": b, "total": a + b + 1}))
    [(('total', 'a', 'b'), (1.0, 1.0), 1.0)]
    """
    if len(values) < 2:
        return
    names = list(values)
    table = np.stack([values[name] for name in names], axis=1)
    complete = table[~np.isnan(table).any(axis=1)]
    if len(complete) < 2 * len(names) + 20:
        return
    some = complete[np.linspace(0, len(complete) - 1, min(len(complete), SOME_ROWS)).astype(np.int64)]
    size = np.abs(some).max(axis=0)
    scaled = some / np.where(size > 0, size, 1.0)
    basis = [np.full(len(some), len(some) ** -0.5)]
    independent: list[int] = []
    for i, name in enumerate(names):
        left = scaled[:, i].copy()
        for _ in range(2):  # Once more for what rounding left.
            left -= np.stack(basis, axis=1) @ (np.stack(basis) @ left)
        length = float(np.linalg.norm(left))
        if length > 1e-8 * np.linalg.norm(scaled[:, i]):
            basis.append(left / length)
            independent.append(i)
            continue
        rule = _rule(scaled, size, i, independent)
        if rule is not None and _holds(complete, i, *rule):
            at, weights, constant = rule
            yield (name, *(names[j] for j in at)), tuple(weights), constant


def _rule(
    scaled: np.ndarray, size: np.ndarray, column: int, independent: list[int]
) -> tuple[list[int], list[float], float] | None:
    """Return the columns, weights and constant that give a column; None when they are too many to be meant."""
    ones = np.ones((len(scaled), 1))
    solved = np.linalg.lstsq(np.hstack([ones, scaled[:, independent]]), scaled[:, column], rcond=None)[0]
    constant = _plain(float(solved[0] * size[column]), float(size[column]))
    terms = [
        (j, _plain(float(share * size[column] / size[j]), float(size[column] / size[j])))
        for j, share in zip(independent, solved[1:], strict=True)
        if abs(share) > 1e-7
    ]
    weights = [weight for _, weight in terms]
    if not terms or (len(terms) > MOST_TERMS and any(abs(weight) != 1 for weight in weights)):
        return None
    return [j for j, _ in terms], weights, constant


def _plain(value: float, size: float) -> float:
    """Return the plain number that a solved weight stands for."""
    if abs(value) < 1e-7 * size:
        return 0.0
    for digits in (0, 1, 2, 3, 4, 6):
        rounded = round(value, digits)
        if rounded and abs(value - rounded) < 1e-7 * abs(value):
            return rounded
    return value


def _holds(complete: np.ndarray, column: int, at: list[int], weights: list[float], constant: float) -> bool:
    parts = complete[:, at] * np.array(weights)
    size = np.abs(complete[:, column]) + np.abs(parts).sum(axis=1) + abs(constant)
    return bool((np.abs(complete[:, column] - parts.sum(axis=1) - constant) <= RELATIVE * size).all())
