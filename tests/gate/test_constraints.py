"""The check of rules: rejects what breaks one, says which, and is silent where there are none."""

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.samples import Samples
from augmentors.gate import Gate
from augmentors.testing import numeric_table


def ordered() -> Dataset:
    rng = np.random.default_rng(0)
    low = rng.normal(size=100)
    frame = pd.DataFrame({"low": low, "high": low + rng.random(100)})
    frame["label"] = pd.Series(np.where(np.arange(100) % 4, "a", "b"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(100)], dtype="str")
    return Dataset("table", frame, Schema("label", {"low": "number", "high": "number"}), "ordered")


def new(rows: pd.DataFrame) -> Samples:
    rows = rows.set_index(pd.Index([f"n{i}" for i in range(len(rows))], dtype="str"))
    none = np.full((len(rows), 1), "", dtype=object)
    return Samples(rows, none, np.zeros(none.shape), pd.DataFrame(index=rows.index))


def test_a_broken_rule_is_named() -> None:
    rows = pd.DataFrame({"low": [0.0, 0.3], "high": [0.1, 0.2], "label": pd.Series(["b", "b"], dtype="str")})
    judged = Gate(copies=False).fit(ordered(), ["b"]).judge(new(rows)).table
    assert judged["rule"].tolist() == ["", "constraints"]
    assert judged["detail"].iloc[1] == "breaks the rule that 'low' ≤ 'high', which every training row obeys"
    assert judged["value"].iloc[1] == 1.0
    off = Gate(copies=False, constraints=False).fit(ordered(), ["b"]).judge(new(rows)).table
    assert off["rule"].tolist() == ["", ""]


def test_a_category_beside_another_than_it_decides_is_rejected() -> None:
    town = np.arange(120) % 6
    columns = {"town": [f"t{i}" for i in town], "country": [f"c{i // 2}" for i in town]}
    frame = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})
    frame["label"] = pd.Series(np.where(np.arange(120) % 4, "a", "b"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(120)], dtype="str")
    train = Dataset("table", frame, Schema("label", dict.fromkeys(columns, "category")), "places")
    rows = pd.DataFrame({"town": ["t1", "t1"], "country": ["c0", "c1"], "label": ["b", "b"]}, dtype="str")
    judged = Gate(copies=False).fit(train, ["b"]).judge(new(rows)).table
    assert judged["rule"].tolist() == ["", "constraints"]
    assert judged["detail"].iloc[1] == "breaks the rule that 'town' decides 'country', which every training row obeys"


def test_without_rules_no_score_is_written() -> None:
    train = numeric_table()
    judged = Gate(copies=False).fit(train, ["rare"]).judge(new(train.frame.iloc[:3].reset_index(drop=True))).table
    assert not judged["gate"].str.contains("constraints").any()
