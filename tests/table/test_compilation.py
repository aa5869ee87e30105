"""When compiled code is used, that it is compiled beside the work, and what happens where it cannot be."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from augmentors.table import compilation
from augmentors.table.exact_search import nearest_positions

# Pairs of rows of 30 columns: as many as 20,000 rows have among themselves, and 100,000.
MIDDLING, LARGE = 200_000_000, 5_000_000_000


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Nothing compiled or begun yet; what begins is counted instead."""
    began: list[bool] = []
    monkeypatch.setattr(compilation, "_ready", False)
    monkeypatch.setattr(compilation, "_failed", False)
    monkeypatch.setattr(compilation, "compile_in_background", lambda: began.append(True))
    yield began


@pytest.mark.parametrize(
    ("pairs", "compiled", "uses", "begins"),
    [
        (1000, True, False, 0),
        (MIDDLING, True, True, 0),
        (MIDDLING, False, False, 1),
        (LARGE, False, True, 0),
    ],
)
def test_it_is_used_where_it_is_at_hand_or_worth_waiting_for(
    pairs: int, compiled: bool, uses: bool, begins: int, started: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "_is_compiled", lambda: compiled)
    assert compilation.pays(pairs, 30) is uses
    assert len(started) == begins
    if uses:  # once there, smaller searches gain too
        assert compilation.pays(MIDDLING // 10, 30)


def test_where_it_cannot_be_compiled_the_other_way_finds_the_same(
    started: list[bool], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    points = np.random.default_rng(0).normal(size=(500, 30))
    monkeypatch.setattr(compilation, "SAVED_PER_NUMBER", 1.0)
    with_it = nearest_positions(points, points, 5)
    assert compilation._ready

    def fails() -> None:
        raise OSError("no compiler")

    monkeypatch.setattr(compilation, "_ready", False)
    monkeypatch.setattr(compilation, "warm_up", fails)
    with caplog.at_level(logging.WARNING):
        assert (nearest_positions(points, points, 5) == with_it).all()
        assert not compilation.pays(LARGE, 30)
    assert [record.message for record in caplog.records] == [
        "Neighbours are searched without compiled code, which takes longer: OSError: no compiler"
    ]


def test_the_background_process_compiles_for_those_that_come_later(tmp_path_factory: pytest.TempPathFactory) -> None:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path_factory.mktemp("numba"))}

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    ask = "from augmentors.table import compilation; print(compilation._is_compiled())"
    assert python("-c", ask) == "False"
    python("-m", "augmentors.table.compilation")
    loaded = "from augmentors.table import fused_search as f; print(sum(f.search_blocks.stats.cache_misses.values()))"
    assert python("-c", f"{ask}; compilation.warm_up(); {loaded}").split() == ["True", "0"]
