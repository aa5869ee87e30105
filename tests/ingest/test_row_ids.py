"""Row ids are "r" and the number, whatever rows are left out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from augmentors.ingest.row_ids import row_ids


@given(st.lists(st.integers(0, 10**12), unique=True).map(sorted))
def test_ids_are_the_numbers(numbers: list[int]) -> None:
    assert row_ids(np.array(numbers, dtype=np.int64)).to_pylist() == [f"r{number}" for number in numbers]


def test_around_powers_of_ten() -> None:
    numbers = [0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 4_294_967_296]
    assert row_ids(np.array(numbers)).to_pylist() == [f"r{number}" for number in numbers]
