"""Exact nearest rows by comparing all pairs: approximate distances choose candidates, exact ones rank them.

Single precision halves the cost of the matrix products that make up most of a
search; its rounding error is bounded, so every row that could be among the
nearest stays a candidate. What comes out is exact, and therefore the same on
any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock, local

import numpy as np

from augmentors.core.late import pd
from augmentors.table import compilation
from augmentors.table.double_precision import first_of_each, nearest_in_double, pair_distances
from augmentors.table.single_precision import QUERIES_AT_ONCE, Scratch, SinglePrecision

POINTS_AT_ONCE, OTHERS_AT_ONCE = 20_480, 3_584
# The share of rows that tells the others how far to look.
SAMPLED = 0.35
# Between these numbers of rows, computing each pair once instead of twice pays for its bookkeeping.
ROWS_WORTH_SYMMETRY, MOST_ROWS_FOR_SYMMETRY = 4_096, 200_000
# More candidates than this mean that single precision cannot tell the rows apart.
MOST_CANDIDATES = 30_000_000
# Below this many pairs, starting threads costs more than it saves.
PAIRS_WORTH_THREADS = 20_000_000

Pairs = tuple[np.ndarray, np.ndarray, np.ndarray]
Each = Callable[[Callable[[slice, Scratch], Pairs], int, int], list[Pairs]]


def nearest_positions(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    """Return the positions of the `count` points nearest to some rows, nearest first, ties by position.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
        Finite.
    wanted : ndarray of float64, shape (q, m)
        Finite. The points themselves (the same array) are searched faster; each
        is then among its own nearest.
    count : int
        At most n.

    Returns
    -------
    ndarray of int64, shape (q, count)

    Examples
    --------
    >>> nearest_positions(np.array([[0.0], [1.0], [3.0]]), np.array([[0.4], [9.0]]), 2).tolist()
    [[0, 1], [2, 1]]
    """
    if not len(wanted):
        return np.empty((0, count), dtype=np.int64)
    copies = _copies(points)
    if copies is None:
        return _search_or_double(points, wanted, count)
    # Many equal rows would all be candidates of each other: search among different rows, then name their copies.
    first, group = copies
    different = points[first]
    asked = different if wanted is points else wanted
    near = _search_or_double(different, asked, min(count, len(first)))
    found = _with_copies(different, asked, near, group, count)
    return found[group] if wanted is points else found


def _copies(points: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the first position of each different row and the number of each row's group; None without copies."""
    keys = np.zeros(len(points), dtype=np.uint64)
    for column in points.T:
        # Adding 0 makes -0.0 and 0.0 one.
        keys = keys * np.uint64(1_000_003) + pd.util.hash_array(column + 0.0)
    group, different = pd.factorize(keys)
    if len(different) == len(points):
        return None
    first = np.full(len(different), len(points))
    np.minimum.at(first, group, np.arange(len(points)))
    return first, group


def _with_copies(
    different: np.ndarray, asked: np.ndarray, near: np.ndarray, group: np.ndarray, count: int
) -> np.ndarray:
    """Return the nearest points of each asked row, copies counted one by one, shape (asked, count)."""
    members = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[members], np.arange(len(different)))
    sizes = np.minimum(np.bincount(group, minlength=len(different)), count)
    distance = pair_distances(asked, np.repeat(np.arange(len(near)), near.shape[1]), different, near.ravel())
    times = sizes[near.ravel()]
    owner = np.repeat(np.arange(near.size) // near.shape[1], times)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(times) - times, times)
    rows = members[np.repeat(starts[near.ravel()], times) + within]
    return first_of_each(owner, np.repeat(distance, times), rows, count)


class _TooAlike(Exception):
    """Single precision leaves too many candidates: rows lie closer together than it can tell."""


def _search_or_double(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    pairs = len(points) * len(wanted) // (2 if wanted is points else 1)
    if compilation.pays(pairs, points.shape[1]):
        return _search_compiled(points, wanted, count)
    try:
        return _search(points, wanted, count)
    except _TooAlike:
        return nearest_in_double(points, wanted, count)


def _search_compiled(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    """Return what `_search` returns, by compiled code."""
    from augmentors.table import compiled_search, fused_search

    nearest = np.full((len(wanted), count), -1)
    search = compiled_search.CompiledSearch(points, wanted, count, usable_threads())
    for rows, sizes, point in search.candidates():
        distance = pair_distances(wanted, np.repeat(rows, sizes), points, point)
        nearest[rows] = fused_search.ranked(sizes, distance, point, count)
    alike = np.flatnonzero(nearest[:, 0] < 0)
    nearest[alike] = nearest_in_double(points, wanted[alike], count)
    return nearest


def _search(points: np.ndarray, wanted: np.ndarray, count: int) -> np.ndarray:
    if wanted is points and ROWS_WORTH_SYMMETRY <= len(points) <= MOST_ROWS_FOR_SYMMETRY:
        return _among_themselves(points, count)
    single = SinglePrecision.of(points, wanted, count, (POINTS_AT_ONCE, POINTS_AT_ONCE))

    def candidates(rows: slice, scratch: Scratch) -> Pairs:
        minima = np.full((rows.stop - rows.start, single.groups), np.inf, dtype=np.float32)
        found = []
        for i in range(len(single.pieces)):
            distances = single.distances(rows, i, scratch)
            np.minimum(minima, scratch.group_minima(distances), out=minima)
            bound = single.bound(np.partition(minima, count - 1, axis=1)[:, count - 1], rows)
            query, point, value = scratch.pairs_within(distances, bound[:, None])
            found.append((query + rows.start, point + single.starts[i], value))
        return _joined(found)

    with _threads(single, len(points), count) as each:
        found = _joined(each(candidates, 0, len(wanted)))
    owner, point = _narrowed(single, found, count)
    return first_of_each(owner, pair_distances(wanted, owner, points, point), point, count)


def _among_themselves(points: np.ndarray, count: int) -> np.ndarray:
    """Return the nearest rows of every row, computing most distances once for both rows of a pair.

    A sample tells every row how far its nearest are at most; then each pair of
    the other rows is computed once and offered to both.
    """
    n = len(points)
    # The sample must stand for all, however the rows are sorted; where they stood is put back at the end.
    shuffled = np.random.default_rng(0).permutation(n)
    sampled = max(count, min(int(SAMPLED * n), POINTS_AT_ONCE))
    mixed = points[shuffled]
    single = SinglePrecision.of(mixed, mixed, count, (sampled, OTHERS_AT_ONCE))
    starts = [*single.starts, n]
    bound = np.zeros(n + single.groups, dtype=np.float32)

    def offered(rows: slice, piece: int, distances: np.ndarray, scratch: Scratch, to_both: bool) -> list[Pairs]:
        start = starts[piece]
        row, column, value = scratch.pairs_within(distances, bound[rows, None])
        pairs = [(row + rows.start, column + start, value)]
        if to_both:
            row, column, value = scratch.pairs_within(distances, bound[start : start + distances.shape[1]])
            pairs.append((column + start, row + rows.start, value))
        return pairs

    def with_sample(rows: slice, scratch: Scratch) -> Pairs:
        distances = single.distances(rows, 0, scratch)
        smallest = np.partition(scratch.group_minima(distances), count - 1, axis=1)[:, count - 1]
        bound[rows] = single.bound(smallest, rows)
        return _joined(offered(rows, 0, distances, scratch, rows.start >= starts[1]))

    def with_others(rows: slice, scratch: Scratch) -> Pairs:
        own, found = int(np.searchsorted(starts, rows.start, side="right")) - 1, []
        for i in range(own, len(single.pieces)):
            found += offered(rows, i, single.distances(rows, i, scratch), scratch, i > own)
        return _joined(found)

    with _threads(single, n, count) as each:
        found = each(with_sample, 0, starts[1])
        found += each(with_sample, starts[1], n) + each(with_others, starts[1], n)
    owner, point = (shuffled[at] for at in _narrowed(single, _joined(found), count))
    return first_of_each(owner, pair_distances(points, owner, points, point), point, count)


@contextmanager
def _threads(single: SinglePrecision, points: int, count: int) -> Iterator[Each]:
    """Yield a function that does a piece of work for blocks of queries: on as many threads as products may use."""
    from threadpoolctl import threadpool_limits

    own, counting, so_far = local(), Lock(), 0
    most = min(len(single.queries) * (32 * count + 256), MOST_CANDIDATES)

    def with_scratch(work: Callable[[slice, Scratch], Pairs], rows: slice) -> Pairs:
        nonlocal so_far
        if so_far > most:
            raise _TooAlike
        if not hasattr(own, "scratch"):
            own.scratch = single.scratch()
        found = work(rows, own.scratch)
        with counting:
            so_far += len(found[0])
        return found

    def blocks(start: int, stop: int) -> list[slice]:
        return [slice(at, min(at + QUERIES_AT_ONCE, stop)) for at in range(start, stop, QUERIES_AT_ONCE)]

    if len(single.queries) * points < PAIRS_WORTH_THREADS:
        yield lambda work, start, stop: [with_scratch(work, rows) for rows in blocks(start, stop)]
        return
    threads = usable_threads()
    # Each thread multiplies on its own.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(threads) as pool:
        yield lambda work, start, stop: list(pool.map(partial(with_scratch, work), blocks(start, stop)))


def usable_threads() -> int:
    """Return how many threads matrix products may use here: the limit that everybody sets and respects."""
    from threadpoolctl import threadpool_info

    return max((library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"), default=1)


def _joined(pairs: list[Pairs]) -> Pairs:
    owner, point, value = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return owner, point, value


def _narrowed(single: SinglePrecision, pairs: Pairs, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs (query, point) that are left once all candidates of a query are known, ordered by query."""
    owner, point, value = pairs
    # One number sorts by query, then by distance: the bits of positive floats are ordered as they are.
    bits = np.maximum(value, 0.0).view(np.uint32)
    order = np.argsort((owner.astype(np.uint64) << np.uint64(32)) | bits)
    owner, point, value = owner[order], point[order], value[order]
    starts = np.searchsorted(owner, np.arange(len(single.queries)))
    bound = single.bound(value[starts + count - 1], slice(0, len(starts)))
    kept = value <= bound[owner]
    return owner[kept], point[kept]
