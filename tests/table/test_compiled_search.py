"""What compiled code is given and gives back: rows with too many candidates, little memory, threads."""

import numpy as np
import pytest

from augmentors.table import compiled_search, fused_search
from augmentors.table.compiled_search import CompiledSearch
from augmentors.table.single_precision import SinglePrecision


def found(search: CompiledSearch) -> dict[int, set[int]]:
    """Return the candidates of each query."""
    of_query: dict[int, set[int]] = {}
    for rows, sizes, point in search.candidates():
        parts = np.split(point, np.cumsum(sizes)[:-1]) if len(rows) else []
        of_query |= {int(row): set(part.tolist()) for row, part in zip(rows, parts, strict=True)}
    return of_query


def nearest(points: np.ndarray, query: np.ndarray, count: int) -> set[int]:
    distances = ((points - query) ** 2).sum(axis=1)
    return set(np.lexsort([np.arange(len(points)), distances])[:count].tolist())


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("rows", "columns", "count"), [(2000, 5, 6), (700, 31, 40), (24, 1, 24), (5, 2, 3), (1, 1, 1)])
def test_the_nearest_are_among_few_candidates(
    rows: int, columns: int, count: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_search, "BLOCKS_AT_ONCE", 1)
    points = np.random.default_rng(rows).normal(size=(rows, columns))
    for wanted in (points, points[::2].copy()):
        of_query = found(CompiledSearch(points, wanted, count, threads))
        assert sorted(of_query) == list(range(len(wanted)))
        assert all(nearest(points, wanted[row], count) <= some for row, some in of_query.items())
        assert sum(map(len, of_query.values())) <= len(wanted) * count * 1.01 + 1


def test_little_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(0).normal(size=(900, 4))
    plenty = found(CompiledSearch(points, points, 4, 2))
    monkeypatch.setattr(compiled_search, "MOST_KEPT", 3000)
    assert found(CompiledSearch(points, points, 4, 2)) == plenty


def test_rows_with_many_equally_near_ones_get_more_room_once() -> None:
    rng = np.random.default_rng(0)
    # In the middle of a sphere all points of it are equally near: 60 fit into more room, 2,000 do not.
    sphere = rng.normal(size=(2060, 6))
    sphere /= np.linalg.norm(sphere, axis=1)[:, None]
    sphere[:60] += 50
    points = np.concatenate([sphere, np.full((1, 6), 50.0), np.zeros((1, 6)), rng.normal(size=(400, 6)) * 5 + 20])
    of_query = found(CompiledSearch(points, points, 4, 1))
    assert set(range(60)) <= of_query[2060]
    assert 2061 not in of_query
    assert all(nearest(points, points[row], 4) <= some for row, some in of_query.items())


def test_rows_that_are_all_too_alike_are_given_up() -> None:
    alike = np.random.default_rng(0).normal(size=(3000, 3)) * 1e-6 + np.repeat([[0.0], [1000.0]], 1500, axis=0)
    assert found(CompiledSearch(alike, alike, 4, 1)) == {}


def test_the_bound_is_that_of_single_precision() -> None:
    points = np.random.default_rng(0).normal(size=(300, 9)) * 10.0
    single = SinglePrecision.of(points, points, 5, (512, 512))
    near = np.random.default_rng(1).random(300).astype(np.float32)
    near[0] = -1e-8
    expected = single.bound(near, slice(0, 300))
    width = single.queries.shape[1]
    assert [fused_search._bound(*pair, width) for pair in zip(near, single.queries[:, -1], strict=True)] == list(
        expected
    )


def test_selection() -> None:
    values = np.random.default_rng(0).integers(0, 9, 40).astype(np.float32)
    spare = np.empty(40, dtype=np.float32)
    for k in range(1, 41):
        assert fused_search._kth_smallest(values, 40, k, spare) == np.sort(values)[k - 1]


def test_ranking_is_by_distance_then_position() -> None:
    sizes, distance = np.array([3, 0, 2]), np.array([2.0, 2.0, 1.0, np.inf, np.inf])
    assert fused_search.ranked(sizes, distance, np.array([9, 4, 7, 5, 1]), 2).tolist() == [[7, 4], [-1, -1], [1, 5]]
