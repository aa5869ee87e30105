"""Commas in numbers: decimal commas and thousands are told apart, and the guess is said."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.cli import main
from augmentors.core.errors import UserError
from augmentors.ingest import Loaded, load, propose

ROUND = 40


def loaded(folder: Path, columns: dict[str, list[str]], delimiter: str = ";", **choices: Any) -> Loaded:
    """Load columns beside a label, every value in quotes."""
    rows = zip(*columns.values(), strict=True)
    lines = [delimiter.join([*(f'"{v}"' for v in row), "ab"[i % 2]]) for i, row in enumerate(rows)]
    path = folder / "data.csv"
    path.write_text("\n".join([delimiter.join([*columns, "label"]), *lines]) + "\n", encoding="utf-8")
    return load(path, label="label", kind="table", delimiter=delimiter, **choices)


def values(folder: Path, written: list[str], delimiter: str = ";", **choices: Any) -> tuple[str, list[Any]]:
    """Return type and values of one column, repeated to forty rows, with a plain one beside it."""
    many = (written * ROUND)[:ROUND]
    data = loaded(folder, {"x": many, "z": [str(i % 7) for i in range(ROUND)]}, delimiter, **choices)
    return data.understood.types["x"], data.dataset.frame["x"].tolist()[: len(written)]


def note(data: Loaded, name: str) -> str:
    return next(text for text in data.understood.notes if f"'{name}'" in text)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_groups_of_three_in_every_value_are_thousands(tmp_path: Path, delimiter: str) -> None:
    kind, read = values(tmp_path, ["27,840", "12,500", "9,275", "-1,000"], delimiter)
    assert (kind, read) == ("integer", [27840, 12500, 9275, -1000])


def test_the_guess_is_said_and_can_be_corrected(tmp_path: Path) -> None:
    columns = {"x": ["27,840", "12,500"] * 20, "z": ["1", "2"] * 20}
    data = loaded(tmp_path, columns)
    assert note(data, "x") == (
        "Column 'x': '27,840' was read as 27840, the comma as a thousands separator; "
        "if that is wrong, choose the decimal sign ','."
    )
    corrected = loaded(tmp_path, columns, decimal=",")
    assert corrected.dataset.frame["x"].tolist()[:2] == [27.84, 12.5]
    assert corrected.understood.decimal == "," and data.understood.decimal is None
    first = propose(tmp_path / "data.csv", label="label", decimal=",")
    assert first.preview["x"].tolist()[:2] == [27.84, 12.5]


@pytest.mark.parametrize(
    ("written", "kind", "read"),
    [
        # One way only, by the value itself.
        (["27,84", "12,500"], "number", [27.84, 12.5]),
        (["0,840", "12,500"], "number", [0.84, 12.5]),
        (["1.234,5", "12,500"], "number", [1234.5, 12.5]),
        (["1234,567", "12,500"], "number", [1234.567, 12.5]),
        (["1,234,567", "12,500"], "integer", [1234567, 12500]),
        (["27,840.5", "12,500"], "number", [27840.5, 12500.0]),
        (["27,840", "1.5"], "number", [27840.0, 1.5]),
        # Thousands would have been grouped here.
        (["27,840", "12500"], "number", [27.84, 12500.0]),
        # Below a thousand there is nothing to group.
        (["27,840", "840", "0"], "integer", [27840, 840, 0]),
        (["27,840", "NA", ""], "integer", None),
    ],
)
def test_one_telling_value_decides_its_column(tmp_path: Path, written: list[str], kind: str, read: Any) -> None:
    found, got = values(tmp_path, written)
    assert found == kind
    assert read is None or got == read


@pytest.mark.parametrize(
    "written", [["1,234,567", "1,5"], ["1,23,456", "2,00,000"], ["27,840", "1.2.3"], ["1,5,2", "3"]]
)
def test_what_fits_neither_way_stays_text(tmp_path: Path, written: list[str]) -> None:
    kind, read = values(tmp_path, written)
    assert kind == "category" and read == written


def test_the_other_columns_decide_an_open_one(tmp_path: Path) -> None:
    weights = ["27,840", "12,500"] * 20
    german = loaded(tmp_path, {"x": weights, "price": ["1,5", "2,75"] * 20})
    assert german.dataset.frame["x"].iloc[0] == 27.84 and "as in column 'price'" in note(german, "x")
    points = loaded(tmp_path, {"x": weights, "price": ["1.5", "2.75"] * 20})
    assert points.dataset.frame["x"].iloc[0] == 27840 and "since column 'price' has decimal points" in note(points, "x")
    dotted = loaded(tmp_path, {"x": weights, "day": ["31.12.2024", "1.2.2024"] * 20})
    assert dotted.dataset.frame["x"].iloc[0] == 27.84
    assert "choose the decimal sign '.'" in note(dotted, "x") and "dates of column 'day'" in note(dotted, "x")
    # Three digits after a point say nothing: they may be groups themselves.
    both = loaded(tmp_path, {"x": weights, "price": ["1.500", "2.750"] * 20})
    assert both.dataset.frame["x"].iloc[0] == 27840


def test_points_group_thousands_beside_decimal_commas(tmp_path: Path) -> None:
    columns = {"total": ["27.840", "950"] * 20, "price": ["1,5", "2,75"] * 20}
    data = loaded(tmp_path, columns)
    assert data.dataset.frame["total"].tolist()[:2] == [27840, 950] and data.understood.types["total"] == "integer"
    assert "'27.840' was read as 27840" in note(data, "total")
    alone = loaded(tmp_path, {"total": columns["total"], "z": ["1", "2"] * 20})
    assert alone.dataset.frame["total"].iloc[0] == 27.84
    mixed = loaded(tmp_path, columns | {"rate": ["0.125", "12.5"] * 20})
    assert mixed.dataset.frame["rate"].tolist()[:2] == [0.125, 12.5]


def test_a_thousand_that_comes_late(tmp_path: Path) -> None:
    data = loaded(tmp_path, {"x": [str(n) for n in range(2500)][:999] * 2 + ["1,000"], "z": ["1"] * 1998 + ["2"]})
    assert data.understood.types["x"] == "integer" and data.dataset.frame["x"].iloc[-1] == 1000


def test_a_decimal_comma_between_commas_is_never_guessed(tmp_path: Path) -> None:
    kind, read = values(tmp_path, ["1,5", "2,5"], ",")
    assert (kind, read) == ("category", ["1,5", "2,5"])
    kind, read = values(tmp_path, ["1,5", "2,5"], ",", decimal=",")
    assert (kind, read) == ("number", [1.5, 2.5])


def test_a_given_type_reads_commas_too(tmp_path: Path) -> None:
    assert values(tmp_path, ["27,840", "5"], types={"x": "integer"}) == ("integer", [27840, 5])
    assert values(tmp_path, ["27,840", "5"], types={"x": "number"}) == ("number", [27840.0, 5.0])
    assert values(tmp_path, ["27,840", "5"], types={"x": "category"}) == ("category", ["27,840", "5"])


def test_a_decimal_sign_is_point_or_comma(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"must be '.' or ','; got '!'"):
        values(tmp_path, ["1,5"], decimal="!")


whole = st.lists(st.integers(-(10**12), 10**12), min_size=8, max_size=8)


@given(numbers=whole)
@settings(max_examples=30)
def test_grouped_numbers_come_back(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    folder = tmp_path_factory.mktemp("grouped")
    data = loaded(folder, {"x": [f"{n:,}" for n in numbers] * 3, "z": [str(i % 3) for i in range(24)]})
    assert data.dataset.frame["x"].tolist()[:8] == numbers


@given(numbers=st.lists(st.integers(-(10**9), 10**9), min_size=8, max_size=8), digits=st.integers(1, 6))
@settings(max_examples=30)
def test_decimal_commas_come_back(tmp_path_factory: pytest.TempPathFactory, numbers: list[int], digits: int) -> None:
    folder = tmp_path_factory.mktemp("decimal")
    numbers = [*numbers, 5]  # "0,005": begins with a zero, so that three digits tell as well
    shown = [f"{n / 10**digits:,.{digits}f}".translate(str.maketrans(",.", ".,")) for n in numbers]
    data = loaded(folder, {"x": shown * 3, "z": [str(i % 3) for i in range(27)]})
    assert np.allclose(data.dataset.frame["x"].tolist()[:9], [n / 10**digits for n in numbers], rtol=1e-12)
    assert "decimal commas" in note(data, "x")
    # The user's word makes the same of it.
    again = loaded(folder, {"x": shown * 3, "z": [str(i % 3) for i in range(27)]}, decimal=",")
    assert again.dataset.frame.equals(data.dataset.frame)


def test_the_command_line_says_the_guess_and_the_recipe_keeps_the_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{n % 90 + 10},{n * 7 % 900 + 100};{n % 11};{'rare' if n % 6 == 0 else 'common'}" for n in range(90)]
    path = tmp_path / "data.csv"
    path.write_text("x;z;label\n" + "\n".join(rows) + "\n", encoding="utf-8")
    main(["profile", str(path)])
    assert "'10,100' was read as 10100, the comma as a thousands separator" in capsys.readouterr().out
    first, again = tmp_path / "first", tmp_path / "again"
    main(["balance", str(path), "--decimal", ",", "--augmenter", "smote", "--out", str(first)])
    assert "decimal: ','" in (first / "recipe.yaml").read_text(encoding="utf-8")
    main(["balance", str(path), "--recipe", str(first / "recipe.yaml"), "--out", str(again)])
    assert (first / "manifest.json").read_bytes() == (again / "manifest.json").read_bytes()
    made = pd.read_parquet(next((first / "train").glob("*.parquet")))
    assert made["x"].max() < 100
