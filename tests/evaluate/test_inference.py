"""Tests on paired differences against scipy and numbers worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from augmentors.evaluate.inference import (
    Paired,
    holm,
    p_above,
    p_different,
    p_equivalent,
    p_not_worse,
    paired,
    smallest_detectable,
)
from augmentors.evaluate.statistics import corrected_interval

DIFFERENCES = np.array([0.031, 0.012, -0.004, 0.027, 0.018, 0.022, 0.001, 0.035, 0.009, 0.014])


def test_without_overlap_it_is_the_ordinary_t_test() -> None:
    found = paired(DIFFERENCES, 0.0)
    reference = stats.ttest_1samp(DIFFERENCES, 0.0)
    assert found.freedom == 9 and found.error == pytest.approx(stats.sem(DIFFERENCES))
    assert p_different(found) == pytest.approx(reference.pvalue)
    for bound, side in ((0.01, "greater"), (0.02, "greater")):
        assert p_above(found, bound) == pytest.approx(stats.ttest_1samp(DIFFERENCES, bound, alternative=side).pvalue)


def test_correction_by_hand() -> None:
    # s² = 0.02/3, 1/J + n₂/n₁ = 1/4 + 1/4: error = √(0.5 · 0.02/3) = 0.057735; t = 0.2/0.057735 = 3.4641
    found = paired(np.array([0.1, 0.2, 0.3, 0.2, math.nan]), 0.25)
    assert found == Paired(pytest.approx(0.2), pytest.approx(0.0577350), 3)
    assert p_different(found) == pytest.approx(0.040519, abs=1e-6)


@pytest.mark.parametrize("shift", [-0.03, 0.0, 0.004, 0.03])
def test_p_below_level_exactly_when_the_interval_leaves_out_zero(shift: float) -> None:
    values = DIFFERENCES - DIFFERENCES.mean() + shift
    interval = corrected_interval(values, 0.25)
    assert (p_different(paired(values, 0.25)) < 0.05) == (interval.low > 0 or interval.high < 0)


def test_equivalence_is_the_ninety_percent_interval_within_the_margin() -> None:
    found = paired(DIFFERENCES, 0.25)
    interval = corrected_interval(DIFFERENCES, 0.25, level=0.9)
    reach = max(abs(interval.low), abs(interval.high))
    assert p_equivalent(found, reach * 1.001) < 0.05 < p_equivalent(found, reach * 0.999)
    assert p_equivalent(found, reach) == pytest.approx(0.05)


def test_not_worse_needs_the_lower_end_alone() -> None:
    good = Paired(0.05, 0.01, 9)
    assert p_not_worse(good, 0.01) < 0.001 and p_equivalent(good, 0.01) > 0.99
    assert p_not_worse(Paired(-0.05, 0.01, 9), 0.01) > 0.99


def test_smallest_detectable_effect_has_its_power() -> None:
    # t(9): 97.5 % 2.262157, 80 % 0.883404
    assert smallest_detectable(Paired(0.0, 0.01, 9)) == pytest.approx(0.01 * (2.262157 + 0.883404), rel=1e-6)
    rng = np.random.default_rng(0)
    truth = smallest_detectable(Paired(0.0, 1 / math.sqrt(20), 19))
    seen = [p_different(paired(rng.normal(truth, 1.0, 20), 0.0)) < 0.05 for _ in range(2000)]
    assert 0.74 < np.mean(seen) < 0.86


def test_no_spread_and_too_few() -> None:
    assert p_different(paired(np.zeros(10), 0.25)) == 1.0
    assert p_different(paired(np.full(10, 0.25), 0.25)) == 0.0
    lonely = paired(np.array([0.1]), 0.25)
    assert lonely.mean == 0.1 and math.isnan(p_different(lonely)) and math.isnan(smallest_detectable(lonely))
    assert math.isnan(paired(np.array([math.nan]), 0.25).mean)


def test_holm_by_hand_and_with_gaps() -> None:
    # sorted 0.005·4, 0.01·3, 0.03·2, 0.04·1 → running maximum 0.02, 0.03, 0.06, 0.06
    assert holm([0.04, 0.005, 0.03, 0.01]).tolist() == pytest.approx([0.06, 0.02, 0.06, 0.03])
    assert holm([0.9, math.nan, 0.6]).tolist() == pytest.approx([1.0, math.nan, 1.0], nan_ok=True)
    assert holm([]).shape == (0,)
