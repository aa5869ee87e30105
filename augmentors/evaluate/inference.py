"""Tests on paired differences over repeated folds: better, worse, the same, not worse, and what could be seen.

All rest on one standard error, that of Nadeau and Bengio (see `statistics`),
and on Student's t with J − 1 degrees of freedom.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

POWER = 0.8
LEVEL = 0.05


@dataclass(frozen=True)
class Paired:
    """Mean of paired differences with what is needed to test it.

    Parameters
    ----------
    mean : float
    error : float
        Corrected standard error of the mean; NaN with fewer than two differences.
    freedom : int
        Degrees of freedom.
    """

    mean: float
    error: float
    freedom: int


def paired(differences: np.ndarray, left_out_ratio: float) -> Paired:
    """Return the mean and corrected standard error of J repeated-fold differences.

    Parameters
    ----------
    differences : ndarray, shape (J,)
        NaN is left out.
    left_out_ratio : float
        n₂/n₁: samples left out of a fit over samples it trains on.

    Examples
    --------
    >>> found = paired(np.array([0.1, 0.2, 0.3, 0.2]), 0.25)
    >>> round(found.mean, 3), round(found.error, 4), found.freedom
    (0.2, 0.0577, 3)
    """
    known = np.asarray(differences, dtype=np.float64)
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return Paired(float(known.mean()) if len(known) else math.nan, math.nan, 0)
    variance = (1 / len(known) + left_out_ratio) * float(known.var(ddof=1))
    return Paired(float(known.mean()), math.sqrt(variance), len(known) - 1)


def p_different(found: Paired) -> float:
    """Return the two-sided p-value of the corrected t test that the mean difference is 0.

    With no spread at all it is 1 for a mean of 0 and 0 for any other; NaN where there is no standard error.
    """
    one_sided = p_above(Paired(abs(found.mean), found.error, found.freedom), 0.0)
    return one_sided if math.isnan(one_sided) else min(1.0, 2 * one_sided)


def p_above(found: Paired, bound: float) -> float:
    """Return the one-sided p-value against the null that the mean difference is at most `bound`."""
    from scipy.stats import t

    if not math.isfinite(found.error):
        return math.nan
    distance = found.mean - bound
    if found.error == 0:
        return 0.0 if distance > 0 else 1.0
    return float(t.sf(distance / found.error, found.freedom))


def p_equivalent(found: Paired, margin: float) -> float:
    """Return the p-value of two one-sided tests (TOST) that the mean difference lies within ± `margin`.

    References
    ----------
    Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach,
    J. Pharmacokinetics and Biopharmaceutics 15, 657–680.
    """
    turned = Paired(-found.mean, found.error, found.freedom)
    return max(p_above(found, -margin), p_above(turned, -margin))


def p_not_worse(found: Paired, margin: float) -> float:
    """Return the p-value of the non-inferiority test that the mean difference is above −`margin`."""
    return p_above(found, -margin)


def smallest_detectable(found: Paired, level: float = LEVEL, power: float = POWER) -> float:
    """Return the true difference that the two-sided test would have found with this power.

    The usual approximation (t₁₋α⸝₂ + t_power) · error; the tail on the other side is neglected.
    """
    from scipy.stats import t

    if not math.isfinite(found.error):
        return math.nan
    return float((t.ppf(1 - level / 2, found.freedom) + t.ppf(power, found.freedom)) * found.error)


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values adjusted by Holm's step-down, in the given order; NaN stays and is not counted.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statistics 6, 65–70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    raw = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(raw.shape, np.nan)
    known = np.flatnonzero(np.isfinite(raw))
    order = known[np.argsort(raw[known], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(raw[order] * factors), 1.0)
    return adjusted
