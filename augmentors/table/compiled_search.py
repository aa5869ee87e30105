"""Candidates of a search over all pairs from compiled code: when that pays, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any

import numpy as np

from augmentors.table.single_precision import FARTHEST, halves

# A row that has more candidates than there is room for gets this many times as much, once.
LARGER = 16
# Room for so many candidates is asked for at once, by all threads together.
MOST_KEPT = 30_000_000
# So many tiles tell every query how far its nearest are at most.
SAMPLED = 28
# Pairs of blocks that a thread takes at once.
BLOCKS_AT_ONCE = 8


class CompiledSearch:
    """Points and queries laid out for compiled code.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
        Finite.
    wanted : ndarray of float64, shape (q, m)
        Finite; the points themselves (the same array) are searched faster.
    count : int
        How many nearest are wanted, at most n.
    threads : int
    """

    def __init__(self, points: np.ndarray, wanted: np.ndarray, count: int, threads: int) -> None:
        # Imports numba.
        from augmentors.table import fused_search

        self._code, self._count, self._threads = fused_search, count, threads
        self._themselves = wanted is points
        # In an order without meaning, lest each point lie nearer than those before.
        self._order = np.random.default_rng(0).permutation(len(points))
        self._left, right = halves(points, wanted)
        right = right[self._order]
        if self._themselves:
            self._left = self._left[self._order]
        tile = fused_search.POINTS
        tiles = _padded(right, tile, infinite=-2).reshape(-1, tile, right.shape[1])
        self._tiles = np.ascontiguousarray(tiles.transpose(0, 2, 1))

    def candidates(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield queries, how many candidates each has, and these, query by query.

        Queries whose candidates are too many never come: single precision
        cannot tell their neighbours apart.

        Yields
        ------
        rows, sizes : ndarray of int64, shape (some,)
        point : ndarray of int64, shape (sum of sizes,)
            Positions of all points that may be among the nearest.
        """
        rows, capacity = np.arange(len(self._left)), max(3 * self._count, 16)
        both = self._themselves and len(rows) * capacity <= MOST_KEPT
        for room in (capacity, LARGER * capacity):
            at_once, rest = len(rows) if both else max(MOST_KEPT // room, 1), []
            for start in range(0, len(rows), at_once):
                some = rows[start : start + at_once]
                sizes, point = self._search(some, room, both)
                done = some[sizes > 0]
                yield self._order[done] if self._themselves else done, sizes[sizes > 0], self._order[point]
                rest.append(some[sizes == 0])
            rows, both = np.concatenate([rows[:0], *rest]), False

    def _search(self, rows: np.ndarray, capacity: int, both: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return how many candidates each of some queries has, 0 for too many, and these."""
        code, count = self._code, self._count
        queries = _padded(self._left if both else self._left[rows], code.ROWS, infinite=-1)
        threads = max(min(self._threads, MOST_KEPT // (len(rows) * capacity)), 1)
        bounds = np.full(max(len(queries), len(self._tiles) * code.POINTS), code.NEVER)
        bounds[: len(rows)] = FARTHEST
        sizes = np.zeros((threads, len(rows)), dtype=np.int32)
        points = np.empty((threads, len(rows), capacity), dtype=np.int32)
        values = np.empty(points.shape, dtype=np.float32)
        squares, spare = queries[:, -1].copy(), np.empty((threads, capacity), dtype=np.float32)
        kept = [code.Kept(squares, bounds, *of_thread) for of_thread in zip(sizes, points, values, spare, strict=True)]
        sample = min(max(SAMPLED, -(-2 * count // code.POINTS)), len(self._tiles))

        def bound(begin: int, mine: Any) -> None:
            code.first_bounds(begin, min(begin + code.BLOCK, len(queries)), count, sample, queries, self._tiles, mine)

        def meet(blocks: np.ndarray, mine: Any) -> None:
            if np.count_nonzero(sizes < 0) <= len(rows) // 2:
                code.search_blocks(blocks, both, count, queries, self._tiles, mine)

        _in_threads(bound, range(0, len(queries), code.BLOCK), kept)
        _in_threads(meet, self._meetings(len(queries), both), kept)
        if np.count_nonzero((sizes < 0).any(axis=0)) > len(rows) // 2:
            return np.zeros(len(rows), dtype=np.int64), np.zeros(0, dtype=np.int64)
        found: tuple[np.ndarray, np.ndarray] = code.candidates(count, queries.shape[1], squares, sizes, points, values)
        return found

    def _meetings(self, queries: int, both: bool) -> list[np.ndarray]:
        """Return which blocks meet, some for each task; among themselves, each first meets itself."""
        of_queries, of_points = (-(-n // self._code.BLOCK) for n in (queries, len(self._tiles) * self._code.POINTS))
        pairs = np.indices((of_queries, of_points)).reshape(2, -1).T
        if both:
            pairs = pairs[pairs[:, 0] >= pairs[:, 1]]
            pairs = pairs[np.argsort(pairs[:, 0] != pairs[:, 1], kind="stable")]
        return [np.ascontiguousarray(pairs[at : at + BLOCKS_AT_ONCE]) for at in range(0, len(pairs), BLOCKS_AT_ONCE)]


def _padded(rows: np.ndarray, multiple: int, infinite: int) -> np.ndarray:
    """Return rows and some more, infinitely far away, up to a multiple."""
    padded = np.zeros((-(-len(rows) // multiple) * multiple, rows.shape[1]), dtype=np.float32)
    padded[: len(rows)] = rows
    padded[len(rows) :, infinite] = np.inf
    return padded


def _in_threads(work: Callable[[Any, Any], None], tasks: Iterable[Any], kept: list[Any]) -> None:
    """Do tasks on as many threads as there is something to keep candidates in."""
    if len(kept) == 1:
        for task in tasks:
            work(task, kept[0])
        return
    own, unused = local(), iter(kept)

    def with_own(task: Any) -> None:
        if not hasattr(own, "kept"):
            own.kept = next(unused)
        work(task, own.kept)

    with ThreadPoolExecutor(len(kept)) as pool:
        for _ in pool.map(with_own, tasks):
            pass
