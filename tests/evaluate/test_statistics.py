"""The corrected interval: by hand, against its parts, and on simulated comparisons."""

import math

import numpy as np
import pytest
from scipy.stats import t

from augmentors.evaluate.statistics import Interval, corrected_interval, plain

K, REPEATS = 5, 2


def test_golden_by_hand():
    # Mean 0.2, variance 0.02/3; (1/4 + 1/4) · 0.02/3 = 0.00333; t(3) at 97.5 % is 3.18245.
    interval = corrected_interval(np.array([0.1, 0.2, 0.3, 0.2]), 1 / 4)
    reach = 3.182446305 * math.sqrt(0.01 / 3)
    assert (interval.low, interval.high) == pytest.approx((0.2 - reach, 0.2 + reach))


def test_without_overlap_it_is_the_usual_t_interval():
    values = np.random.default_rng(0).normal(size=12)
    interval = corrected_interval(values, 0.0)
    usual = t.interval(0.95, 11, values.mean(), values.std(ddof=1) / math.sqrt(12))
    assert (interval.low, interval.high) == pytest.approx(usual)


def test_test_variance_is_added():
    values = np.zeros(5)
    interval = corrected_interval(values, 0.25, test_variance=0.04)
    assert interval.high == pytest.approx(t.ppf(0.975, 4) * 0.2)


def test_missing_values_and_too_few():
    assert corrected_interval(np.array([0.3, np.nan, 0.5]), 0.25).mean == pytest.approx(0.4)
    one = corrected_interval(np.array([0.3, np.nan]), 0.25)
    assert one.mean == pytest.approx(0.3) and math.isnan(one.low)
    assert math.isnan(corrected_interval(np.array([np.nan]), 0.25).mean)
    assert one.to_json() == {"mean": 0.3, "low": None, "high": None}


def test_limits_are_cut_to_what_a_score_can_be():
    assert Interval(0.99, 0.9, 1.2).within(0, 1) == Interval(0.99, 0.9, 1.0)
    assert plain(1 / 3) == 0.333333 and plain(float("inf")) is None


def test_values_without_spread_have_no_limits():
    perfect = corrected_interval(np.ones(10), 0.25, test_variance=0.0).unless_flat().within(0, 1)
    assert perfect.to_json() == {"mean": 1.0, "low": None, "high": None}
    spread = corrected_interval(np.array([0.99, 1.0, 1.0]), 0.25)
    assert spread.unless_flat() == spread


def held_out_differences(rng, effect, trials, noise=0.05, share=1 / K):
    """Return paired differences on repeated folds, correlated as Nadeau and Bengio assume."""
    common = rng.normal(size=(trials, 1)) * math.sqrt(share)
    own = rng.normal(size=(trials, K * REPEATS)) * math.sqrt(1 - share)
    return effect + noise * (common + own)


def test_null_is_covered_and_the_uncorrected_interval_is_not():
    rng = np.random.default_rng(1)
    values = held_out_differences(rng, 0.0, 2000)
    corrected = [corrected_interval(v, 1 / (K - 1)) for v in values]
    covered = np.mean([i.low <= 0 <= i.high for i in corrected])
    naive = np.mean([i.low <= 0 <= i.high for i in (corrected_interval(v, 0.0) for v in values)])
    assert 0.935 <= covered <= 0.975  # 95 %, give or take three standard errors
    assert naive < 0.85


def test_shift_is_detected():
    rng = np.random.default_rng(2)
    intervals = [corrected_interval(v, 1 / (K - 1)) for v in held_out_differences(rng, 0.15, 300)]
    assert np.mean([i.low > 0 for i in intervals]) > 0.95


def test_luck_of_a_shared_test_part_is_covered_only_with_its_variance():
    # All models are scored on one test part: the folds do not show its luck, bootstraps of it do.
    rng = np.random.default_rng(3)
    luck = rng.normal(0, 0.05, size=(1000, 1))
    values = luck + held_out_differences(rng, 0.0, 1000, noise=0.02)
    folds_only = [corrected_interval(v, 1 / (K - 1)) for v in values]
    with_test = [corrected_interval(v, 1 / (K - 1), 0.05**2) for v in values]
    assert np.mean([i.low <= 0 <= i.high for i in folds_only]) < 0.6
    assert np.mean([i.low <= 0 <= i.high for i in with_test]) >= 0.93
