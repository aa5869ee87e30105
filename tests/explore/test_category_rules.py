"""Categories that decide others: planted ones are found whatever their shape, chance ones are not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.explore.category_rules import deciding_columns, without_implied
from augmentors.explore.constraints import CHANCE, LEAST_ROWS


def found(**codes: np.ndarray) -> set[tuple[str, str]]:
    return {(a, b) for a, b, _ in deciding_columns(codes, CHANCE, LEAST_ROWS)}


@given(st.integers(0, 2**32), st.integers(3, 40), st.integers(2, 10), st.floats(0, 0.3))
@settings(max_examples=60, deadline=None)
def test_a_planted_decision_is_found_whatever_its_shape(seed: int, towns: int, countries: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    of_town = rng.integers(0, countries, towns)
    of_town[:2] = 0, 1
    town = np.r_[np.arange(towns), rng.integers(0, towns, 1500)]
    country = of_town[town]
    gaps = rng.random(len(town)) < missing
    # A value that stands in few rows of one country alone may come by chance.
    if np.bincount(country).max() > 0.9 * len(country):
        return
    pairs = found(town=np.where(gaps, -1, town), country=country, free=rng.integers(0, 3, len(town)))
    assert ("town", "country") in pairs and not {pair for pair in pairs if "free" in pair}


@given(st.integers(0, 2**32), st.integers(20, 400), st.integers(2, 30), st.integers(2, 6), st.floats(0.5, 0.97))
@settings(max_examples=200, deadline=None)
def test_chance_decides_nothing(seed: int, rows: int, towns: int, colours: int, share: float) -> None:
    """Independent columns, one of them lopsided: however the rows fall, no rule is believed."""
    rng = np.random.default_rng(seed)
    lopsided = np.where(rng.random(rows) < share, 0, rng.integers(0, colours, rows))
    assert found(town=rng.integers(0, towns, rows), colour=lopsided, other=rng.integers(0, colours, rows)) == set()


@pytest.mark.parametrize("rows", [30, 300, 3000])
def test_a_name_of_every_row_decides_nothing(rows: int) -> None:
    rng = np.random.default_rng(0)
    assert found(name=rng.permutation(rows), colour=rng.integers(0, 3, rows)) == set()


def test_names_that_stand_twice_decide_what_each_pair_shares() -> None:
    name = np.arange(400) // 2
    assert found(name=name, colour=name % 3) == {("name", "colour")}


def test_one_exception_among_many_rows_is_no_rule() -> None:
    town = np.arange(30_000) % 12
    country = town // 3
    assert found(town=town, country=country) == {("town", "country")}
    country[20_001] = 3 - country[20_001]
    assert found(town=town, country=country) == set()


def test_the_chance_of_a_small_case_by_hand() -> None:
    """Groups of 3, 2 and 2 rows; shares 4/7 and 3/7; without the largest: (16/49 + 9/49) ** 2 = 0.26."""
    first, second = np.array([0, 0, 0, 1, 1, 2, 2]), np.array([1, 1, 1, 0, 0, 0, 0])
    for chance, expected in ((0.26 * 4 + 0.01, {("a", "b")}), (0.26 * 4 - 0.01, set())):
        assert {(a, b) for a, b, _ in deciding_columns({"a": first, "b": second}, chance, 5)} & {("a", "b")} == expected


def test_columns_that_decide_each_other_keep_one_way_to_a_third() -> None:
    both = [("code", "name"), ("name", "code"), ("code", "part"), ("name", "part")]
    assert without_implied(both) == [("code", "name"), ("name", "code"), ("name", "part")]
