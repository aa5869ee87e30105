"""When compiled code serves a search, and having it compiled without anybody waiting.

Compiling takes seconds, once per machine: numba keeps the result on disk. Until
it is there, all but the largest searches take the way without it, which finds
the same.
"""

import logging
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

# About what compiled code saves and what has to be done first, in seconds; by counts, so that no clock decides.
SAVED_PER_NUMBER = 2.5e-11
LEAST_SAVED, IMPORT, COMPILE = 0.01, 0.15, 5.0

_ready = False
_failed = False
_started: list[subprocess.Popen[bytes]] = []


def pays(pairs: int, columns: int) -> bool:
    """Return whether compiled code is at hand, or worth the time it takes to have it, for some pairs of rows.

    Where it is not there but would be of use, it is compiled in the background
    for the next time.
    """
    global _ready
    saved = pairs * (columns + 10) * SAVED_PER_NUMBER
    if _failed or saved < LEAST_SAVED:
        return False
    if not _ready and saved >= IMPORT:
        if saved < COMPILE and not _is_compiled():
            compile_in_background()
            return False
        _ready = _works()
    return _ready


def warm_up() -> None:
    """Compile the search, or load it from disk: all its parts run on a few rows."""
    from augmentors.table import fused_search
    from augmentors.table.compiled_search import CompiledSearch

    points = np.arange(120.0).reshape(40, 3)
    for wanted in (points, points[:3]):
        for _, sizes, point in CompiledSearch(points, wanted, 2, 1).candidates():
            fused_search.ranked(sizes, np.zeros(len(point)), point, 2)


def compile_in_background() -> None:
    """Start a process that compiles the search unless it is compiled; once per process."""
    if _started or multiprocessing.parent_process() is not None:
        return
    _started.append(
        subprocess.Popen(
            [sys.executable, "-m", "augmentors.table.compilation"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
    )


def _works() -> bool:
    """Warm up; where numba cannot compile or load, say so once."""
    global _failed
    try:
        warm_up()
    except Exception as error:  # numba and LLVM raise many kinds, and none of them is the user's
        _failed = True
        logging.getLogger(__name__).warning(
            "Neighbours are searched without compiled code, which takes longer: %s: %s", type(error).__name__, error
        )
    return not _failed


def _is_compiled() -> bool:
    """Return whether the disk holds what numba made of the source as it is."""
    try:
        from augmentors.table import fused_search
    except Exception:  # as above: no numba, or nowhere to keep what it compiles
        return _works()
    made = Path(str(fused_search.ranked.stats.cache_path)).glob("fused_search.ranked-*.nbi")
    return any(file.stat().st_mtime >= Path(fused_search.__file__).stat().st_mtime for file in made)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)
    warm_up()
