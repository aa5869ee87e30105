"""Bad input ends in one sentence that says what, where and what to do; and nothing good is lost."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from augmentors.ingest import load
from tests.hostile.bad_files import GOOD, data, picture, pictures, refused, zipped

# -- files that are no data ---------------------------------------------------


@pytest.mark.parametrize("name", ["data.csv", "data.jsonl", "data.parquet", "data.zip"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    error = refused(data(tmp_path, "", name))
    assert error.message == f"{name} is empty (0 bytes)." and error.hint


def test_missing_file(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere.csv")
    assert "no file or folder" in error.message and "nowhere.csv" in error.message


def test_unknown_suffix(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD, "data.docx"))
    assert "'.docx'" in error.message and ".parquet" in error.message


def test_an_unknown_suffix_is_told_what_to_do_by_what_is_inside(tmp_path: Path) -> None:
    workbook = zipped(tmp_path, {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "data.xlsx")
    assert refused(workbook).hint == "Save the sheet as CSV and load that."
    assert refused(data(tmp_path, b"ARROW1 and so on", "data.feather")).hint == "Save it as Parquet and load that."
    assert "folder for each class" in refused(data(tmp_path, picture(), "one.png")).hint


def test_only_a_header(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,label\n"))
    assert error.message == "data.csv holds a header but no rows."


def test_only_blank_lines(tmp_path: Path) -> None:
    assert "nothing but blank lines" in refused(data(tmp_path, "\n\n  \n")).message


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("data.csv", picture(), "a PNG image"),
        ("data.csv", b"\x1f\x8b\x08rest of it", "a gzip archive"),
        ("data.csv", b"%PDF-1.7 and so on", "a PDF document"),
        ("data.csv", bytes(range(256)) * 8, "binary data"),
        ("data.csv", b'{"x": 1, "label": "a"}\n', "JSON"),
        ("data.jsonl", b"PAR1 and so on", "a Parquet file"),
        ("data.parquet", b"x,label\n1,a\n", "text"),
        ("data.zip", b"x,label\n1,a\n", "text"),
    ],
)
def test_not_what_the_name_says(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    error = refused(data(tmp_path, content, name))
    assert f"{name} is not what its name says" in error.message and f"got {found}" in error.message
    assert error.hint


def test_an_excel_workbook_under_another_name(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "data.csv")
    error = refused(path)
    assert "Excel workbook" in error.message and "CSV" in error.hint


def test_truncated_parquet(tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"x": list(range(100)), "label": ["a", "b"] * 50}), whole)
    error = refused(data(tmp_path, whole.read_bytes()[:-40], "cut.parquet"))
    assert "cut.parquet was cut short" in error.message and "again" in error.hint


def test_damaged_parquet(tmp_path: Path) -> None:
    assert "damaged" in refused(data(tmp_path, b"PAR1" + b"x" * 60 + b"PAR1", "bad.parquet")).message


# -- tables that cannot be learnt from ---------------------------------------


@pytest.mark.parametrize(
    ("name", "content"), [("data.csv", "label\na\nb\n"), ("data.jsonl", '{"label": "a"}\n{"label": "b"}\n')]
)
def test_one_column(tmp_path: Path, name: str, content: str) -> None:
    error = refused(data(tmp_path, content, name))
    assert name in error.message and "'label'" in error.message and "at least one more" in error.message


def test_one_column_of_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"label": ["a", "b"]}), tmp_path / "data.parquet")
    assert "one column ('label')" in refused(tmp_path / "data.parquet").message


def test_one_class(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,z,label\n" + "1.5,u,a\n2.5,v,a\n" * 9))
    assert "'label' of data.csv has one class ('a') in 18 rows" in error.message
    assert "'z'" in error.hint


def test_ten_thousand_classes(tmp_path: Path) -> None:
    rows = "".join(f"{i % 7},name{i % 10_000},{'uv'[i % 2]}\n" for i in range(40_000))
    error = refused(data(tmp_path, "x,label,side\n" + rows), label="label")
    assert "10,000 classes in 40,000 rows" in error.message and "1,000" in error.message
    assert "'side'" in error.hint


def test_more_classes_than_half_of_the_rows(tmp_path: Path) -> None:
    rows = "".join(f"{i % 7},name{i}\n" for i in range(40))
    assert "40 classes in 40 rows" in refused(data(tmp_path, "x,label\n" + rows)).message


def test_some_labels_missing(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, GOOD + "1.5,c1,\n2.5,c2,  \n"))
    assert [entry.where for entry in loaded.quarantine] == ["line 42 (r40)", "line 43 (r41)"]
    assert all(entry.reason == "the label 'label' is empty" for entry in loaded.quarantine)
    assert len(loaded.dataset) == 40


def test_many_missing_labels_are_counted(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, GOOD + "1.5,c1,\n" * 3000))
    assert len(loaded.quarantine) == 1001
    assert "2,000 more" in loaded.quarantine[-1].reason


def test_all_labels_missing(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,label\n" + "1.5,\n" * 30))
    assert "'label' of data.csv is empty in all 30 rows" in error.message and error.hint


def test_unknown_columns_get_a_suggestion(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD), label="lable")
    assert "no column 'lable' to use as label" in error.message and error.hint == "Did you mean 'label'?"
    assert "as group" in refused(data(tmp_path, GOOD), group="x").message
    assert "as text" in refused(data(tmp_path, GOOD), text="x").message
    assert "typed column" in refused(data(tmp_path, GOOD), types={"x": "number"}).message


def test_duplicate_column_names(tmp_path: Path) -> None:
    error = refused(data(tmp_path, "x,y,x,label\n" + "1,2,3,a\n1,2,3,b\n" * 5))
    assert "two columns named 'x' (columns 1 and 3)" in error.message and "Rename" in error.hint


def test_nameless_columns_get_a_name(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, ",x,label\n" + "".join(f"{i},{i % 5}.5,{'ab'[i % 2]}\n" for i in range(40))))
    assert loaded.understood.types == {"column 1": "ignored", "x": "number"}
    assert any("has no name" in note for note in loaded.understood.notes)


def test_too_many_columns(tmp_path: Path) -> None:
    error = refused(data(tmp_path, ",".join(f"c{i}" for i in range(20_001)) + "\n"))
    assert "20,001 columns" in error.message


def test_nothing_left_to_learn_from(tmp_path: Path) -> None:
    error = refused(data(tmp_path, GOOD), label="label", types={"size": "ignored", "colour": "ignored"})
    assert "no column to learn from" in error.message


def test_an_image_kind_for_a_table_and_the_reverse(tmp_path: Path) -> None:
    assert "holds rows, not images" in refused(data(tmp_path, GOOD), kind="image").message
    assert "holds images" in refused(zipped(tmp_path, pictures()), kind="table").message
    assert "kind must be one of" in refused(data(tmp_path, GOOD), kind="sound").message


# -- rows that do not fit ------------------------------------------------------


def test_ragged_rows_are_never_shifted(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    lines[7], lines[20] = "1.5,c1,x,b", "1.5"
    loaded = load(data(tmp_path, "\n".join(lines)))
    assert [entry.where for entry in loaded.quarantine] == ["line 8", "line 21"]
    assert [entry.reason for entry in loaded.quarantine] == [
        "has 4 fields where the header has 3",
        "has 1 fields where the header has 3",
    ]
    assert "r6" not in loaded.dataset.ids and "r19" not in loaded.dataset.ids
    assert loaded.dataset.frame.loc["r7", "size"] == 7.5


def test_mostly_ragged_rows(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    for at in range(5, 15):
        lines[at] += ",more"
    error = refused(data(tmp_path, "\n".join(lines)))
    assert "10 of 40 rows do not have the header's 3 fields" in error.message
    assert "line 6, with 4" in error.message and "separator" in error.hint


def test_a_quote_closed_lines_later(tmp_path: Path) -> None:
    lines = GOOD.splitlines() * 2
    lines = lines[:41] + lines[42:]
    lines[10], lines[12] = '1.5,"c1,a', '2.5,c1",a,b'
    loaded = load(data(tmp_path, "\n".join(lines)))
    assert [entry.where for entry in loaded.quarantine] == ["lines 11 to 13"]
    assert "not closed" in loaded.quarantine[0].reason
    assert len(loaded.dataset) == 77


def test_a_quote_never_closed(tmp_path: Path) -> None:
    lines = GOOD.splitlines()
    lines[39] = '7.5,c1,"a'
    loaded = load(data(tmp_path, "\n".join(lines) + "\n"))
    assert loaded.quarantine[0].where.startswith("lines 40 to ")
    assert len(loaded.dataset) == 38
    lines[5] = '7.5,c1,"a'
    lines[39] = "7.5,c1,a"
    error = refused(data(tmp_path, "\n".join(lines) + "\n"))
    assert "line 6" in error.message and "never closed" in error.message


# -- encodings -----------------------------------------------------------------


def test_wrong_encoding(tmp_path: Path) -> None:
    path = data(tmp_path, GOOD.replace("c1", "é").encode("cp1252"))
    error = refused(path, encoding="utf-8")
    assert "data.csv is not written in utf-8: line 3" in error.message
    assert "cp1252" in error.hint
    assert load(path, encoding="latin-1").dataset.frame["colour"].iloc[1] == "é"


def test_unknown_encoding(tmp_path: Path) -> None:
    assert "encoding 'klingon' is not known" in refused(data(tmp_path, GOOD), encoding="klingon").message


def test_half_a_character_at_the_end(tmp_path: Path) -> None:
    loaded = load(data(tmp_path, (GOOD + "1.5,c1,ä").encode()[:-1]))
    assert loaded.understood.encoding != "utf-8"
    assert any("not UTF-8" in note for note in loaded.understood.notes)
