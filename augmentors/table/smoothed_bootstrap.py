"""Smoothed bootstrap: a row of the class with a little noise, as ROSE does."""

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.samples import Draws
from augmentors.table.measured import Measured
from augmentors.table.measured_augmenter import MeasuredAugmenter, Prepared


def smoothing(rows: int, columns: int) -> float:
    """Return Silverman's constant: how wide the noise is, as a share of a column's standard deviation.

    Examples
    --------
    >>> round(smoothing(100, 2), 4)
    0.4642
    """
    return float((4 / ((columns + 2) * rows)) ** (1 / (columns + 4)))


class SmoothedBootstrap(MeasuredAugmenter):
    """Draw rows of the class with replacement and add normal noise to their numbers.

    The noise is as wide as that of imbalanced-learn's ``RandomOverSampler(shrinkage=…)``.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SmoothedBootstrap().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="smoothed_bootstrap",
        title="Smoothed bootstrap (ROSE)",
        kind="table",
        family="oversampling",
        summary="Repeats rows of the class with a little normal noise on every number; categories stay.",
        avoid="Avoid when columns depend on each other: the noise ignores how they move together.",
        references=(
            "Menardi & Torelli (2014), Training and assessing classification rules with imbalanced data, "
            "Data Mining and Knowledge Discovery 28:92-122.",
        ),
        aliases=("jitter", "Gaussian noise", "kernel density"),
    )

    class Params(BaseParams):
        shrinkage: float = Field(
            1.0,
            gt=0,
            le=5,
            title="Width of the noise",
            description="Widens (above 1) or narrows (below 1) the noise that Silverman's rule gives.",
            json_schema_extra={"tune": {"low": 0.1, "high": 2.0, "log": True}},
        )

    params: Params
    category_rule = "copied from the parent"
    overshoots = True

    def _prepare(self, target: str) -> Prepared:
        own = self.train.positions(target)
        measured = Measured.of(self.train, own)
        known = ~np.isnan(measured.values)
        counts = np.maximum(known.sum(axis=1), 1)
        centred = measured.values - (np.nansum(measured.values, axis=1) / counts)[:, None]
        spread = np.sqrt(np.nansum(centred**2, axis=1) / counts)
        width = self.params.shrinkage * smoothing(len(self.train), len(measured.names)) * spread
        return Prepared(rows=own, measured=measured, extra=width)

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        ready = self._ready(target)
        parents = rng.choice(ready.rows, n)
        return Draws.one_parent(parents, _noise=rng.standard_normal((n, len(ready.measured.names))))

    def _values(self, target: str, draws: Draws) -> np.ndarray:
        ready = self._ready(target)
        new: np.ndarray = ready.at(draws.parents[:, 0]) + draws.values["_noise"].T * ready.extra[:, None]
        return new
