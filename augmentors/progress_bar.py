"""Progress of a command on the terminal: one line on stderr that rewrites itself."""

import sys
import time
from types import TracebackType
from typing import Self

from augmentors.core.job import Job

EVERY_S = 0.2
WIDTH = 30


class TerminalJob(Job):
    """Draws a bar when stderr is a terminal; silent otherwise."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._drawn = 0.0
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def progress(self, fraction: float, message: str = "", **counts: object) -> None:
        """Redraw at most five times a second."""
        now = time.monotonic()
        if not self._live or now - self._drawn < EVERY_S:
            return
        self._drawn = now
        done = int(fraction * WIDTH)
        left = (now - self._began) * (1 - fraction) / fraction if fraction > 0.02 else None
        eta = f" {left:,.0f} s left" if left is not None else ""
        sys.stderr.write(f"\r\x1b[K{'━' * done}{' ' * (WIDTH - done)} {fraction:4.0%}{eta}  {message}"[:118])
        sys.stderr.flush()
