"""New rows obey the rules of the data: planted ones, by every augmenter of tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import digest, rng_from
from augmentors.explore.constraints import constraints_of
from augmentors.gate import Gate
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.table.repair import repaired
from augmentors.table.smote import Smote
from augmentors.table.smotenc import Smotenc

# Those for other targets, and those that take unlabelled rows over as they are, have tests of their own.
TABLE = [
    cls
    for cls in AUGMENTERS
    if cls.card.kind == "table" and cls.card.task is None and cls.card.family != "semi-supervised"
]


def ruled(seed: int = 0, rows: int = 160, floats: bool = False) -> Dataset:
    """Return a table with a sum, an order, a one-hot group of numbers, one of truth values, and equal columns."""
    rng = np.random.default_rng(seed)
    rare = np.arange(rows) < rows // 5
    first, second = rng.poisson(9 + 4 * rare, rows), rng.poisson(5, rows)
    shape, size = rng.integers(0, 3, (2, rows))
    low = rng.normal(50, 5, rows)
    town = np.array(["north", "south", "west"])[rng.integers(0, 3, rows)]
    frame = pd.DataFrame(
        {
            "total": first + second,
            "first": first,
            "second": second,
            "low": low,
            "high": low + rng.exponential(3, rows) + 0.1,
            **{f"shape{i}": (shape == i).astype(float if floats else int) for i in range(3)},
            **{f"size{i}": size == i for i in range(3)},
            "town": pd.Series(town, dtype="str"),
            "city": pd.Series(town, dtype="str"),
            "label": pd.Series(np.where(rare, "rare", "common"), dtype="str"),
        }
    )
    shapes = dict.fromkeys(["shape0", "shape1", "shape2"], "number" if floats else "integer")
    sizes = dict.fromkeys(["size0", "size1", "size2"], "boolean")
    whole = dict.fromkeys(["total", "first", "second"], "integer")
    types = whole | {"low": "number", "high": "number"} | shapes | sizes | dict.fromkeys(["town", "city"], "category")
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    return Dataset("table", frame, Schema("label", types), digest(frame.to_csv()))


def test_the_rules_are_found() -> None:
    assert {(rule.kind, len(rule.columns)) for rule in constraints_of(ruled())} == {
        ("linear", 3),
        ("order", 2),
        ("one_hot", 3),
        ("equal", 2),
    }


@pytest.mark.parametrize("floats", [False, True])
@pytest.mark.parametrize("cls", TABLE, ids=lambda cls: cls.card.key)
def test_every_augmenter_keeps_the_rules_it_can(cls: type[Augmenter], floats: bool) -> None:
    train = ruled(floats=floats)
    samples = cls().fit(train, rng_from(0)).augment("rare", 300, rng_from(1))
    for rule in constraints_of(train):
        wrong = rule.broken(samples.frame)
        # Moving two values apart may end at the range seen: what is still broken, the gate rejects.
        assert not wrong.any() if rule.kind != "order" else wrong.mean() < 0.05, str(rule)
    kept = Gate(copies=False, ranges=False).fit(train, ["rare"]).judge(samples).table["rule"] == ""
    assert all(not rule.broken(samples.frame[kept.to_numpy()]).any() for rule in constraints_of(train))
    if cls is not RandomOversampling:
        assert any(note.startswith("New rows keep to the rules") for note in samples.notes)


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_interpolation_needs_no_rejection(seed: int) -> None:
    train = ruled(seed, rows=100, floats=bool(seed % 2))
    for cls in (Smote, Smotenc):
        samples = cls().fit(train, rng_from(seed)).augment("rare", 60, rng_from(seed, 1))
        gate = Gate(copies=False, ranges=False).fit(train, ["rare"])
        rules = {rule for rule in constraints_of(train) if rule.kind != "order"}
        assert rules and not any(rule.broken(samples.frame).any() for rule in rules)
        assert (gate.judge(samples).table["rule"] == "").all()


def test_repairs_by_hand() -> None:
    train = ruled()
    own = train.frame.iloc[:3]
    broken = {name: pd.Series(own[name].array) for name in train.schema.features()}
    broken["total"] = broken["total"] + np.array([0, 5, 0])
    for i, values in enumerate([[0, 0, 0], [1, 1, 0], [0, 1, 0]]):
        broken[f"shape{i}"] = pd.Series(np.array(values), dtype="int64")
    broken["city"] = pd.Series(["west"] * 3, dtype="str")
    new = repaired(broken, np.arange(3), train)
    assert (new["total"] == new["first"] + new["second"]).all() and new["total"].dtype == own["total"].dtype
    assert new["city"].tolist() == own["town"].tolist()
    shapes = np.stack([new[f"shape{i}"] for i in range(3)], axis=1)
    assert shapes[0].tolist() == [0, 1, 0] and shapes[1].tolist() == [0, 1, 0]
    # The third row has nothing in any: the first parent's shape.
    assert shapes[2].tolist() == own[["shape0", "shape1", "shape2"]].iloc[2].tolist()
    assert broken["total"].iloc[1] == own["total"].iloc[1] + 5, "what came in is left alone"


def test_values_in_the_wrong_order_move_apart_as_the_first_parents_are() -> None:
    rng = np.random.default_rng(0)
    starts = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, 120), unit="D")
    few = rng.poisson(6, 120)
    frame = pd.DataFrame(
        {
            "few": few,
            "many": few + rng.integers(1, 5, 120),
            "starts": starts,
            "ends": starts + pd.to_timedelta(rng.integers(1, 60, 120), unit="D"),
        }
    )
    frame["label"] = pd.Series(np.where(np.arange(120) % 3, "a", "b"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(120)], dtype="str")
    types = {"few": "integer", "many": "integer", "starts": "date", "ends": "date"}
    train = Dataset("table", frame, Schema("label", types), digest(frame.to_csv()))
    assert {str(rule) for rule in constraints_of(train)} == {"'few' < 'many'", "'starts' < 'ends'"}
    base = np.array([0, 1])
    broken = {
        "few": pd.Series([9, 6]),
        "many": pd.Series([5, 6]),
        "starts": pd.Series(pd.to_datetime(["2024-05-20", "2024-05-01"])).astype(frame["starts"].dtype),
        "ends": pd.Series(pd.to_datetime(["2024-05-10", "2024-05-01"])).astype(frame["ends"].dtype),
    }
    new = repaired(broken, base, train)
    for low, high in (("few", "many"), ("starts", "ends")):
        gap = (frame[high] - frame[low]).iloc[base].reset_index(drop=True)
        assert (new[low] < new[high]).all()
        # Rounding outwards to whole numbers or days adds less than one on either side.
        over = (new[high] - new[low]) - gap
        one = pd.Timedelta(days=1) if low == "starts" else 1
        assert ((over >= 0 * one) & (over <= 2 * one)).all()
        assert new[low].dtype == frame[low].dtype and new[high].dtype == frame[high].dtype
    assert (new["starts"].dt.normalize() == new["starts"]).all(), "days stay days"


LINKED = ["union", "country", "town", "dealer"]


def placed(seed: int = 0, rows: int = 240) -> Dataset:
    """Towns lie in countries, and so do dealers of their own; both decide the country, and it the union."""
    rng = np.random.default_rng(seed)
    country = rng.integers(0, 4, rows)
    columns = {
        "union": country // 2,
        "country": country,
        "town": country * 3 + rng.integers(0, 3, rows),
        "dealer": country * 2 + rng.integers(0, 2, rows),
        "colour": rng.integers(0, 5, rows),
    }
    frame = pd.DataFrame({name: pd.Series([f"{name} {i}" for i in of], dtype="str") for name, of in columns.items()})
    frame["size"] = rng.normal(size=rows)
    frame["label"] = pd.Series(np.where(np.arange(rows) < rows // 6, "rare", "common"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    types = dict.fromkeys(columns, "category") | {"size": "number"}
    return Dataset("table", frame, Schema("label", types), digest(frame.to_csv()))


@pytest.mark.parametrize("cls", TABLE, ids=lambda cls: cls.card.key)
def test_every_augmenter_keeps_what_categories_decide(cls: type[Augmenter]) -> None:
    train = placed()
    samples = cls().fit(train, rng_from(0)).augment("rare", 300, rng_from(1))
    rules = [rule for rule in constraints_of(train) if rule.kind == "decides"]
    assert [rule.columns for rule in rules] == [("country", "union"), ("town", "country"), ("dealer", "country")]
    assert not any(rule.broken(samples.frame).any() for rule in rules)
    seen = set(train.frame[LINKED[:3]].itertuples(index=False, name=None))
    assert set(samples.frame[LINKED[:3]].itertuples(index=False, name=None)) <= seen


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_votes_that_pull_apart_are_settled(seed: int) -> None:
    """Every column is thrown anew, as votes might at worst: what comes out holds, and what held is not touched."""
    train, rng = placed(), np.random.default_rng(seed)
    base = rng.integers(0, len(train), 50)
    thrown = {name: pd.Series(rng.choice(train.frame[name].to_numpy(), 50), dtype="str") for name in LINKED}
    rules = [rule for rule in constraints_of(train) if rule.kind == "decides"]
    held = ~np.logical_or.reduce([rule.broken(pd.DataFrame(thrown)) for rule in rules])
    new = pd.DataFrame(repaired(dict(thrown), base, train))
    assert not any(rule.broken(new).any() for rule in rules)
    assert new[held].equals(pd.DataFrame(thrown)[held])


def test_a_decided_value_follows_what_decides_it() -> None:
    train = placed()
    rule = next(rule for rule in constraints_of(train) if rule.columns == ("town", "country"))
    own = train.frame.iloc[:2]
    broken = {name: pd.Series(own[name].array) for name in train.schema.features()}
    # Town and dealer agree on another country than the vote's; then they do not agree.
    other = train.frame[train.frame["country"] != own["country"].iloc[0]].iloc[0]
    for name in ("town", "dealer"):
        broken[name].iloc[0] = other[name]
    broken["town"].iloc[1] = train.frame[train.frame["country"] != own["country"].iloc[1]].iloc[0]["town"]
    new = pd.DataFrame(repaired(broken, np.arange(2), train))
    assert new[LINKED].iloc[0].tolist() == other[LINKED].tolist()
    assert (
        new.iloc[1][["union", "country", "town", "dealer"]].tolist()
        == own.iloc[1][["union", "country", "town", "dealer"]].tolist()
    )
    assert dict(rule.pairs)[other["town"]] == other["country"]


def test_tables_without_rules_are_left_alone() -> None:
    train = ruled()
    columns = {"high": pd.Series([0.0])}
    assert repaired(columns, np.array([0]), train)["high"].tolist() == [0.0]
    assert repaired(columns, np.array([0]), train.take(train.ids[:5])) is columns
