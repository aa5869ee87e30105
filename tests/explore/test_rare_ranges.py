from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.errors import UserError
from augmentors.core.ranges import Ranges, checked_cuts
from augmentors.explore.rare_ranges import box_plot_ranges, ranges_of, shortest_between, whiskers, with_ranges
from augmentors.ingest import load
from augmentors.run import split_dataset

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
numbers = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=20, max_size=80)


def test_whiskers_are_those_of_tukeys_box_plot() -> None:
    # R: boxplot.stats(c(1, 2, 3, 4, 5, 6, 7, 30))$stats is 1.0 2.5 4.5 6.5 7.0
    assert whiskers(np.array([1.0, 2, 3, 4, 5, 6, 7, 30])) == (1.0, 4.5, 7.0)


def test_relevance_runs_from_the_median_to_the_whiskers_end() -> None:
    found = box_plot_ranges("y", np.array([1.0, 2, 3, 4, 5, 6, 7, 30]))
    assert found is not None and found.relevance == ((4.5, 0.0), (7.0, 1.0))
    # Half way 3 · 0.25 − 2 · 0.125 = 0.5; a value below the median matters not, one beyond the whisker fully.
    assert found.relevances(np.array([1.0, 5.75, 7.0, 30.0])).tolist() == [0.0, 0.5, 1.0, 1.0]
    # 0.8 is reached at 4.5 + 0.71286 · 2.5 = 6.282: only 7 and 30 are rare, and 7 parts them from 6.
    assert found.cuts == (7.0,) and found.rare == (False, True)


def test_both_sides_are_rare_where_values_lie_beyond_both_whiskers() -> None:
    found = box_plot_ranges("y", np.array([-30.0, 1, 2, 3, 4, 5, 6, 7, 8, 40]))
    assert found is not None and found.rare == (True, False, True)
    assert found.of(np.array([-30.0, 4.0, 40.0])).tolist() == [found.names[0], found.names[1], found.names[2]]


def test_a_target_that_is_mostly_one_value_has_all_others_rare() -> None:
    found = box_plot_ranges("rain", np.array([0.0] * 90 + [0.3, 1.0, 2.0, 5.0, 7.0, 9.0, 10.0, 12.0, 20.0, 30.0]))
    assert found is not None and found.names == ("rain < 0.3", "rain >= 0.3 (rare)")


def test_without_outlying_values_ranges_are_equally_wide_and_say_so() -> None:
    found = ranges_of("y", np.arange(100.0))
    assert found.rule == "equal widths" and not any(found.rare)
    assert np.bincount(found.codes(np.arange(100.0))).tolist() == [20, 20, 20, 20, 20]
    assert "equally wide" in found.sentence


def test_given_ranges_are_kept_and_told_rare_by_their_rows() -> None:
    found = ranges_of("y", np.r_[np.arange(100.0), 500.0], [50.0, 200.0])
    assert found.names == ("y < 50", "y 50 to 200", "y >= 200 (rare)")
    assert found.relevances(np.array([10.0, 500.0])).tolist() == [0.0, 1.0]


def test_a_given_range_without_a_training_row_is_refused() -> None:
    with pytest.raises(UserError, match=r"'y < -5' holds no training row; the 100 values .* run from 0 to 99"):
        ranges_of("y", np.arange(100.0), [-5.0, 50.0])


@pytest.mark.parametrize("cuts", [[], [5.0, 5.0], [3.0, 1.0], [float("nan")], [float("inf")]])
def test_cut_points_that_make_no_ranges_are_refused(cuts: list[float]) -> None:
    with pytest.raises(UserError, match="ascending numbers"):
        checked_cuts(cuts)


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_every_value_lies_in_one_range_and_rare_ones_are_relevant(values: list[float]) -> None:
    found = box_plot_ranges("y", np.array(values))
    if found is None:
        return
    assert set(found.of(np.array(values))) <= set(found.names)
    relevant = found.relevances(np.array(values)) >= 0.8 - 1e-9
    assert (np.asarray(found.rare)[found.codes(np.array(values))] <= relevant).all()
    assert Ranges.from_dict(found.as_dict()) == found


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e6))
def test_a_short_cut_parts_its_two_neighbours(low: float, gap: float) -> None:
    assert low < shortest_between(low, low + gap) <= low + gap or low + gap == low


def test_no_test_value_steers_the_ranges(tmp_path: Path) -> None:
    loaded = load(SAMPLES / "lending.csv", label="annual_income", task="regression")
    split = split_dataset(loaded.dataset)
    found = with_ranges(loaded.dataset, split).schema.ranges
    frame = loaded.dataset.frame.copy()
    frame.loc[split.test, "annual_income"] = 10**9
    changed = type(loaded.dataset)("table", frame, loaded.dataset.schema, loaded.dataset.fingerprint)
    assert found == with_ranges(changed, split).schema.ranges
