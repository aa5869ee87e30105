"""Ranges of a numeric target: what plan, gate and charts take as classes where a target is a number."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from augmentors.core.errors import UserError

RangesRule = Literal["box plot", "given", "equal widths"]
HOW: dict[RangesRule, str] = {
    "box plot": (
        "rare are values whose relevance is at least {threshold:g}, by the box plot of the training part's values "
        "(relevance is 0 at the median and 1 from the whiskers' ends on, where values lie beyond them)"
    ),
    "given": "as given; rare are ranges with fewer than half of the largest one's training rows",
    "equal widths": (
        "no value of the training part lies beyond the whiskers of its box plot, so the ranges are equally wide; rare "
        "are those with fewer than half of the largest one's training rows"
    ),
}
THRESHOLD = 0.8
MOST_CUTS = 50


@dataclass(frozen=True)
class Ranges:
    """Half-open ranges of a target, told by the training part alone and frozen with the split.

    Parameters
    ----------
    target : str
        Name of the target column.
    cuts : tuple of float, length k - 1
        Ascending; a value equal to a cut belongs to the upper range.
    rare : tuple of bool, length k
    rule : {"box plot", "given", "equal widths"}
        How they came about.
    relevance : tuple of (float, float)
        Target values and their relevance, ascending; between them relevance follows a cubic that is level at both.
        When empty, relevance is 1 in rare ranges and 0 elsewhere.

    Examples
    --------
    >>> Ranges("price", (2.0, 40.0), (False, False, True), "given").names
    ('price < 2', 'price 2 to 40', 'price >= 40 (rare)')
    """

    target: str
    cuts: tuple[float, ...]
    rare: tuple[bool, ...]
    rule: RangesRule
    relevance: tuple[tuple[float, float], ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each range, lowest first."""
        shown = [_shown(cut) for cut in self.cuts]
        if not shown:
            return (f"any {self.target}",)
        inner = [f"{self.target} {low} to {high}" for low, high in itertools.pairwise(shown)]
        plain = [f"{self.target} < {shown[0]}", *inner, f"{self.target} >= {shown[-1]}"]
        return tuple(f"{name} (rare)" if rare else name for name, rare in zip(plain, self.rare, strict=True))

    def codes(self, values: np.ndarray) -> np.ndarray:
        """Return the number of the range of each value, shape (n,)."""
        return np.searchsorted(np.asarray(self.cuts), values, side="right")

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the name of the range of each value, shape (n,), object array of str."""
        return np.array(self.names, dtype=object)[self.codes(values)]

    def relevances(self, values: np.ndarray) -> np.ndarray:
        """Return how relevant each value is, from 0 to 1, shape (n,).

        Examples
        --------
        >>> ranges = Ranges("y", (8.0,), (False, True), "box plot", ((0.0, 0.0), (10.0, 1.0)))
        >>> ranges.relevances(np.array([-1.0, 5.0, 8.0, 11.0])).round(3).tolist()
        [0.0, 0.5, 0.896, 1.0]
        """
        values = np.asarray(values, dtype=np.float64)
        if not self.relevance:
            return np.asarray(self.rare, dtype=np.float64)[self.codes(values)]
        at, height = np.array(self.relevance).T
        right = np.clip(np.searchsorted(at, values, side="right"), 1, len(at) - 1)
        with np.errstate(over="ignore"):  # far beyond the last point is infinitely far, which is cut to 1
            step = np.clip((values - at[right - 1]) / (at[right] - at[right - 1]), 0.0, 1.0)
        return height[right - 1] + (height[right] - height[right - 1]) * step * step * (3 - 2 * step)

    @property
    def sentence(self) -> str:
        """How the ranges came about, as a sentence."""
        named = ", ".join(f"'{name}'" for name in self.names)
        return f"Ranges of '{self.target}': {named}; {HOW[self.rule].format(threshold=THRESHOLD)}."

    def as_dict(self) -> dict[str, Any]:
        """Return plain data; see `from_dict`."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @staticmethod
    def from_dict(facts: dict[str, Any]) -> Ranges:
        """Return the ranges that `as_dict` wrote."""
        points = tuple((float(at), float(height)) for at, height in facts["relevance"])
        cuts, rare = tuple(float(cut) for cut in facts["cuts"]), tuple(bool(one) for one in facts["rare"])
        return Ranges(facts["target"], cuts, rare, facts["rule"], points)


def _shown(cut: float) -> str:
    """Return a cut in as few digits as tell it exactly."""
    short = f"{cut:.12g}"
    return short if float(short) == cut else repr(cut)


def checked_cuts(cuts: Sequence[float]) -> tuple[float, ...]:
    """Return cut points as given, or say what is wrong with them.

    Raises
    ------
    UserError
    """
    read = tuple(float(cut) for cut in cuts)
    ascending = all(a < b for a, b in itertools.pairwise(read))
    if not read or len(read) > MOST_CUTS or not ascending or not all(math.isfinite(cut) for cut in read):
        raise UserError(
            f"Ranges must be 1 to {MOST_CUTS} ascending numbers, the cut points between ranges; got "
            f"{', '.join(f'{cut:g}' for cut in read) or 'none'}.",
            "Write them like 0,5,20.",
        )
    return read


def parse_cuts(written: str | None, name: str) -> tuple[float, ...] | None:
    """Return cut points written like 0,5,20; None where nothing is written.

    Raises
    ------
    UserError
        When they are no ascending numbers; `name` says what was written.

    Examples
    --------
    >>> parse_cuts("0, 5,20", "--ranges")
    (0.0, 5.0, 20.0)
    """
    if written is None:
        return None
    try:
        read = [float(part) for part in written.split(",")]
    except ValueError:
        raise UserError(
            f"{name}: expected numbers with commas between them; got '{written}'.", "Write 0,5,20."
        ) from None
    return checked_cuts(read)
