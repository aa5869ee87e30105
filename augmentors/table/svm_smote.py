"""SVM-SMOTE: SMOTE that starts from the support vectors of the class."""

from dataclasses import replace

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.table.borderline_smote import in_danger
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, PreparedPairs
from augmentors.table.measured import canonical_order
from augmentors.table.nearest_rows import nearest_others


class SvmSmote(InterpolatingAugmenter):
    """Place new rows at the support vectors of the class, which lie along the border a machine draws.

    Those among many rows of other classes ("in danger") move towards rows of
    the class, as in SMOTE; the others ("safe") move away from them, which
    widens the class. Of each block the share of the first kind is drawn from
    a beta distribution, as in imbalanced-learn.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SvmSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="svm_smote",
        title="SVM-SMOTE",
        kind="table",
        family="oversampling",
        summary="SMOTE that starts from the support vectors of the class and widens it where it is safe.",
        avoid="Avoid with noisy labels, and with very many rows: the machine is then trained on a part of them.",
        references=(
            "Nguyen, Cooper & Kamei (2011), Borderline over-sampling for imbalanced data classification, "
            "International Journal of Knowledge Engineering and Soft Data Paradigms 3(1):4-21.",
        ),
        aliases=("SVMSMOTE", "support vector machine"),
    )

    class Params(InterpolatingParams):
        m_neighbors: int = Field(
            10,
            ge=2,
            le=100,
            title="Neighbours that tell the danger",
            description="How many nearest rows of any class tell whether a support vector is noise, in danger or safe.",
            json_schema_extra={"tune": {"low": 4, "high": 30, "log": True}},
        )
        out_step: float = Field(
            0.5,
            ge=0,
            le=1,
            title="Step outwards",
            description="How far a new row may lie beyond a safe support vector, as a share of the way to a neighbour.",
            json_schema_extra={"tune": {}, "probe": 1.0, "probe_with": {"m_neighbors": 4, "scale": False}},
        )
        most_rows: int = Field(
            20_000,
            ge=20,
            le=200_000,
            title="Rows for the machine",
            description="Trains the machine on so many rows at most, since its time grows with their square.",
            json_schema_extra={"advanced": True, "probe": 20},
        )

    params: Params
    overshoots = True
    needs_others = True

    def _prepare(self, target: str) -> PreparedPairs:
        """Add which support vectors are in danger and which are safe, as places among the bases."""
        train, points = self.train, self._search_points()
        support = self._support_vectors(target, points)
        m = self._at_most_rows(self.params.m_neighbors)
        others = (train.labels[nearest_others(points, support, m)] != target).sum(axis=1)
        told, others = support[others < m], others[others < m]
        if not len(told):
            raise NotApplicable(
                f"All {len(support):,} support vectors of '{target}' look like noise: their {m} nearest rows are of "
                "other classes.",
                "Use SMOTE instead.",
            )
        danger = in_danger(others, m)
        kinds = np.flatnonzero(danger), np.flatnonzero(~danger)
        return replace(self._pairs(self._with_neighbours(target, told)), extra=kinds)

    def _support_vectors(self, target: str, points: np.ndarray) -> np.ndarray:
        """Return the positions of the support vectors that are of the class, ascending."""
        from sklearn.svm import SVC

        rows = self._machine_rows(target, points)
        # The machine's rounding depends on the order of its rows.
        rows = rows[canonical_order(points[rows])]
        machine = SVC(gamma="scale", random_state=0).fit(points[rows], self.train.labels[rows].astype(str))
        support = np.sort(rows[machine.support_])
        return support[self.train.labels[support] == target]

    def _machine_rows(self, target: str, points: np.ndarray) -> np.ndarray:
        """Return the rows to train the machine on: all, or every so many of the class and of the others."""
        n, most = len(points), self.params.most_rows
        if n <= most:
            return np.arange(n)
        self._note(target, f"The support vector machine was trained on {most:,} of {n:,} rows, evenly taken.")
        own = self.train.labels == target
        half = max(most // 2, most - int((~own).sum()))
        kept = []
        for rows, count in ((np.flatnonzero(own), half), (np.flatnonzero(~own), most - min(half, int(own.sum())))):
            rows = rows[canonical_order(points[rows])]
            kept.append(rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)])
        return np.concatenate(kept)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ready = self._ready(target)
        danger, safe = ready.extra
        fraction = rng.beta(10, 10)
        inwards = n if not len(safe) else 0 if not len(danger) else min(int(fraction * (n + 1)), n)
        places = [
            kind[rng.integers(0, len(kind), m)] if m else np.empty(0, np.int64)
            for kind, m in ((danger, inwards), (safe, n - inwards))
        ]
        base = np.concatenate(places)
        rank = rng.integers(0, ready.neighbourhood.neighbours.shape[1], n)
        step = rng.random(n)
        step[inwards:] *= -self.params.out_step
        parents = np.stack([ready.neighbourhood.bases[base], ready.neighbourhood.neighbours[base, rank]], axis=1)
        # Beyond the first parent the second still tells the direction: its weight is its share of the way.
        size = np.abs(np.stack([1 - step, step], axis=1))
        return Draws(parents, size / size.sum(axis=1, keepdims=True), {"step": step})
