"""Geometric SMOTE: new rows anywhere in a ball around a row, not only on a line."""

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.table.exact_search import nearest_positions
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood, PreparedPairs
from augmentors.table.measured import spreads


def place_in_ball(
    inside: np.ndarray, centre: np.ndarray, surface: np.ndarray, truncation: float, deformation: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return points of the unit ball moved, cut and flattened into the region between two rows.

    Parameters
    ----------
    inside : ndarray of float64, shape (n, m)
        Points of the unit ball.
    centre, surface : ndarray of float64, shape (n, m)
        The ball is centred on the first and reaches to the second.
    truncation : float
        In [-1, 1]: 1 keeps the half towards the surface, -1 the other half, 0 the whole ball.
    deformation : float
        In [0, 1]: 0 keeps the ball, 1 flattens it to the line.

    Returns
    -------
    offset : ndarray of float64, shape (n, m)
        From the centre.
    along : ndarray of float64, shape (n,)
        How far towards the surface, as a share of the way.

    Examples
    --------
    >>> one = np.array([[-0.5, 0.5]]), np.array([[0.0, 0.0]]), np.array([[2.0, 0.0]])
    >>> place_in_ball(*one, truncation=1, deformation=0)[0].tolist()
    [[1.0, 1.0]]
    >>> place_in_ball(*one, truncation=0, deformation=1)[0].tolist()
    [[-1.0, 0.0]]
    """
    way = surface - centre
    radius = np.sqrt(np.einsum("ij,ij->i", way, way))[:, None]
    unit = np.divide(way, radius, out=np.zeros_like(way), where=radius > 0)
    along = np.einsum("ij,ij->i", inside, unit)
    across = inside - along[:, None] * unit
    cut = along < truncation - 1 if truncation > 0 else along > truncation + 1
    along = np.where(cut, -along, along)
    return radius * (along[:, None] * unit + (1 - deformation) * across), along


class GeometricSmote(InterpolatingAugmenter):
    """Place new rows in a ball around a row of the class that reaches to a neighbour.

    The neighbour is one of the nearest rows of the class (minority), the
    nearest row of another class (majority), or the nearer of the two (combined).

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(GeometricSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="geometric_smote",
        title="Geometric SMOTE",
        kind="table",
        family="oversampling",
        summary="Places new rows anywhere in a ball around a row that reaches to its neighbour, not only on a line.",
        avoid="Avoid with many columns: nearly all of a ball's volume then lies at its rim, far from every real row.",
        references=(
            "Douzas & Bacao (2019), Geometric SMOTE: a geometrically enhanced drop-in replacement for SMOTE, "
            "Information Sciences 501:118-135.",
        ),
        aliases=("G-SMOTE",),
    )

    class Params(InterpolatingParams):
        selection: Literal["combined", "minority", "majority"] = Field(
            "combined",
            title="Neighbour",
            description="Whether the ball reaches to a row of the class, of another class, or the nearer of the two.",
            json_schema_extra={"tune": {}},
        )
        truncation: float = Field(
            1.0,
            ge=-1,
            le=1,
            title="Truncation",
            description="Which part of the ball is used: 1 the half towards the neighbour, 0 all, -1 the far half.",
            json_schema_extra={"tune": {}},
        )
        deformation: float = Field(
            0.0,
            ge=0,
            le=1,
            title="Deformation",
            description="Flattens the ball towards the line to the neighbour; 1 is the line itself.",
            json_schema_extra={"tune": {}},
        )

    params: Params
    overshoots = True
    category_rule = "taken from the parent that is nearer along the line, always from one of the class"

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        super()._applies_to_target(train, target)
        if self.params.selection == "majority" and train.class_counts[target] == len(train):
            raise NotApplicable(f"There are no rows of other classes than '{target}' for balls to reach to.")

    def _prepare(self, target: str) -> PreparedPairs:
        """Add the points of all parents; a last column of neighbours holds the nearest rows of other classes."""
        own = self.train.positions(target)
        who = self._with_neighbours(target, own)
        others = np.setdiff1d(np.arange(len(self.train)), own, assume_unique=True)
        foreign = self.params.selection != "minority" and len(others) > 0
        if foreign:
            points = self._search_points()
            near = others[nearest_positions(points[others], points[own], 1)]
            who = Neighbourhood(own, np.concatenate([who.neighbours, near], axis=1))
        ready = self._pairs(who)
        width = spreads(ready.measured.names, self.train, self.params.scale)
        return replace(ready, extra=(self._search_points(ready.rows), width, foreign))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ready = self._ready(target)
        points, width, foreign = ready.extra
        who = ready.neighbourhood
        base = rng.integers(0, len(who.bases), n)
        rank = rng.integers(0, who.neighbours.shape[1] - foreign, n)
        first, second = who.bases[base], who.neighbours[base, rank]
        direction = rng.standard_normal((n, points.shape[1]))
        inside = direction / np.sqrt(np.einsum("ij,ij->i", direction, direction))[:, None]
        inside *= rng.random(n)[:, None] ** (1 / points.shape[1])
        centre, surface = (points[np.searchsorted(ready.rows, rows)] for rows in (first, second))
        if foreign:
            other = who.neighbours[base, -1]
            beyond = points[np.searchsorted(ready.rows, other)]
            nearer = ((beyond - centre) ** 2).sum(axis=1) < ((surface - centre) ** 2).sum(axis=1)
            taken = nearer | (self.params.selection == "majority")
            second, surface = np.where(taken, other, second), np.where(taken[:, None], beyond, surface)
        offset, along = place_in_ball(inside, centre, surface, self.params.truncation, self.params.deformation)
        step = np.clip(along, 0.0, 1.0)
        parents = np.stack([first, second], axis=1)
        return Draws(parents, np.stack([1 - step, step], axis=1), {"step": step, "_offset": offset * width})

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        new: np.ndarray = self._ready(target).at(draws.parents[:, 0]) + draws.values["_offset"].T
        return new

    def _nearer(self, draws: Draws) -> np.ndarray:
        labels = self.train.labels
        foreign = labels[draws.parents[:, 0]] != labels[draws.parents[:, 1]]
        return np.where(foreign, draws.parents[:, 0], super()._nearer(draws))
