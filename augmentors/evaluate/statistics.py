"""Confidence intervals of scores that were measured over repeated folds."""

import math
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95
# Narrower than this is rounding alone.
FLAT = 1e-9


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence limits; NaN limits where nothing can be said."""

    mean: float
    low: float
    high: float

    def unless_flat(self) -> "Interval":
        """Return the interval, without limits where it has no width: values without any spread tell nothing of it.

        Examples
        --------
        >>> Interval(1.0, 1.0, 1.0).unless_flat()
        Interval(mean=1.0, low=nan, high=nan)
        """
        return Interval(self.mean, math.nan, math.nan) if self.high - self.low < FLAT else self

    def within(self, lowest: float, highest: float) -> "Interval":
        """Return the interval with its limits cut to what the quantity can be."""
        return Interval(self.mean, max(self.low, lowest), min(self.high, highest))

    def to_json(self) -> dict[str, float | None]:
        """Return plain data; NaN becomes None."""
        return {name: plain(getattr(self, name)) for name in ("mean", "low", "high")}


def plain(value: float) -> float | None:
    """Return a number JSON can hold, rounded to 6 places; NaN becomes None."""
    return None if not math.isfinite(value) else round(float(value), 6)


def corrected_interval(
    values: np.ndarray, left_out_ratio: float, test_variance: float = 0.0, level: float = LEVEL
) -> Interval:
    """Return the mean and its interval over J repeated-fold values.

    Training parts of repeated folds overlap, so the J values are not
    independent and the plain standard error s/√J is too small. Nadeau and
    Bengio replace 1/J by 1/J + n₂/n₁::

        mean ± t(J−1) · √( (1/J + n₂/n₁) · s² + v )

    with s² the sample variance of the values, n₁ the samples a fit trains on
    and n₂ the samples left out of it; for k folds n₂/n₁ = 1/(k−1). v is what
    the folds cannot show: when all J models are scored on one and the same
    test part, their values share its luck, and v (the variance of the mean
    value over bootstraps of that test part) is added. On held-out folds v is
    0, since each value there has test samples of its own.

    Parameters
    ----------
    values : ndarray, shape (J,)
        Scores, or paired differences of scores; NaN (a class absent from a fold) is left out.
    left_out_ratio : float
        n₂/n₁.
    test_variance : float
        v.
    level : float
        In (0, 1).

    Returns
    -------
    Interval
        With fewer than two values the limits are NaN.

    References
    ----------
    Nadeau & Bengio (2003), Inference for the generalization error, Machine Learning 52, 239–281.
    Bouckaert & Frank (2004), Evaluating the replicability of significance tests for comparing learning
    algorithms, PAKDD (the form for repeated cross-validation).

    Examples
    --------
    >>> interval = corrected_interval(np.array([0.1, 0.2, 0.3, 0.2]), 0.25)
    >>> round(interval.mean, 3), round(interval.high - interval.mean, 3)
    (0.2, 0.184)
    """
    from scipy.stats import t

    values = np.asarray(values, dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    mean = float(values.mean())
    if len(values) < 2:
        return Interval(mean, math.nan, math.nan)
    variance = (1 / len(values) + left_out_ratio) * float(values.var(ddof=1)) + test_variance
    reach = float(t.ppf((1 + level) / 2, len(values) - 1)) * math.sqrt(variance)
    return Interval(mean, mean - reach, mean + reach)
