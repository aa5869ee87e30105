"""Whatever text goes into a CSV or JSON Lines file comes out unchanged (Hypothesis)."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.ingest import load

# Halves of surrogate pairs cannot be written as UTF-8 at all.
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
TRICKY = st.sampled_from(
    [
        "NA",
        "None",
        "007",
        "1,5",
        '"',
        '""',
        "a\nb",
        "\r",
        "\r\n",
        ";",
        "\t",
        "|",
        "1e5",
        "true",
        "\ufeff",
        "\0",
    ]
)
VALUES = st.one_of(ANY_TEXT, TRICKY)
LABELS = st.lists(VALUES.filter(lambda text: text.strip() != ""), min_size=2, max_size=4, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw values and labels: two classes or more, each seen at least twice."""
    names = draw(LABELS)
    labels = draw(st.permutations(names * 3))
    values = draw(st.lists(VALUES, min_size=len(labels), max_size=len(labels)))
    return values, list(labels)


def through_csv(values: list[str], labels: list[str], delimiter: str) -> tuple[list[str], list[str]]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["value", "label"])
    writer.writerows(zip(values, labels, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_bytes(buffer.getvalue().encode("utf-8"))
        choices = {"kind": "table", "label": "label", "types": {"value": "category"}}
        loaded = load(path, delimiter=delimiter, encoding="utf-8", **choices)  # type: ignore[arg-type]
    assert loaded.quarantine == []
    frame = loaded.dataset.frame
    return frame["value"].tolist(), frame["label"].tolist()


def through_jsonl(values: list[str], labels: list[str]) -> tuple[list[str], list[str]]:
    lines = [json.dumps({"value": v, "label": n}) for v, n in zip(values, labels, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        loaded = load(path, kind="table", label="label", types={"value": "category"})
    frame = loaded.dataset.frame
    return frame["value"].tolist(), frame["label"].tolist()


@settings(max_examples=60, deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t", "|"]))
def test_csv_round_trip(table: tuple[list[str], list[str]], delimiter: str) -> None:
    assert through_csv(*table, delimiter) == table


@settings(max_examples=40, deadline=None)
@given(tables())
def test_jsonl_round_trip(table: tuple[list[str], list[str]]) -> None:
    assert through_jsonl(*table) == table


@pytest.mark.fuzz
@settings(max_examples=5000, deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t", "|"]))
def test_csv_round_trip_long(table: tuple[list[str], list[str]], delimiter: str) -> None:
    assert through_csv(*table, delimiter) == table


NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["", "NA", "nan", "007", "0", "-0.0", "+1", "1e400", "0x10", "12345678901234567890", " 3"]),
)


def check_numbers(values: list[str]) -> None:
    """A column is numeric only when nothing is lost: every value reads back as the same number."""
    values = [*values, "x"] if not any(values) else values
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        rows = [f"{value},{'ab'[i % 2]},1.5" for i, value in enumerate([*values, "", ""])]
        path.write_text("value,label,other\n" + "\n".join(rows) + "\n", encoding="utf-8")
        loaded = load(path, kind="table", label="label")
    kind, column = loaded.understood.types["value"], loaded.dataset.frame["value"]
    for written, read in zip(values, column.tolist(), strict=False):
        if kind in ("integer", "number"):
            missing = written in ("", "NA", "nan", "1e400")
            assert pd.isna(read) if missing else float(read) == float(written)
            assert written.strip("+- ")[:2] not in ("00", "0x")
            if kind == "integer" and not missing:
                assert int(read) == int(written)
        else:
            assert read == written if written else pd.isna(read)


@settings(max_examples=100, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_numbers_lose_nothing(values: list[str]) -> None:
    check_numbers(values)


@pytest.mark.fuzz
@settings(max_examples=5000, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_numbers_lose_nothing_long(values: list[str]) -> None:
    check_numbers(values)
