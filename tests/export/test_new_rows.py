"""What sets new rows apart is said: columns that are empty in them, categories they lost."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.split import make_split
from augmentors.export.new_rows import lost_categories, warnings_of
from augmentors.run import balance, make_recipe, summary


def claims(rows: int = 200) -> Dataset:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "claim": pd.Series([f"CLM-{i}" for i in range(rows)], dtype="str"),
            "postcode": pd.Series([None] * rows, dtype="str"),
            "amount": rng.random(rows),
            "site": pd.Series(["C" if i % 8 == 0 else "A" for i in range(rows)], dtype="str"),
            "label": pd.Series(np.where(np.arange(rows) < 40, "rare", "common"), dtype="str"),
        }
    )
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    types = {"claim": "ignored", "postcode": "ignored", "amount": "number", "site": "category"}
    return Dataset("table", frame, Schema("label", types), "claims")


def test_by_hand() -> None:
    data = claims()
    new = data.frame.iloc[:40].assign(claim=pd.NA, site="A")
    targets = pd.Series(["rare"] * 40)
    assert warnings_of(data, new, targets) == [
        "Leave column 'claim' out when training: in new rows it is empty, so a model could tell new rows from real "
        "ones by the gap.",
        "Categories of 'site' seen in 'rare' but in none of its new rows: C (5 of 40).",
    ]
    # One of seven new rows was not to be expected to hold what one in eight holds.
    assert list(lost_categories(data, new.iloc[:7], targets.iloc[:7])) == []
    assert warnings_of(data, data.frame.iloc[:40], targets) == []


@pytest.mark.parametrize("key", ["smotenc", "random_oversampling"])
def test_summary_report_and_manifest_say_it(tmp_path: Path, key: str) -> None:
    data = claims()
    version = balance(data, make_split(data, duplicate_pairs=[]), make_recipe(key, target="count:80"), tmp_path / "v")
    said = json.loads((version.path / "manifest.json").read_text())["warnings"]
    report = (version.path / "report.html").read_text()
    if key == "random_oversampling":
        assert said == [] and "Before you train on it" not in report
        return
    assert said[0].startswith("Leave column 'claim' out when training: in new rows it is empty")
    assert summary(version)[-len(said) :] == said
    assert "Before you train on it" in report and str(escape(said[0])) in report
