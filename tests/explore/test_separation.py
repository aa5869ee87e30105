"""Features that tell classes apart rank first; noise and identifiers gain nothing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.explore.separation import MISSING, OTHER, feature_bars, feature_separation


def _dataset(columns, types, labels):
    frame = pd.DataFrame(columns).assign(y=labels)
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype=object)
    return Dataset("table", frame, Schema("y", types), "f")


def _example(n=2000, rare=60):
    rng = np.random.default_rng(0)
    label = np.arange(n) >= n - rare
    columns = {
        "noise": rng.standard_normal(n),
        "weak": rng.standard_normal(n) + label,
        "strong": rng.standard_normal(n) + 4 * label,
        "exact": rng.random(n) + 2 * label,
        "code": [f"c{i}" for i in range(n)],
        "missing": np.where(label, np.nan, 1.0),
        "day": pd.to_datetime("2020-01-01") + pd.to_timedelta(np.arange(n), unit="D"),
    }
    types = dict.fromkeys(("noise", "weak", "strong", "exact", "missing"), "number")
    types |= {"code": "category", "day": "date"}
    return _dataset(columns, types, np.where(label, "rare", "common"))


def test_ranking_and_scores():
    table = feature_separation(_example()).set_index("column")["score"]
    assert set(table.index[:3]) == {"exact", "missing", "day"}
    assert table[["exact", "missing"]].min() > 0.99
    assert 0.8 < table["strong"] < 1 and 0.1 < table["weak"] < table["strong"]
    assert table["noise"] < 0.2 and table["code"] < 0.05


def test_best_class_is_the_one_it_recognises():
    rng = np.random.default_rng(1)
    labels = np.repeat(["a", "b", "c"], 200)
    dataset = _dataset({"x": rng.standard_normal(600) + 20 * (labels == "c")}, {"x": "number"}, labels)
    assert feature_separation(dataset)["best_class"].tolist() == ["c"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.floats())), max_size=30))
def test_any_numbers_give_scores_between_0_and_1(rows):
    dataset = _dataset(
        {"x": np.array([v if v is not None else np.nan for _, v in rows], dtype=float)},
        {"x": "number"},
        np.array([label for label, _ in rows], dtype=object),
    )
    table = feature_separation(dataset)
    assert table["score"].between(0, 1).all()
    bars = feature_bars(dataset, "x")
    assert bars.counts.to_numpy().sum() == len(rows)


@pytest.mark.parametrize("column", ["noise", "missing", "day", "code"])
def test_bars_hold_every_sample_once(column):
    dataset = _example()
    bars = feature_bars(dataset, column, bins=10)
    assert bars.counts.sum().to_dict() == {"common": 1940, "rare": 60}
    assert bars.shares.sum().tolist() == pytest.approx([1, 1])
    assert len(set(bars.names)) == len(bars.names)
    assert bars.names[-1] == MISSING if column == "missing" else bars.names[-1] != MISSING
    if column == "code":
        assert bars.names[-1] == OTHER and bars.edges is None


def test_golden_bars():
    labels = ["a"] * 4 + ["b"] * 4
    dataset = _dataset({"k": [1, 1, 2, 3, 3, 3, 3, 2]}, {"k": "integer"}, labels)
    bars = feature_bars(dataset, "k")
    assert bars.names == ("1", "2", "3")
    assert bars.counts.to_dict("list") == {"a": [2, 1, 1], "b": [0, 1, 3]}
    assert bars.edges.tolist() == [0.5, 1.5, 2.5, 3.5]
