"""No fold ever trains on a child of a sample it validates."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.errors import UserError
from augmentors.evaluate import safe_folds
from augmentors.evaluate.safe_folds import parent_matrix


def table(*families):
    return pd.DataFrame({"sample_id": [f"s{i}" for i in range(len(families))], "parents": list(families)})


@settings(deadline=None)  # shared machines are slow now and then
@given(
    st.lists(st.integers(0, 3), min_size=4, max_size=20),
    st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=20),
)
def test_every_usable_sample_has_all_parents_in_training(numbers, families):
    folds = {f"r{i}": number for i, number in enumerate(numbers)}
    provenance = table(*[[f"r{p}" for p in family] for family in families])
    parents = dict(zip(provenance["sample_id"], provenance["parents"], strict=True))
    for fold in safe_folds(provenance, folds):
        train, validation = set(fold.train), set(fold.validation)
        assert train | validation == set(folds) and not train & validation
        assert all(folds[i] == fold.number for i in validation)
        usable = {s for s, own in parents.items() if own and set(own) <= train}
        assert set(fold.synthetic) == usable


def test_samples_without_parents_are_in_no_fold():
    folds = list(safe_folds(table([], [""], ["a"]), {"a": 0, "b": 1}))
    assert [fold.synthetic.tolist() for fold in folds] == [[], ["s2"]]


def test_padded_and_repeated_parents_count_once():
    (first, second) = safe_folds(table(["a", "a", ""]), {"a": 0, "b": 1})
    assert first.synthetic.tolist() == [] and second.synthetic.tolist() == ["s0"]


def test_parent_outside_the_training_part_is_an_error_that_names_it():
    with pytest.raises(UserError, match="'s1' has the parent 'test-7'"):
        list(safe_folds(table(["a"], ["test-7"]), {"a": 0, "b": 1}))


def test_folds_as_series_and_no_synthetic_sample():
    folds = list(safe_folds(table(), pd.Series([0, 1, 1], index=["a", "b", "c"])))
    assert [fold.validation.tolist() for fold in folds] == [["a"], ["b", "c"]]
    assert all(not len(fold.synthetic) for fold in folds)


def test_parent_matrix_fills_up():
    matrix = parent_matrix(pd.Series([["a"], [], ["b", "c"], np.array(["d"])]))
    assert matrix.tolist() == [["a", ""], ["", ""], ["b", "c"], ["d", ""]]
    assert parent_matrix(pd.Series([], dtype=object)).shape == (0, 1)
