"""Class counts and the imbalance ratio."""

import pandas as pd

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.split import make_split
from augmentors.explore.distribution import class_table, imbalance_ratio


def _dataset(counts):
    labels = [name for name, n in counts.items() for _ in range(n)]
    frame = pd.DataFrame({"x": range(len(labels)), "y": labels}, index=[f"r{i}" for i in range(len(labels))])
    return Dataset("table", frame, Schema("y", {"x": "integer"}), "f")


def test_ratio_is_largest_over_smallest_present_class():
    assert imbalance_ratio({"a": 90, "b": 10}) == 9.0
    assert imbalance_ratio({"a": 90, "b": 0, "c": 30}) == 3.0
    assert imbalance_ratio({}) == 1.0


def test_table_counts_train_and_test_apart():
    dataset = _dataset({"ok": 80, "rust": 20, "lone": 1})
    split = make_split(dataset, test_size=0.25, n_folds=2)
    table = class_table(dataset, split)
    assert table["label"].tolist() == ["ok", "rust", "lone"]
    assert table["total"].tolist() == [80, 20, 1]
    assert (table["train"] + table["test"]).tolist() == [80, 20, 1]
    assert table["train"].tolist()[:2] == [60, 15]
    assert abs(table["share"].sum() - 1) < 1e-12


def test_without_split_everything_is_training():
    table = class_table(_dataset({"a": 3, "b": 2}))
    assert table["train"].tolist() == [3, 2]
    assert table["test"].tolist() == [0, 0]
