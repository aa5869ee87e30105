"""Categories that decide others: a town its country, a model its maker."""

from collections.abc import Iterator, Mapping
from itertools import permutations

import numpy as np

# Value of the first column, the only value of the second that stands beside it.
Pair = tuple[object, object]
SOME_ROWS = 2_000


def deciding_columns(
    codes: Mapping[str, np.ndarray], chance: float, least_rows: int
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Yield pairs of columns of which the first decides the second, and where each of its values decides.

    A coincidence is ruled out by how often it would hold if the second
    column's values were thrown anew, by their shares, beside the first one's:
    all rows of each value of the first would have to get one value. The
    largest of these groups is not counted, since the others settle what is
    left for it. Values that stand in one row prove nothing.

    Parameters
    ----------
    codes : mapping of str to ndarray of int, shape (n,)
        Columns with their values numbered from 0, -1 where missing.
    chance : float
        How likely any pair at all may be a coincidence.
    least_rows : int
        With fewer complete rows nothing is said.

    Yields
    ------
    first, second : str
    decided : ndarray of int, shape (values of the first,)
        Number of the second's value, -1 where there is none.

    Examples
    --------
    >>> town = np.arange(60) % 6
    >>> found = deciding_columns({"town": town, "country": town // 2}, 1e-6, 20)
    >>> [(first, second, decided.tolist()) for first, second, decided in found]
    [('town', 'country', [0, 0, 1, 1, 2, 2])]
    """
    varying = {name: values for name, values in codes.items() if values.max(initial=-1) > 0}
    limit = np.log(chance) - 2 * np.log(max(len(varying), 2))
    rows = {name: _evenly(values) for name, values in varying.items()}
    for first, second in permutations(varying, 2):
        # A few rows rule out nearly every pair.
        if _decided(rows[first], rows[second]) is None:
            continue
        decided = _decided(varying[first], varying[second])
        if decided is not None and _surprise(varying[first], varying[second], least_rows) <= limit:
            yield first, second, decided


def without_implied(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs without those that follow from two of the others.

    Examples
    --------
    >>> without_implied([("town", "region"), ("town", "country"), ("region", "country")])
    [('town', 'region'), ('region', 'country')]
    """
    kept = list(pairs)
    for first, second in pairs:
        rest = set(kept) - {(first, second)}
        if any(a == first and (b, second) in rest for a, b in rest):
            kept.remove((first, second))
    return kept


def _evenly(values: np.ndarray) -> np.ndarray:
    return values[np.linspace(0, len(values) - 1, min(len(values), SOME_ROWS)).astype(np.int64)]


def _decided(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return the one value of the second column beside each of the first; None where a value has two."""
    known = (first >= 0) & (second >= 0)
    first, second = first[known], second[known]
    decided = np.full(int(first.max(initial=-1)) + 1, -1, dtype=np.int64)
    decided[first] = second
    return decided if (decided[first] == second).all() else None


def _surprise(first: np.ndarray, second: np.ndarray, least_rows: int) -> float:
    """Return the logarithm of how likely it is that each group agrees by chance."""
    known = (first >= 0) & (second >= 0)
    if known.sum() < least_rows:
        return 0.0
    shares = np.bincount(second[known])
    shares = shares[shares > 0] / known.sum()
    if len(shares) < 2:
        return 0.0
    sizes = np.sort(np.bincount(first[known]))[:-1]
    # Groups of one size are alike; a few hundred different sizes at most.
    different, times = np.unique(sizes[sizes > 1], return_counts=True)
    agree = [np.logaddexp.reduce(size * np.log(shares)) for size in different]
    return float(np.dot(agree, times)) if len(different) else 0.0
