"""The report shows a new sample beside the parents that made it what it is."""

from pathlib import Path

import pandas as pd

from augmentors.core.split import make_split
from augmentors.export.examples import PER_CLASS, examples, shown_parents
from augmentors.run import balance, make_recipe
from augmentors.testing import toy_table


def test_first_parent_and_the_heaviest_of_the_others() -> None:
    assert shown_parents(["a", "b", "c", "d"], [0.1, 0.2, 0.5, 0.2]) == [("a", 0.1), ("c", 0.5)]
    assert shown_parents(["a", "b", "c"], [0.98, 0.01, 0.01]) == [("a", 0.98), ("b", 0.01)]
    assert shown_parents(["a"], [1.0]) == [("a", 1.0)]
    assert shown_parents([], []) == []


def test_smotenc_rows_lie_between_the_two_parents_shown(tmp_path: Path) -> None:
    data = toy_table()
    version = balance(data, make_split(data), make_recipe("smotenc", target="majority"), tmp_path / "out")
    rows = pd.read_parquet(version.path / "train" / "train.parquet").set_index("sample_id")
    shown = examples(version.path, "table", None)
    assert len(shown) == 2 * PER_CLASS
    for example in shown:
        ends = [rows.loc[parent.id, "width"] for parent in example.parents]
        assert min(ends) - 1e-9 <= rows.loc[example.sample_id, "width"] <= max(ends) + 1e-9
        assert example.others == 4 and 0 < sum(parent.weight for parent in example.parents) < 1
    page = (version.path / "report.html").read_text()
    assert "and 4 more" in page and f"Parent {shown[0].parents[0].weight:.0%}" in page
