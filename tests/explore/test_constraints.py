"""Rules between columns: planted ones are found, chance ones are not, and each is judged row by row."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import ColumnType, Dataset, Schema
from augmentors.core.seeds import digest
from augmentors.core.split import make_split
from augmentors.explore.constraints import Constraint, constraints_of
from augmentors.explore.health import findings
from augmentors.testing import numeric_table, toy_table

KINDS: dict[str, ColumnType] = {"f": "number", "i": "integer", "I": "integer", "b": "boolean", "M": "date"}


def table(label: np.ndarray | None = None, **columns: object) -> Dataset:
    frame = pd.DataFrame(columns)
    types = {name: KINDS.get(frame[name].dtype.kind, "category") for name in frame}
    frame["label"] = pd.Series(np.where(np.arange(len(frame)) % 4, "a", "b") if label is None else label, dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return Dataset("table", frame, Schema("label", types), digest(frame.to_csv()))


def found(train: Dataset) -> set[str]:
    return {str(rule) for rule in constraints_of(train)}


def planted(rows: int = 200, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    shape = rng.integers(0, 3, rows)
    start = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    low = rng.normal(80, 8, rows)
    parts = rng.integers(0, 50, (2, rows))
    town = pd.Series(np.array(["x", "y", "z"])[rng.integers(0, 3, rows)], dtype="str")
    return table(
        low=low,
        high=low + rng.exponential(10, rows),
        first=parts[0],
        second=parts[1],
        total=parts.sum(axis=0),
        is_round=(shape == 0).astype(int),
        is_square=(shape == 1).astype(float),
        is_other=shape == 2,
        starts=start,
        ends=start + pd.to_timedelta(rng.integers(1, 200, rows), unit="D"),
        town=town,
        city=town.copy(),
        metres=low * 0.5,
        free=rng.normal(size=rows),
    )


def test_planted_rules_are_found_and_nothing_else() -> None:
    assert found(planted()) == {
        "'low' ≤ 'high'",
        "'total' = 'first' + 'second'",
        "exactly one of 'is_round', 'is_square', 'is_other' is 1",
        "'starts' < 'ends'",
        "'town' = 'city'",
        "'metres' = 0.5 × 'low'",
        "'metres' ≤ 'low'",
        "'first' ≤ 'total'",
        "'second' ≤ 'total'",
    } - {"'metres' ≤ 'low'"}


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = {f"x{i}": rng.normal(i / 3, 1.0, 60) for i in range(12)}
    columns |= {f"n{i}": rng.poisson(2 + 3 * i, 60) for i in range(6)}
    columns |= {f"b{i}": rng.random(60) < 0.04 for i in range(6)}
    assert found(table(**columns)) == set()
    assert found(numeric_table(seed=seed)) == set()
    assert found(toy_table(seed=seed)) == set()


def places(rows: int = 200, seed: int = 0) -> Dataset:
    """Towns lie in regions, regions in countries; a code stands for each country; a shop may be anywhere."""
    rng = np.random.default_rng(seed)
    town = rng.integers(0, 12, rows)
    names = {
        "town": town,
        "region": town // 2,
        "country": town // 4,
        "code": town // 4,
        "shop": rng.integers(0, 4, rows),
    }
    columns = {name: pd.Series([f"{name} {i}" for i in values], dtype="str") for name, values in names.items()}
    return table(**columns, in_union=town < 4, size=rng.normal(size=rows))


def test_categories_that_decide_others_are_found_and_told_once() -> None:
    assert found(places()) == {
        "'town' decides 'region'",
        "'region' decides 'code'",
        "'country' decides 'code'",
        "'code' decides 'country'",
        "'code' decides 'in_union'",
    }


def test_decided_values_are_judged_by_hand() -> None:
    rule = next(rule for rule in constraints_of(places()) if rule.columns == ("town", "region"))
    towns = ["town 0", "town 0", "town 3", None, "town 9", "elsewhere"]
    regions = ["region 0", "region 1", "region 1", "region 5", None, "region 1"]
    rows = pd.DataFrame({"town": pd.Series(towns, dtype="str"), "region": pd.Series(regions, dtype="str")})
    assert rule.broken(rows).tolist() == [False, True, False, False, False, False]


def test_ranges_that_do_not_touch_are_no_rule() -> None:
    rng = np.random.default_rng(0)
    assert found(table(a=rng.random(200), b=rng.random(200) + 5)) == set()


def test_gaps_are_allowed_and_few_rows_prove_nothing() -> None:
    train = planted()
    frame = train.frame.copy()
    frame.loc[frame.index[:40], "high"] = np.nan
    assert "'low' ≤ 'high'" in found(Dataset("table", frame, train.schema, "gaps"))
    few = train.take(train.ids[:12])
    assert constraints_of(few) == ()


def test_chains_are_told_once() -> None:
    rng = np.random.default_rng(0)
    steps = rng.exponential(1.0, (4, 300)).cumsum(axis=0) + rng.normal(0, 5, 300)
    assert found(table(**{f"s{i}": own for i, own in enumerate(steps)})) == {
        "'s0' ≤ 's1'",
        "'s1' ≤ 's2'",
        "'s2' ≤ 's3'",
    }


def test_rows_are_judged_by_hand() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0, np.nan], "b": [1.0, 1.0, 5.0, 0.0], "c": [2.0, 3.5, 8.0, 9.0], "d": [1.0, 0.0, 1.0, 0.0]}
    )
    assert Constraint("order", ("a", "b")).broken(frame).tolist() == [False, True, False, False]
    assert Constraint("order", ("a", "b"), strict=True).broken(frame).tolist() == [True, True, False, False]
    assert Constraint("linear", ("c", "a", "b"), (1.0, 1.0)).broken(frame).tolist() == [False, True, False, False]
    assert Constraint("one_hot", ("d",)).broken(frame).tolist() == [False, True, False, True]
    assert Constraint("equal", ("a", "b")).broken(frame).tolist() == [False, True, True, True]


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([1.0, 0.01, 1e6]))
@settings(max_examples=25, deadline=None)
def test_a_planted_sum_is_found_whatever_its_size(seed: int, parts: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    columns = {f"p{i}": np.round(rng.normal(3, 1, 120) * size, 2) for i in range(parts + 1)}
    train = table(noise=rng.normal(size=120), **columns, total=np.sum(list(columns.values()), axis=0))
    rules = [rule for rule in constraints_of(train) if rule.kind == "linear"]
    assert [rule.columns for rule in rules] == [("total", *columns)]
    assert rules[0].weights == (1.0,) * (parts + 1) and rules[0].constant == 0


def test_findings_tell_rules_of_the_training_part_only() -> None:
    train = planted()
    split = make_split(train, seed=0)
    frame = train.frame.copy()
    frame.loc[list(split.test), "total"] = -1
    frame.loc[list(split.test), "free"] = frame.loc[list(split.test), "low"]
    broken = Dataset("table", frame, train.schema, "broken in the test part")
    told = [f.message for f in findings(broken, split, pairs=[]) if f.code == "rule"]
    assert "In every training row 'total' = 'first' + 'second': new rows keep to it." in told
    assert not any("free" in message for message in told)
