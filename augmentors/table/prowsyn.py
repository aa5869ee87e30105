"""ProWSyn: more new rows where the class is close to the others, level by level."""

from dataclasses import replace

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.samples import Draws
from augmentors.table.exact_search import nearest_positions
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, PreparedPairs


def proximity_levels(points: np.ndarray, others: np.ndarray, k: int, levels: int) -> np.ndarray:
    """Return how close each row of the class is to the others: 1 is closest.

    Level 1 are the rows that are among the k nearest of any row of another
    class; they are taken away and the next level is found in the same way.
    What is left after `levels` - 1 of them is the last one.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
        Rows of the class.
    others : ndarray of float64, shape (o, m)
    k, levels : int

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> proximity_levels(np.array([[1.0], [2.0], [3.0]]), np.array([[0.0]]), 1, 2).tolist()
    [1, 2, 2]
    """
    level = np.full(len(points), levels)
    left = np.arange(len(points))
    for number in range(1, levels):
        if not len(left):
            break
        near = np.unique(nearest_positions(points[left], others, min(k, len(left))))
        level[left[near]] = number
        left = np.delete(left, near)
    return level


class Prowsyn(InterpolatingAugmenter):
    """Put the class into levels by how close it is to the others; interpolate within a level, more in close ones.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(Prowsyn().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="prowsyn",
        title="ProWSyn",
        kind="table",
        family="oversampling",
        summary="Interpolates between rows that are equally close to the other classes, more often where it is close.",
        avoid="Avoid with noisy labels: mislabelled rows stand among the others and count as the closest level.",
        references=(
            "Barua, Islam & Murase (2013), ProWSyn: Proximity Weighted Synthetic Oversampling Technique for Imbalanced "
            "Data Set Learning, PAKDD 2013, LNCS 7819:317-328.",
            "Kovács (2019), An empirical comparison and evaluation of minority oversampling techniques on a large "
            "number of imbalanced datasets, Applied Soft Computing 83:105662.",
        ),
    )

    class Params(InterpolatingParams):
        k_neighbors: int = Field(
            5,
            ge=1,
            le=50,
            title="Neighbours",
            description="How many nearest rows of the class each row of another class puts into a level.",
            json_schema_extra={"tune": {"low": 1, "high": 15, "log": True}},
        )
        scale: bool = Field(
            True,
            title="Scale columns",
            description="Divides each column by its standard deviation before closeness is measured.",
            json_schema_extra={"advanced": True, "probe": False, "probe_with": {"k_neighbors": 1, "levels": 4}},
        )
        levels: int = Field(
            5,
            ge=1,
            le=20,
            title="Levels",
            description="How many levels of closeness are told apart.",
            json_schema_extra={"tune": {"low": 2, "high": 10}, "probe": 1, "probe_with": {"k_neighbors": 1}},
        )
        theta: float = Field(
            1.0,
            ge=0,
            le=10,
            title="Decline",
            description="How fast levels farther away get fewer new rows; 0 treats all alike.",
            json_schema_extra={"tune": {"low": 0.1, "high": 3.0}, "probe": 0.0, "probe_with": {"k_neighbors": 1}},
        )

    params: Params
    needs_others = True

    def _prepare(self, target: str) -> PreparedPairs:
        """Add the rows of each level; the odds of each row fall with its level."""
        own = self.train.positions(target)
        points = self._search_points()
        others = points[np.setdiff1d(np.arange(len(points)), own, assume_unique=True)]
        level = proximity_levels(points[own], others, self.params.k_neighbors, self.params.levels)
        odds = np.exp(-self.params.theta * (level - 1))
        who = self._with_neighbours(target, own, odds / odds.sum())
        order = np.argsort(level, kind="stable")
        starts = np.searchsorted(level[order], level)
        sizes = np.bincount(level)[level]
        place = np.empty(len(own), dtype=np.int64)
        place[order] = np.arange(len(own))
        return replace(self._pairs(who), extra=(own[order], starts, sizes, place))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ready = self._ready(target)
        ordered, starts, sizes, place = ready.extra
        base, _ = ready.neighbourhood.pick(n, rng)
        # Another row of the same level: the one itself is stepped over.
        offset = rng.integers(0, np.maximum(sizes[base] - 1, 1))
        at = starts[base] + offset + (starts[base] + offset >= place[base])
        alone = sizes[base] == 1
        other = np.where(alone, ready.neighbourhood.neighbours[base, 0], ordered[np.minimum(at, len(ordered) - 1)])
        step = rng.random(n)
        parents = np.stack([ready.neighbourhood.bases[base], other], axis=1)
        return Draws(parents, np.stack([1 - step, step], axis=1), {"step": step})
