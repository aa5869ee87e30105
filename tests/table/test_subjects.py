"""A new row belongs to the subject of its first parent: no augmenter of tables invents customers."""

import numpy as np
import pandas as pd
import pytest

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter
from augmentors.core.card import Need
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import rng_from
from augmentors.explore.constraints import constraints_of
from augmentors.explore.group_column import subject_columns

# Of tables of classes: others want another target, or samples of unknown class beside these.
TABLE = [
    cls
    for cls in AUGMENTERS
    if cls.card.kind == "table" and cls.card.task is None and Need.UNLABELLED not in cls.card.needs
]


@pytest.fixture(scope="module")
def visits() -> Dataset:
    """Three visits each of 60 customers, whose numbers grow with the day and are there as a code too."""
    rng = np.random.default_rng(3)
    customer = np.repeat(rng.permutation(9000)[:60], 3)
    frame = pd.DataFrame(
        {
            "customer_id": customer,
            "code": pd.Series([f"K{c}" for c in customer], dtype="str"),
            "invoice": customer * 10.0 + rng.random(180) * 400,
            "amount": rng.gamma(2, 300, 180),
            "age": rng.normal(50, 12, 180),
            "site": pd.Series(rng.choice(["A", "B", "C"], 180), dtype="str"),
            "label": pd.Series(np.where(np.arange(180) < 45, "rare", "common"), dtype="str"),
        }
    )
    frame.index = pd.Index([f"r{i}" for i in range(180)], dtype="str")
    types = {"customer_id": "integer", "code": "category", "site": "category"}
    types = types | dict.fromkeys(["invoice", "amount", "age"], "number")
    return Dataset("table", frame, Schema("label", {name: types[name] for name in frame.columns[:-1]}), "visits")


@pytest.mark.parametrize("cls", TABLE, ids=lambda cls: cls.card.key)
def test_new_rows_keep_their_parents_customer(visits: Dataset, cls: type[Augmenter]) -> None:
    augmenter = cls().fit(visits, rng_from(0))
    samples = augmenter.augment("rare", 100, rng_from(1))
    parents = visits.frame.loc[samples.parents[:, 0]]
    for name in ("customer_id", "code"):
        assert samples.frame[name].tolist() == parents[name].tolist()
        assert samples.frame[name].dtype == visits.frame[name].dtype
    if cls.card.key != "random_oversampling":
        (said,) = [note for note in samples.notes if "in common" in note]
        assert "'customer_id', 'code'" in said and "first parent" in said


def test_rules_say_nothing_of_subjects(visits: Dataset) -> None:
    assert (visits.frame["customer_id"] <= visits.frame["invoice"]).all()
    assert not [rule for rule in constraints_of(visits) if rule.kind == "order"]


def test_counts_that_follow_from_other_columns_name_no_subject() -> None:
    rng = np.random.default_rng(0)
    first, second, third = rng.normal(60, 20, (3, 400))
    frame = pd.DataFrame({"a": first, "b": second, "c": third, "total": np.rint((first + second + third) / 3)})
    frame["total"] = frame["total"].astype("int64")
    frame["label"] = pd.Series(np.where(first > 80, "rare", "common"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(400)], dtype="str")
    types = dict.fromkeys(["a", "b", "c"], "number") | {"total": "integer"}
    assert subject_columns(Dataset("table", frame, Schema("label", types), "t")) == ()
