"""SMOGN: new rows for rare ranges of a numeric target, between near rows, and by noise where rows are far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.samples import Draws
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, PreparedPairs
from augmentors.table.measured import between
from augmentors.table.smotenc import with_categories

# The median distance of a row is taken over at most so many rows of the range, evenly spread over the file.
REFERENCES = 2_000
CHUNK = 1_000


@dataclass(frozen=True)
class Reach:
    """How far each row of the range may be interpolated.

    Parameters
    ----------
    safe : ndarray of bool, shape (b, k)
        Whether each neighbour is nearer than `limit`.
    limit : ndarray of float64, shape (b,)
        Half the median distance to the other rows of the range.
    spread : ndarray of float64, shape (columns,)
        Standard deviation of the measured columns in the range.
    """

    safe: np.ndarray
    limit: np.ndarray
    spread: np.ndarray


class Smogn(InterpolatingAugmenter):
    """Interpolate between near rows of a range as SMOTE for regression does, and add noise to rows far from others.

    A neighbour is safe when it is nearer than half the median distance of the
    row to the others of its range. A safe pair gives a row between both, its
    target being the mean of theirs weighted by nearness; an unsafe one gives
    the row itself with Gaussian noise in its numbers and its target, of
    `perturbation` (at most the safe distance) standard deviations. The noisy
    target is drawn until it lies among the range's own, so a new row never
    leaves the range it is made for. The reference draws a noisy row's
    categories anew, each on its own; here they are the row's, since categories
    of one row belong together.

    Examples
    --------
    >>> from augmentors.testing import toy_regression
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> train = toy_regression()
    >>> samples = Smogn().fit(train, rng).augment(train.schema.ranges.names[-1], 3, rng)
    >>> bool((samples.frame["label"] >= train.schema.ranges.cuts[-1]).all())
    True
    """

    card = Card(
        key="smogn",
        title="SMOGN",
        kind="table",
        family="oversampling",
        summary="For a target that is a number: rows of a rare range by SMOTE between near rows, by noise elsewhere.",
        avoid="Avoid when a range holds a handful of rows: what lies between them is then a guess.",
        references=(
            "Branco, Torgo & Ribeiro (2017), SMOGN: a Pre-processing Approach for Imbalanced Regression, "
            "PMLR 74:36-50.",
            "Torgo, Ribeiro, Pfahringer & Branco (2013), SMOTE for Regression, EPIA 2013:378-389.",
        ),
        aliases=("SMOTER", "SmoteR", "SMOTE for regression", "imbalanced regression"),
        task="regression",
    )

    class Params(InterpolatingParams):
        perturbation: float = Field(
            0.1,
            gt=0,
            le=1,
            title="Perturbation",
            description="How strong the noise is at most, in standard deviations of each column within the range.",
            json_schema_extra={"tune": {"low": 0.01, "high": 0.5, "log": True}},
        )

    params: Params
    category_rule = "taken from the nearer of the two parents, or the only one"
    overshoots = True

    def _prepare(self, target: str) -> PreparedPairs:
        who = self._neighbourhood(target)
        own = self.train.positions(target)
        points = self._search_points(own)
        bases, found = np.searchsorted(own, who.bases), np.searchsorted(own, who.neighbours)
        limit = 0.5 * median_distances(points)[bases]
        apart = np.stack([row_distances(points, bases, column) for column in found.T], axis=1)
        ready = self._pairs(who)
        spread = np.array([deviation(column) for column in ready.measured.values])
        return PreparedPairs(
            rows=ready.rows,
            measured=ready.measured,
            neighbourhood=who,
            extra=Reach(apart < limit[:, None], limit, spread),
        )

    def _search_points(self, rows: np.ndarray | None = None) -> Any:
        """Return points in which a differing category counts as the median standard deviation (as SMOTENC's)."""
        return with_categories(super()._search_points(rows), self.train, rows)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ready = self._ready(target)
        who, reach = ready.neighbourhood, ready.extra
        base, rank = who.pick(n, rng)
        safe, step = reach.safe[base, rank], rng.random(n)
        second = np.where(safe, who.neighbours[base, rank], -1)
        weights = np.where(safe[:, None], np.stack([1 - step, step], axis=1), [1.0, 0.0])
        values = {
            "step": np.where(safe, step, 0.0),
            "noise": np.where(safe, 0.0, np.minimum(reach.limit[base], self.params.perturbation)),
            "target_draw": rng.random(n),
            "_normal": rng.standard_normal((n, len(reach.spread))),
        }
        return Draws(np.stack([who.bases[base], second], axis=1), weights, values)

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        first = draws.parents[:, 0]
        other = np.where(draws.parents[:, 1] < 0, first, draws.parents[:, 1])
        moved = between(ready.at(first), ready.at(other), draws.values["step"])
        return moved + (draws.values["_normal"] * draws.values["noise"][:, None] * ready.extra.spread).T

    def _nearer(self, draws: Draws) -> np.ndarray:
        return np.where(draws.values["step"] < 0.5, draws.parents[:, 0], draws.parents[:, 1])

    def _target_values(self, target: str, draws: Draws) -> np.ndarray:
        means = super()._target_values(target, draws)
        own = self.train.targets[self.train.positions(target)]
        spread = draws.values["noise"] * own.std()
        return noisy_within(means, spread, own.min(), own.max(), draws.values["target_draw"])


def median_distances(points: Any) -> np.ndarray:
    """Return the median distance of each row to the others, shape (n,).

    Examples
    --------
    >>> median_distances(np.array([[0.0], [1.0], [3.0], [10.0]])).tolist()
    [3.0, 2.0, 3.0, 9.0]
    """
    from scipy.spatial.distance import cdist

    n = len_of(points)
    reference = np.unique(np.linspace(0, n - 1, min(n, REFERENCES)).astype(np.int64))
    others = dense(points[reference])
    place = np.full(n, -1)
    place[reference] = np.arange(len(reference))
    medians = np.empty(n)
    for start in range(0, n, CHUNK):
        distances = cdist(dense(points[start : start + CHUNK]), others)
        at = place[start : start + CHUNK]
        known = np.flatnonzero(at >= 0)
        distances[known, at[known]] = np.nan
        medians[start : start + CHUNK] = np.nanmedian(distances, axis=1)
    return medians


def row_distances(points: Any, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the distance between rows, pair by pair, shape (n,)."""
    return np.concatenate(
        [
            np.linalg.norm(dense(points[first[i : i + CHUNK]]) - dense(points[second[i : i + CHUNK]]), axis=1)
            for i in range(0, len(first), CHUNK)
        ]
    )


def noisy_within(means: np.ndarray, spread: np.ndarray, low: float, high: float, uniform: np.ndarray) -> np.ndarray:
    """Return normal values around the means that lie within limits, as if redrawn until they do.

    Parameters
    ----------
    means, spread, uniform : ndarray of float64, shape (n,)
        Where `spread` is 0 the mean stays.

    Examples
    --------
    >>> noisy_within(np.array([5.0, 5.0, 5.0]), np.array([1.0, 1.0, 0.0]), 5.0, 9.0, np.array([0.0, 0.5, 0.9])).round(3)
    array([5.   , 5.674, 5.   ])
    """
    from scipy.special import ndtr, ndtri

    scale = np.where(spread > 0, spread, 1.0)
    start, end = ndtr((low - means) / scale), ndtr((high - means) / scale)
    drawn = means + scale * ndtri(start + uniform * (end - start))
    return np.where(spread > 0, np.clip(drawn, low, high), means)


def deviation(values: np.ndarray) -> float:
    """Return the standard deviation of the known values; 0 where there is none or it overflows."""
    known = values[~np.isnan(values)]
    with np.errstate(over="ignore", invalid="ignore"):
        found = float(known.std()) if len(known) else 0.0
    return found if np.isfinite(found) else 0.0


def len_of(points: Any) -> int:
    """Return the number of rows of a dense or sparse matrix."""
    return int(points.shape[0])


def dense(points: Any) -> np.ndarray:
    """Return rows as an array."""
    return points if isinstance(points, np.ndarray) else np.asarray(points.toarray())
