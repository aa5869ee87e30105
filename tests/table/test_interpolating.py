"""What SMOTE's relatives do with columns that are not plain numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.export.new_rows import empty_columns
from augmentors.table.interpolating import Neighbourhood
from augmentors.table.smote import Smote
from augmentors.testing import toy_table, toy_text
from augmentors.text.random_swap import RandomSwap


@pytest.fixture(scope="module")
def train() -> Dataset:
    return toy_table(missing=True)


@pytest.fixture(scope="module")
def samples(train: Dataset) -> Samples:
    return Smote().fit(train, rng_from(0)).augment("rare", 300, rng_from(1))


def parents(samples: Samples, train: Dataset, column: str, which: int) -> pd.Series:
    return train.frame.loc[samples.parents[:, which].tolist(), column].reset_index(drop=True)


def test_categories_come_from_the_nearer_parent(train: Dataset, samples: Samples) -> None:
    nearer = samples.weights[:, 1] > 0.5
    for column in ("colour", "active"):
        expected = parents(samples, train, column, 0).where(~nearer, parents(samples, train, column, 1))
        pd.testing.assert_series_equal(samples.frame[column].reset_index(drop=True), expected)


def test_text_comes_from_the_first_parent(train: Dataset, samples: Samples) -> None:
    expected = parents(samples, train, "remark", 0)
    pd.testing.assert_series_equal(samples.frame["remark"].reset_index(drop=True), expected)


def test_ignored_columns_stay_empty(samples: Samples) -> None:
    assert samples.frame["source"].isna().all()


def test_a_new_row_is_of_its_first_parents_group() -> None:
    plain = toy_table()
    grouped = Dataset("table", plain.frame, Schema("label", plain.schema.types, group="visits"), "grouped")
    new = Smote().fit(grouped, rng_from(0)).augment("rare", 5, rng_from(1))
    assert new.frame["visits"].tolist() == parents(new, grouped, "visits", 0).tolist()
    assert new.frame["visits"].dtype == plain.frame["visits"].dtype
    assert any("'visits'" in note and "copied from the first parent" in note for note in new.notes)
    assert empty_columns(grouped, new.frame) == ["source"]


def test_a_new_text_is_of_its_parents_group() -> None:
    plain = toy_text()
    frame = plain.frame.assign(customer=[f"c{i % 7}" for i in range(len(plain))])
    schema = replace(plain.schema, types=plain.schema.types | {"customer": "category"}, group="customer")
    grouped = Dataset("text", frame, schema, "grouped")
    target = min(grouped.class_counts, key=lambda name: grouped.class_counts[name])
    new = RandomSwap().fit(grouped, rng_from(0)).augment(target, 5, rng_from(1))
    assert new.frame["customer"].tolist() == parents(new, grouped, "customer", 0).tolist()


def test_a_number_is_missing_only_where_the_first_parents_is(train: Dataset, samples: Samples) -> None:
    for column in ("width", "visits", "seen"):
        expected = parents(samples, train, column, 0).isna()
        assert expected.any(), "the test needs missing values"
        assert samples.frame[column].isna().tolist() == expected.tolist()


def test_numbers_lie_between_their_parents(train: Dataset, samples: Samples) -> None:
    for column in ("width", "visits", "seen"):
        both = [parents(samples, train, column, i) for i in (0, 1)]
        known = both[0].notna() & both[1].notna()
        low, high = (pd.concat(both, axis=1)[known].agg(f, axis=1) for f in ("min", "max"))
        new = samples.frame[column].reset_index(drop=True)[known]
        slack = 1e-9 if column == "width" else 0 * (high - low)
        assert ((new >= low - slack) & (new <= high + slack)).all()


def test_notes_tell_what_is_done_with_each_column(samples: Samples) -> None:
    told = " ".join(samples.notes)
    for words in ("'visits', 'seen': interpolated", "nearer", "'remark': free text", "'source'", "Missing numbers"):
        assert words in told


def test_plain_numbers_need_no_notes() -> None:
    plain = toy_table()
    frame = plain.frame[["width", "height", "label"]]
    numbers = Dataset("table", frame, Schema("label", {"width": "number", "height": "number"}), "numbers")
    assert Smote().fit(numbers, rng_from(0)).augment("rare", 5, rng_from(1)).notes == ()


def test_a_table_of_categories_does_not_apply() -> None:
    plain = toy_table()
    frame = plain.frame[["colour", "active", "label"]]
    train = Dataset("table", frame, Schema("label", {"colour": "category", "active": "boolean"}), "categories")
    with pytest.raises(NotApplicable, match="at least one column of numbers or dates; the columns here are: boolean"):
        Smote().fit(train, rng_from(0))


def test_odds_choose_bases() -> None:
    who = Neighbourhood(np.array([10, 20, 30]), np.array([[1], [2], [3]]), np.array([0.0, 0.25, 0.75]))
    base, rank = who.pick(4000, rng_from(0))
    counts = np.bincount(base, minlength=3)
    assert counts[0] == 0 and abs(counts[2] / 4000 - 0.75) < 0.03
    assert not rank.any()
