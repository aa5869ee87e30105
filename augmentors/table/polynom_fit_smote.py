"""Polynom-fit SMOTE: new rows on lines or curves laid through the class."""

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.samples import Draws
from augmentors.table.measured import Measured, between
from augmentors.table.measured_augmenter import MeasuredAugmenter, Prepared


def fitted_curve(values: np.ndarray, degree: int) -> list[np.polynomial.Polynomial]:
    """Return, per column, the polynomial of a row's rank that fits its values best (missing ones left out).

    Examples
    --------
    >>> curve = fitted_curve(np.array([[1.0, 3.0, 5.0]]), 1)[0]
    >>> round(float(curve(1.5)), 6)
    4.0
    """
    ranks = np.arange(values.shape[1])
    curves = []
    for own in values:
        known = ~np.isnan(own)
        if known.sum() < 2:
            curves.append(np.polynomial.Polynomial([own[known].mean() if known.any() else np.nan]))
        else:
            size = np.abs(own[known]).max() or 1.0
            fit = np.polynomial.Polynomial.fit(ranks[known], own[known] / size, min(degree, int(known.sum()) - 1))
            curves.append(fit * size)
    return curves


class PolynomFitSmote(MeasuredAugmenter):
    """Place new rows on a shape laid through the class.

    star: between a row and the mean of the class; bus: between rows that
    follow each other; mesh: between any two rows; curve: on a polynomial of
    the rank, fitted to each column. Rows are ranked by the mean of their
    scaled numbers. The original spaces new rows evenly, which needs their
    number; here places are drawn, so that any number can be asked for.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(PolynomFitSmote().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="polynom_fit_smote",
        title="Polynom-fit SMOTE",
        kind="table",
        family="oversampling",
        summary="Places new rows on lines or curves through the class; first of 85 in a comparison on 104 datasets.",
        avoid="Avoid when the class falls into separate groups: lines to its centre cross the space between them.",
        references=(
            "Gazzah & Essoukri Ben Amara (2008), New Oversampling Approaches Based on Polynomial Fitting for "
            "Imbalanced Data Sets, DAS 2008:677-684.",
            "Kovács (2019), An empirical comparison and evaluation of minority oversampling techniques on a large "
            "number of imbalanced datasets, Applied Soft Computing 83:105662.",
        ),
        needs=frozenset({Need.FIT}),
    )

    class Params(BaseParams):
        topology: Literal["star", "bus", "mesh", "curve"] = Field(
            "star",
            title="Topology",
            description="The shape new rows lie on: star, bus, mesh or a fitted curve (see the summary of the method).",
            json_schema_extra={"tune": {}},
        )
        degree: int = Field(
            2,
            ge=1,
            le=5,
            title="Degree",
            description="The degree of the polynomial of topology curve.",
            json_schema_extra={"advanced": True, "probe_with": {"topology": "curve"}},
        )

    params: Params
    category_rule = "taken from the nearer of the two parents, or the only one"
    overshoots = True

    def _prepare(self, target: str) -> Prepared:
        """Add the rows by rank, the mean and the curve of the class."""
        own = self.train.positions(target)
        measured = Measured.of(self.train, own)
        ranked = own[np.argsort(self._points(True, own).mean(axis=1), kind="stable")]
        known = ~np.isnan(measured.values)
        with np.errstate(invalid="ignore"):
            mean = np.where(known, measured.values, 0.0).sum(axis=1) / known.sum(axis=1)
        values = measured.values[:, np.searchsorted(own, ranked)]
        curves = fitted_curve(values, self.params.degree) if self.params.topology == "curve" else []
        return Prepared(rows=own, measured=measured, extra=(ranked, mean, curves))

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ranked, _, _ = self._ready(target).extra
        if self.params.topology == "star":
            return Draws.one_parent(rng.choice(ranked, n), step=rng.random(n))
        if self.params.topology == "mesh":
            first = rng.integers(0, len(ranked), n)
            second = (first + rng.integers(1, len(ranked), n)) % len(ranked)
        else:
            first = rng.integers(0, len(ranked) - 1, n)
            second = first + 1
        step = rng.random(n)
        values = {"step": step, "rank": first} if self.params.topology == "curve" else {"step": step}
        return Draws(np.stack([ranked[first], ranked[second]], axis=1), np.stack([1 - step, step], axis=1), values)

    def _target_values(self, target: str, draws: Draws) -> np.ndarray:
        """Move the target as far towards the mean of the class as the row is moved (star)."""
        own = super()._target_values(target, draws)
        if self.params.topology != "star":
            return own
        mean = self.train.targets[self.train.positions(target)].mean()
        return own + (mean - own) * draws.values["step"]

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        _, mean, curves = ready.extra
        base, step = ready.at(draws.parents[:, 0]), draws.values["step"]
        if self.params.topology == "star":
            return between(base, np.repeat(mean[:, None], len(draws), axis=1), step)
        if self.params.topology != "curve":
            return between(base, ready.at(draws.parents[:, 1]), step)
        new = np.stack([curve(draws.values["rank"] + step) for curve in curves])
        new[np.isnan(base)] = np.nan
        return new
