"""Borderline-SMOTE: SMOTE that starts only from rows on the border with other classes."""

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.errors import NotApplicable
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood
from augmentors.table.nearest_rows import nearest_others


def in_danger(others: np.ndarray, m: int) -> np.ndarray:
    """Return which rows are on the border: half or more, but not all, of m neighbours are of other classes.

    Parameters
    ----------
    others : ndarray of int, shape (n,)
        How many of the m nearest rows are of another class.
    m : int

    Examples
    --------
    >>> in_danger(np.array([0, 4, 5, 9, 10]), 10).tolist()
    [False, False, True, True, False]
    """
    return (others >= m / 2) & (others < m)


class BorderlineSmote(InterpolatingAugmenter):
    """Place new rows near the border between the class and the others.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(BorderlineSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="borderline_smote",
        title="Borderline-SMOTE",
        kind="table",
        family="oversampling",
        summary="SMOTE that starts only from rows on the border, where half or more neighbours are of other classes.",
        avoid="Avoid with noisy labels: a mislabelled row looks like a border row and is multiplied.",
        references=("Han, Wang & Mao (2005), Borderline-SMOTE, ICIC 2005, LNCS 3644:878-887.",),
        aliases=("BorderlineSMOTE",),
    )

    class Params(InterpolatingParams):
        m_neighbors: int = Field(
            10,
            ge=2,
            le=100,
            title="Neighbours that tell the border",
            description="How many nearest rows of any class decide whether a row is on the border.",
            json_schema_extra={"tune": {"low": 4, "high": 30, "log": True}},
        )
        variant: Literal["borderline-1", "borderline-2"] = Field(
            "borderline-1",
            title="Variant",
            description=(
                "How far new rows reach: borderline-1 moves towards rows of the class only; borderline-2 also "
                "towards rows of other classes, at most half of the way."
            ),
            json_schema_extra={"advanced": True},
        )

    params: Params

    def _neighbourhood(self, target: str) -> Neighbourhood:
        train = self.train
        own = train.positions(target)
        points = self._search_points()
        m = self._at_most_rows(self.params.m_neighbors)
        around = nearest_others(points, own, m)
        danger = in_danger((train.labels[around] != target).sum(axis=1), m)
        if not danger.any():
            raise NotApplicable(
                f"None of the {len(own):,} samples of '{target}' lies on the border: their {m} nearest rows are "
                "mostly of their own class, or all of other classes.",
                "Use SMOTE instead.",
            )
        if self.params.variant == "borderline-2":
            k = self._at_most_rows(self.params.k_neighbors)
            return Neighbourhood(own[danger], nearest_others(points, own[danger], k))
        return self._with_neighbours(target, own[danger])

    def _steps(self, target: str, parents: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        step = rng.random(len(parents))
        if self.params.variant == "borderline-2":
            reach = rng.uniform(0.0, 0.5, len(parents))
            foreign = self.train.labels[parents[:, 1]] != target
            step = np.where(foreign, step * reach, step)
        return step
