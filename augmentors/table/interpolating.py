"""What SMOTE and its relatives share: two parents and a step between them.

Own implementation of imbalanced-learn's definitions: provenance needs the
parents and weights of each new row, which imbalanced-learn does not return.
The tests compare with it: same parents and step, same row.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.samples import Draws
from augmentors.table.measured import Measured, between
from augmentors.table.measured_augmenter import MeasuredAugmenter, Prepared
from augmentors.table.nearest_rows import nearest_others


@dataclass(frozen=True)
class Neighbourhood:
    """Who may be a parent, with whom.

    Parameters
    ----------
    bases : ndarray of int64, shape (b,)
        Row positions that may be a first parent.
    neighbours : ndarray of int64, shape (b, k)
        Row positions that may be the second parent of each base, nearest first.
    odds : ndarray of float64, shape (b,), or None
        How often each base is chosen; all alike when None.
    """

    bases: np.ndarray
    neighbours: np.ndarray
    odds: np.ndarray | None = None

    def pick(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw n bases (as places in `bases`) and the rank of a neighbour of each."""
        b, k = self.neighbours.shape
        if self.odds is None:
            base, rank = np.divmod(rng.integers(0, b * k, n), k)
            return base, rank
        cumulative = self.cumulative
        at = np.searchsorted(cumulative, rng.random(n) * cumulative[-1], side="right")
        return np.minimum(at, b - 1), rng.integers(0, k, n)

    @cached_property
    def cumulative(self) -> np.ndarray:
        """Running sum of the odds, shape (b,)."""
        assert self.odds is not None, "only neighbourhoods with odds have a running sum"
        return np.cumsum(self.odds)


@dataclass(frozen=True, kw_only=True)
class PreparedPairs(Prepared):
    """What all blocks of a target share: the neighbourhood and its rows' measured values."""

    neighbourhood: Neighbourhood


class InterpolatingParams(BaseParams):
    """Parameters of every relative of SMOTE."""

    k_neighbors: int = Field(
        5,
        ge=1,
        le=50,
        title="Neighbours",
        description="How many nearest rows of the class may be the second parent of a new row.",
        json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}},
    )
    scale: bool = Field(
        True,
        title="Scale columns",
        description=(
            "Divides each column by its standard deviation before neighbours are searched, so that a column in "
            "euros does not drown one in years. Off gives the raw distances of imbalanced-learn."
        ),
        json_schema_extra={"advanced": True},
    )


class InterpolatingAugmenter(MeasuredAugmenter):
    """Base of augmenters that place new rows between two rows; plain SMOTE unless subclasses choose others."""

    Params: type[InterpolatingParams] = InterpolatingParams  # type: ignore[misc]
    params: InterpolatingParams

    def _neighbourhood(self, target: str) -> Neighbourhood:
        """Return who may be a parent with whom: every row of the class with its nearest ones, as SMOTE does."""
        own = self.train.positions(target)
        return self._with_neighbours(target, own)

    def _with_neighbours(self, target: str, bases: np.ndarray, odds: np.ndarray | None = None) -> Neighbourhood:
        """Return some rows of the class with their nearest rows of the class."""
        own = self.train.positions(target)
        k = self._at_most(target, self.params.k_neighbors, len(own) - 1)
        within = nearest_others(self._search_points(own), np.searchsorted(own, bases), k)
        return Neighbourhood(bases, own[within], odds)

    def _prepare(self, target: str) -> PreparedPairs:
        return self._pairs(self._neighbourhood(target))

    def _pairs(self, neighbourhood: Neighbourhood) -> PreparedPairs:
        rows = np.unique(np.concatenate([neighbourhood.bases, neighbourhood.neighbours.ravel()]))
        return PreparedPairs(neighbourhood=neighbourhood, rows=rows, measured=Measured.of(self.train, rows))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        who: Neighbourhood = self._ready(target).neighbourhood
        base, rank = who.pick(n, rng)
        parents = np.empty((n, 2), dtype=np.int64)
        parents[:, 0] = who.bases[base]
        parents[:, 1] = who.neighbours[base, rank]
        step = self._steps(target, parents, rng)
        weights = np.empty((n, 2))
        np.subtract(1.0, step, out=weights[:, 0])
        weights[:, 1] = step
        return Draws(parents, weights, {"step": step})

    def _steps(self, target: str, parents: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draw how far each new row lies from its first towards its second parent, in [0, 1)."""
        return rng.random(len(parents))

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        """Return new measured values between the two parents."""
        ready = self._ready(target)
        return between(ready.at(draws.parents[:, 0]), ready.at(draws.parents[:, 1]), draws.values["step"])

    def _search_points(self, rows: np.ndarray | None = None) -> np.ndarray:
        """Return what neighbours are searched in, for all rows or those at some positions."""
        return self._points(self.params.scale, rows)

    def _at_most(self, target: str, wanted: int, available: int) -> int:
        """Return the number of neighbours that can be had, and note when it is fewer than wanted."""
        if available < wanted:
            self._note(
                target,
                f"{available + 1} real samples of '{target}' are too few for {wanted} neighbours; using {available}.",
            )
        return min(wanted, available)

    def _at_most_rows(self, wanted: int) -> int:
        """Return how many neighbours the whole training part can give."""
        available = len(self.train) - 1
        if available < wanted:
            self._note("", f"{available + 1} training rows are too few for {wanted} neighbours; using {available}.")
        return min(wanted, available)
