"""The search over all pairs against plain distances in double precision: equal rows, ties, outliers, any threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from augmentors.table import compilation, compiled_search, exact_search
from augmentors.table.exact_search import nearest_positions
from augmentors.table.single_precision import SinglePrecision


def by_hand(points: np.ndarray, queries: np.ndarray, count: int) -> np.ndarray:
    """Return the nearest by (distance, position), with the sums in the order the search uses."""
    found = []
    for q in queries:
        difference = points - points[q]
        distances = np.einsum("ij,ij->i", difference, difference)
        found.append(np.lexsort([np.arange(len(points)), distances])[:count])
    return np.array(found)


@pytest.fixture(params=["plain", "among themselves", "compiled"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """All ways to search, cut into several pieces even where a test is small."""
    monkeypatch.setattr(exact_search, "ROWS_WORTH_SYMMETRY", 1 if request.param == "among themselves" else 10**9)
    monkeypatch.setattr(exact_search, "POINTS_AT_ONCE", 256)
    monkeypatch.setattr(exact_search, "OTHERS_AT_ONCE", 128)
    monkeypatch.setattr(compiled_search, "BLOCKS_AT_ONCE", 1)
    monkeypatch.setattr(compilation, "pays", lambda pairs, columns: request.param == "compiled")
    return str(request.param)


def tables(rng: np.random.Generator) -> dict[str, np.ndarray]:
    shifted = rng.normal(size=(700, 5)) + 1e7
    outliers = rng.normal(size=(700, 6))
    outliers[::70] *= 1e6
    clusters = rng.normal(size=(700, 8)) * 1e-4 + rng.integers(0, 4, (700, 1)) * 100.0
    return {
        "normal": rng.normal(size=(900, 30)),
        "one column": rng.normal(size=(700, 1)),
        "sorted": np.sort(rng.normal(size=(700, 3)), axis=0),
        "far from zero": shifted,
        "outliers": outliers,
        "tight clusters": clusters,
        "whole numbers": rng.integers(0, 3, (700, 6)).astype(float),
        "mostly copies": rng.integers(0, 2, (700, 3)).astype(float),
        "all equal": np.full((300, 4), 7.5),
        "tiny": rng.normal(size=(3, 2)),
        "huge": rng.normal(size=(300, 3)) * 1e140,
        "different sizes": rng.normal(size=(700, 4)) * np.array([1e-30, 1.0, 1e12, 1e3]),
    }


@pytest.mark.parametrize("name", list(tables(np.random.default_rng(0))))
@pytest.mark.parametrize("count", [1, 2, 6, 101])
def test_equals_double_precision(name: str, count: int, way: str) -> None:
    points = tables(np.random.default_rng(0))[name]
    count = min(count, len(points))
    every = np.arange(len(points))
    assert (nearest_positions(points, points, count) == by_hand(points, every, count)).all()


def test_queries_in_any_order_and_number(way: str) -> None:
    points = np.random.default_rng(0).normal(size=(500, 7))
    queries = np.array([499, 3, 3, 250])
    assert (nearest_positions(points, points[queries], 4) == by_hand(points, queries, 4)).all()


def test_rows_that_are_no_points(way: str) -> None:
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (400, 5)).astype(float)
    wanted = rng.normal(size=(90, 5)) * 3
    distances = np.einsum("qij,qij->qi", wanted[:, None] - points, wanted[:, None] - points)
    expected = [np.lexsort([np.arange(400), row])[:7] for row in distances]
    assert (nearest_positions(points, wanted, 7) == np.array(expected)).all()


@given(st.integers(0, 2**32), st.integers(2, 300), st.integers(1, 12), st.sampled_from([1e-9, 0.3, 1.0, 1e9]))
@settings(max_examples=40, deadline=None)
def test_equals_double_precision_on_drawn_tables(seed: int, rows: int, columns: int, step: float) -> None:
    rng = np.random.default_rng(seed)
    points = np.rint(rng.standard_t(2, size=(rows, columns)) * 3) * step + rng.normal() * 100
    every = np.arange(rows)
    count = min(int(rng.integers(1, 12)), rows)
    expected = by_hand(points, every, count)
    for compiled in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compilation, "pays", lambda pairs, columns, compiled=compiled: compiled)
            assert (nearest_positions(points, points, count) == expected).all()
            assert (nearest_positions(points, points[::3], count) == expected[::3]).all()


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    points = np.random.default_rng(0).integers(0, 5, (1500, 6)).astype(float)
    found: list[np.ndarray] = []
    monkeypatch.setattr(exact_search, "PAIRS_WORTH_THREADS", 1)
    for threads in (1, 3):
        monkeypatch.setattr(exact_search, "usable_threads", lambda threads=threads: threads)
        with threadpool_limits(1):
            found.append(nearest_positions(points, points, 5))
    assert (found[0] == found[1]).all()


def test_the_bound_covers_the_rounding_error() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(400, 20)) + 50 * rng.integers(0, 2, (400, 1))
    single = SinglePrecision.of(points, points, 6, (512, 512))
    centred = (points - points.mean(axis=0)) / np.abs(points - points.mean(axis=0)).max()
    exact = ((centred[:, None] - centred[None]) ** 2).sum(axis=2)
    kth = np.sort(exact, axis=1)[:, 5]
    for start in range(0, 400, 50):
        rows = slice(start, start + 50)
        approximate = single.distances(rows, 0, single.scratch())[:, :400].copy()
        bound = single.bound(np.sort(approximate, axis=1)[:, 5], rows)
        assert ((approximate <= bound[:, None]) | (exact[rows] > kth[rows, None])).all()
        assert ((approximate <= bound[:, None]).sum(axis=1) < 20).all(), "a bound that lets everybody in says nothing"


def test_rows_that_single_precision_cannot_tell_apart_are_searched_in_double(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    alike = rng.normal(size=(2500, 3)) * 1e-4 + rng.integers(0, 2, (2500, 1)) * 100.0
    asked: list[int] = []
    original = exact_search._search

    def search(*arguments: np.ndarray) -> np.ndarray:
        found = original(*arguments)
        asked.append(len(found))
        return found

    monkeypatch.setattr(exact_search, "_search", search)
    queries = np.arange(0, 2500, 50)
    assert (nearest_positions(alike, alike, 4)[queries] == by_hand(alike, queries, 4)).all()
    assert asked == [], "the test needs rows that are too alike"
    monkeypatch.setattr(exact_search, "MOST_CANDIDATES", 1000)
    points = rng.normal(size=(400, 5))
    assert (nearest_positions(points, points, 4) == by_hand(points, np.arange(400), 4)).all()
    assert asked == []


def test_one_row_far_away_leaves_single_precision_fine(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).normal(size=(900, 5))
    points[7] = 1e9
    monkeypatch.setattr(exact_search, "MOST_CANDIDATES", 900 * 60)
    every = np.arange(900)
    monkeypatch.setattr(exact_search, "_search_or_double", exact_search._search)
    assert (nearest_positions(points, points, 4) == by_hand(points, every, 4)).all()
