"""New values are written as finely as the column's: decimals, minutes, half hours, days."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import rng_from
from augmentors.explore.constraints import constraints_of
from augmentors.gate import Gate
from augmentors.table.resolution import date_grid, decimals_of, to_decimals
from augmentors.table.smoothed_bootstrap import SmoothedBootstrap
from augmentors.table.smote import Smote

MINUTE = 60_000_000


def claims(rows: int = 200) -> Dataset:
    """Amounts in cents, hours that begin at half past, reports up to 40 days after incidents, many of them missing."""
    rng = np.random.default_rng(1)
    incident = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D")
    reported = (incident + pd.to_timedelta(rng.integers(0, 41, rows), unit="D")).to_series()
    reported.iloc[rng.random(rows) < 0.3] = pd.NaT
    amount = rng.gamma(2, 900, rows).round(2)
    frame = pd.DataFrame(
        {
            "incident": incident,
            "reported": reported.to_numpy(),
            "call": incident.to_numpy() + pd.to_timedelta(rng.integers(8, 18, rows) * 60 + 30, unit="m").to_numpy(),
            "amount": amount,
            "total": (amount + 0.1).round(2),
            "raw": rng.random(rows),
            "label": pd.Series(np.where(np.arange(rows) < 60, "rare", "common"), dtype="str"),
        }
    )
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    types = dict.fromkeys(["incident", "reported", "call"], "date") | dict.fromkeys(
        ["amount", "total", "raw"], "number"
    )
    return Dataset("table", frame, Schema("label", types), "claims")


@pytest.mark.parametrize("cls", [Smote, SmoothedBootstrap], ids=lambda cls: cls.card.key)
def test_new_rows_are_written_like_the_old(cls: type[Smote]) -> None:
    train = claims()
    made = cls().fit(train, rng_from(0)).augment("rare", 300, rng_from(1)).frame
    for name in ("amount", "total"):
        assert (made[name].round(2) == made[name]).all()
    assert (made["raw"].round(6) != made["raw"]).mean() > 0.9
    assert (made["incident"].dt.normalize() == made["incident"]).all()
    assert set(made["call"].dt.minute) == {30}
    assert not made["call"].dt.second.any()


@pytest.mark.parametrize("cls", [Smote, SmoothedBootstrap], ids=lambda cls: cls.card.key)
def test_dates_keep_their_distance_where_the_other_parents_is_missing(cls: type[Smote]) -> None:
    train = claims()
    (rule,) = [r for r in constraints_of(train) if r.columns == ("incident", "reported")]
    assert rule.gaps == (0.0, 40 * 86_400.0)
    samples = cls().fit(train, rng_from(0)).augment("rare", 300, rng_from(1))
    days = (samples.frame["reported"] - samples.frame["incident"]).dt.days
    assert days.notna().sum() > 100
    assert ((days.dropna() < 0) | (days.dropna() > 40)).mean() < 0.02
    judged = Gate(copies=False, ranges=False).fit(train, ["rare"]).judge(samples).table
    kept = (judged["rule"] == "").to_numpy()
    assert days[kept].dropna().between(0, 40).all()


def test_the_gate_names_a_distance_never_seen() -> None:
    train = claims()
    samples = Smote().fit(train, rng_from(0)).augment("rare", 1, rng_from(1))
    samples.frame["incident"] = pd.Timestamp("2023-03-01")
    samples.frame["reported"] = pd.Timestamp("2023-08-01")
    judged = Gate(copies=False, ranges=False).fit(train, ["rare"]).judge(samples).table
    assert judged["rule"].tolist() == ["constraints"]
    assert "'incident' ≤ 'reported', but the two differ by more or less" in judged["detail"].iloc[0]


@given(st.integers(0, 6), st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_decimals_are_found_and_kept(digits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = pd.Series(rng.integers(-(10**8), 10**8, 40) / 10**digits)
    values.iloc[0] = 1 + 10.0**-digits
    found = decimals_of(values)
    assert found == digits
    new = to_decimals(values.to_numpy() + rng.normal(size=40), values)
    assert decimals_of(pd.Series(new)) <= digits


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series(np.arange(30) / 7), None),
        (pd.Series(np.arange(30) / 4, dtype="float32"), 2),
        (pd.Series((np.arange(30) / 10).astype("float32")), 1),
        (pd.Series([0.5, None] * 10), None),
        (pd.Series(np.arange(30)), None),
        (pd.Series([0.5, 1e300, np.inf] * 10), 1),
    ],
)
def test_decimals_by_hand(column: pd.Series, expected: int | None) -> None:
    assert decimals_of(column) == expected


@pytest.mark.parametrize(
    ("dates", "step"),
    [
        (["2024-01-01", "2024-02-01"], 1440),
        (["2024-01-01 08:30", "2024-02-01 08:30"], 1440),
        (["2024-01-01 08:30", "2024-02-01 09:30", "2024-02-01 11:30"], 60),
        (["2024-01-01 08:30", "2024-02-01 09:00"], 30),
        (["2024-01-01 08:31", "2024-02-01 09:00"], 1),
        (["2024-01-01 08:31:30", "2024-02-01 09:00"], 0.5),
    ],
)
def test_grids_of_dates(dates: list[str], step: float) -> None:
    first, found = date_grid(pd.Series(pd.to_datetime(dates, format="ISO8601")))
    assert found == step * MINUTE and first == pd.Timestamp(dates[0]).value // 1000
