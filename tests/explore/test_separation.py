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
    found = feature_separation(_example()).set_index("column")
    table = found["score"]
    assert set(table.index[:3]) == {"exact", "missing", "day"}
    assert table[["exact", "missing", "day"]].min() == 1
    # AUC of normal values 1 and 4 deviations apart: 0.760 and 0.998.
    assert table["weak"] == pytest.approx(0.52, abs=0.1) and table["strong"] == pytest.approx(0.995, abs=0.01)
    assert found["clear"].to_dict() == dict.fromkeys(found.index, True) | {"noise": False, "code": False}
    assert found["recognised"][["exact", "missing"]].min() > 0.99


def test_a_weak_signal_of_few_rows_is_told_and_noise_is_not() -> None:
    told, alarms = 0, 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rare = np.arange(1600) < 52
        columns = {
            "amount": np.exp(rng.standard_normal(1600) + 0.63 * rare),
            "noise": rng.standard_normal(1600),
            "town": rng.choice(list("abcdefgh"), 1600),
            "product": np.where(rare & (rng.random(1600) < 0.5), "x", rng.choice(list("xyz"), 1600)),
        }
        types = {"amount": "number", "noise": "number", "town": "category", "product": "category"}
        found = feature_separation(_dataset(columns, types, np.where(rare, "rare", "common"))).set_index("column")
        told += int(found["clear"][["amount", "product"]].sum())
        alarms += int(found["clear"][["noise", "town"]].sum())
    assert told >= 35 and alarms <= 5


def test_scores_by_hand() -> None:
    columns = {"x": [1.0, 2.0, 3.0, 4.0], "middle": [2.0, 2.0, 1.0, 3.0]}
    table = feature_separation(_dataset(columns, dict.fromkeys(columns, "number"), ["a", "b", "a", "b"]))
    # Of the four pairs b is ahead in three: AUC 0.75.
    assert table.set_index("column")["score"]["x"] == 0.5
    rng = np.random.default_rng(0)
    labels = np.repeat(["low", "middle", "high"], 100)
    values = rng.random(300) + np.repeat([0, 2, 4], 100)
    found = feature_separation(_dataset({"x": values}, {"x": "number"}, labels))
    assert found["score"].iloc[0] > 0.99, "a class in the middle is told too"


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


def test_words_of_the_overview() -> None:
    from pages.ui.charts import separation_words

    assert separation_words({"score": 0.346, "clear": True, "chance": 0.2}) == "separates 35 %"
    assert separation_words({"score": 0.1, "clear": False, "chance": 0.2}) == "too few samples to tell"
    assert separation_words({"score": 0.01, "clear": False, "chance": 0.02}) == "separates no better than chance"
