"""Numbers with a currency or percent sign are numbers, and it is said that the sign was left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from augmentors.core.errors import UserError
from augmentors.ingest import Loaded, load, propose

ROUND = 60


def loaded(folder: Path, written: list[str], delimiter: str = ";", **choices: Any) -> Loaded:
    """Load a column repeated to sixty rows beside a label and a plain column, every value in quotes."""
    many = (written * ROUND)[:ROUND]
    rows = [delimiter.join([f'"{v}"', str(i % 7), "ab"[i % 2]]) for i, v in enumerate(many)]
    path = folder / "data.csv"
    path.write_text("\n".join([delimiter.join(["x", "z", "label"]), *rows]) + "\n", encoding="utf-8")
    return load(path, label="label", kind="table", delimiter=delimiter, **choices)


def values(data: Loaded, n: int) -> list[Any]:
    return data.dataset.frame["x"].tolist()[:n]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["1.652,77 €", "818,60 €", "-12,50 €"], [1652.77, 818.6, -12.5]),
        (["€ 1.652,77", "€\u00a0818,60", "€818,60"], [1652.77, 818.6, 818.6]),
        (["1\u202f652,77 €", "818,60\u00a0€"], [1652.77, 818.6]),
        (["$1,652.77", "$818.60", "-$12.50", "$-1.50"], [1652.77, 818.6, -12.5, -1.5]),
        (["($1,652.77)", "$818.60", "$(12.50)", "$7.25-", "\u2212$3.50"], [-1652.77, 818.6, -12.5, -7.25, -3.5]),
        (["57.3%", "8.0 %", "-100.5%"], [57.3, 8.0, -100.5]),
        (["CHF 1'652.50", "CHF 12.25"], [1652.5, 12.25]),
        (["1,652.77 USD", "818.60 USD"], [1652.77, 818.6]),
    ],
)
def test_the_sign_is_left_out_and_told(tmp_path: Path, written: list[str], read: list[float]) -> None:
    data = loaded(tmp_path, written)
    assert data.understood.types["x"] == "number"
    assert values(data, len(read)) == read
    (note,) = [note for note in data.understood.notes if "'x'" in note]
    assert " is read as " in note and "was left out" in note


def test_whole_amounts_are_integers_and_missing_ones_stay_missing(tmp_path: Path) -> None:
    data = loaded(tmp_path, ["€ 12", "€ 1", "N/A", "", "€ 1000"])
    assert data.understood.types["x"] == "integer"
    assert data.dataset.frame["x"].isna().tolist()[:5] == [False, False, True, True, False]


def test_points_group_where_the_rest_of_the_file_has_decimal_commas(tmp_path: Path) -> None:
    rows = "".join(f"{1 + i % 9}.652 €;{i % 7},5;{'ab'[i % 2]}\n" for i in range(ROUND))
    path = tmp_path / "data.csv"
    path.write_text("x;z;label\n" + rows, encoding="utf-8")
    assert load(path, label="label").dataset.frame["x"].tolist()[:2] == [1652, 2652]


@pytest.mark.parametrize(
    "written",
    [
        ["5 €", "5 $"],  # two signs
        ["5%", "5"],  # a bare number may be a share
        ["5 € a day", "7 € a day"],
        ["1 2 3 €", "12 €"],  # no groups of three
        ["--5 €", "6 €"],
        ["5 €", "dear €"],
    ],
)
def test_what_is_not_one_number_with_one_sign_stays_text(tmp_path: Path, written: list[str]) -> None:
    data = loaded(tmp_path, written)
    assert data.understood.types["x"] == "category"
    assert values(data, 2) == written


def test_a_late_value_that_is_no_number_keeps_the_column_as_text(tmp_path: Path) -> None:
    rows = "".join(f"{i}.5%;{'ab'[i % 2]}\n" for i in range(700))
    path = tmp_path / "data.csv"
    path.write_text(f"x;label\n{rows}much%;a\n", encoding="utf-8")
    data = load(path, label="label", types={"x": "category"})
    assert data.dataset.frame["x"].iloc[-1] == "much%"
    with pytest.raises(UserError, match="cannot be read as number"):
        load(path, label="label", types={"x": "number"})


def test_numbers_that_cannot_be_read_are_told_as_such(tmp_path: Path) -> None:
    data = loaded(tmp_path, [f"{i}.652,77 €" for i in range(1, 60)], ",")
    (note,) = [note for note in data.understood.notes if "'x'" in note]
    assert "looks like numbers with the sign €" in note and "name rows" not in note
    assert values(loaded(tmp_path, ["1.652,77 €", "2,50 €"], ",", decimal=","), 2) == [1652.77, 2.5]


def test_the_type_can_be_corrected_and_the_preview_agrees(tmp_path: Path) -> None:
    data = loaded(tmp_path, ["5.5 €", "6.5 €"], types={"x": "category"})
    assert values(data, 2) == ["5.5 €", "6.5 €"]
    again = loaded(tmp_path, ["5.5 €", "6.5 €"], types={"x": "number"})
    assert values(again, 2) == [5.5, 6.5]
    assert propose(tmp_path / "data.csv", label="label").preview["x"].tolist()[:2] == [5.5, 6.5]


def test_lines_of_json_are_read_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    rows = [{"x": f"{i},50 €", "z": i % 7, "label": "ab"[i % 2]} for i in range(ROUND)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    data = load(path, label="label", kind="table")
    assert values(data, 3) == [0.5, 1.5, 2.5]
