"""CSV and TSV: separators, encodings, values and ids come through unchanged."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.errors import UserError
from augmentors.ingest import load, propose

BODY = "size,colour,label\n" + "".join(f"{i}.5,c{i % 3},{'ab'[i % 4 == 0]}\n" for i in range(24))


def write(folder: Path, text: str, name: str = "data.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def column(folder: Path, values: list[str], delimiter: str = ",") -> tuple[pd.Series, str]:
    """Load one feature beside a label; return it and its type."""
    rows = [f"{value}{delimiter}{'ab'[i % 2]}" for i, value in enumerate(values)]
    loaded = load(write(folder, f"x{delimiter}label\n" + "\n".join(rows) + "\n"), kind="table", label="label")
    return loaded.dataset.frame["x"], loaded.understood.types["x"]


def many(*values: str) -> list[str]:
    return list(values) * (40 // len(values))


def test_a_plain_table(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, BODY))
    data = loaded.dataset
    assert (data.kind, data.schema.label, len(data)) == ("table", "label", 24)
    assert loaded.understood.types == {"size": "number", "colour": "category"}
    assert data.ids[:2].tolist() == ["r0", "r1"]
    assert list(data.frame.columns) == ["size", "colour", "label"]
    assert data.frame["size"].dtype == np.float64
    assert data.frame["colour"].dtype == "str" and data.frame["label"].dtype == "str"
    assert loaded.quarantine == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_are_detected_and_reported(tmp_path: Path, delimiter: str) -> None:
    loaded = load(write(tmp_path, BODY.replace(",", delimiter)))
    assert loaded.understood.delimiter == delimiter
    assert loaded.dataset.class_counts == {"a": 18, "b": 6}
    assert any("separator was guessed" in note for note in loaded.understood.notes)


def test_separators_inside_quotes_do_not_mislead(tmp_path: Path) -> None:
    text = "note,label\n" + '"one; two; three",a\n"four; five; six, or so",b\n' * 20
    loaded = load(write(tmp_path, text))
    assert loaded.understood.delimiter == ","
    assert loaded.dataset.frame["note"].iloc[1] == "four; five; six, or so"


def test_a_given_separator_wins_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, BODY.replace(",", ";"))
    assert load(path, delimiter=";").understood.delimiter == ";"
    with pytest.raises(UserError, match="one column"):
        load(path, delimiter="|")
    with pytest.raises(UserError, match="must be one character"):
        load(path, delimiter="ab")


@pytest.mark.parametrize(
    ("encoding", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_detected_and_reported(tmp_path: Path, encoding: str, reported: str) -> None:
    text = BODY.replace("c1", "Größe “é”").replace("a\n", "schön\n")
    loaded = load(write(tmp_path, text, encoding=encoding))
    assert loaded.understood.encoding == reported
    assert set(loaded.dataset.class_counts) == {"schön", "b"}
    assert "Größe “é”" in set(loaded.dataset.frame["colour"])
    assert next(iter(loaded.dataset.frame.columns)) == "size"


def test_latin_1_with_its_control_characters(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, BODY.replace("c1", "né\x81"), encoding="latin-1"))
    assert loaded.understood.encoding == "latin-1"


def test_cyrillic_is_told_from_western(tmp_path: Path) -> None:
    sentence = "Это предложение написано по-русски и достаточно длинное для статистики"
    text = "text,label\n" + f"{sentence},хорошо\n{sentence} снова,плохо\n" * 20
    loaded = load(write(tmp_path, text, encoding="cp1251"), kind="text", text="text")
    assert set(loaded.dataset.class_counts) == {"хорошо", "плохо"}


def test_a_late_foreign_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"x,label\n" + b"1,a\n2,b\n" * 400_000 + "3,é\n3,é\n".encode("cp1252"))
    loaded = load(path)
    assert loaded.understood.encoding == "cp1252"
    assert loaded.dataset.class_counts["é"] == 2


def test_labels_stay_text(tmp_path: Path) -> None:
    names = ["NA", "None", "007", "1", "1.0", "true", "nan", " padded ", "+5"]
    text = "x,label\n" + "".join(f"{i},{name}\n" for i, name in enumerate(names * 10))
    loaded = load(write(tmp_path, text))
    assert set(loaded.dataset.class_counts) == set(names)
    assert loaded.quarantine == []


def test_whole_number_labels_stay_as_written(tmp_path: Path) -> None:
    # The first rows are plain, so the column is parsed as numbers at first.
    text = "x,y\n" + "1.5,0\n2.5,1\n" * 300 + "2.5,+1\n" * 3
    assert load(write(tmp_path, text)).dataset.class_counts == {"0": 300, "1": 300, "+1": 3}


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        (many("1", "2"), "integer", "int64"),
        (many("1", "", "3", "4"), "integer", "Int64"),
        (many("1", "NA", "3", "4"), "integer", "Int64"),
        (many("1.5", "2"), "number", "float64"),
        (many("1.5", "", "?", "nan"), "number", "float64"),
        (many("1e3", "-2.5e-4"), "number", "float64"),
        (many(" 1", "2 "), "integer", "int64"),
        (many("+1", "2"), "number", "float64"),
        (many("true", "false"), "boolean", "bool"),
        (many("TRUE", "", "FALSE", "TRUE"), "boolean", "boolean"),
        (many("yes", "no"), "category", "str"),
        (many("red", "NA", "blue", "None"), "category", "str"),
        (many("2024-01-31", "2023-02-28"), "date", "datetime64[us]"),
        (many("2024-01-31T10:00:00Z", "2023-02-28T11:30:00Z"), "date", "datetime64[us]"),
        (many("31.12.2023", "1.2.2024"), "date", "datetime64[us]"),
        (many("12/31/2023", "01/02/2024"), "date", "datetime64[us]"),
        (many("31/12/2023", "01/02/2024"), "date", "datetime64[us]"),
        (many("30.02.2024", "01.02.2024"), "category", "str"),
        (many("007", "12"), "category", "str"),
        (many("-01", "12"), "category", "str"),
        (many("0x1F", "12"), "category", "str"),
        (many("0", "0.5", "-0.25", "00.5")[:39], "category", "str"),
        (many("0", "0.5", "-0.25", "0"), "number", "float64"),
        (many("12345678901234567890", "12345678901234567891"), "category", "str"),
        (many("1,500", "2"), "integer", "int64"),
        (many("NA", "?"), "category", "str"),
        (many("nan", "inf"), "category", "str"),
    ],
    ids=lambda value: "|".join(value[:4]) if isinstance(value, list) else str(value),
)
def test_types(tmp_path: Path, values: list[str], kind: str, dtype: str) -> None:
    quoted = [f'"{value}"' if "," in value else value for value in values]
    series, found = column(tmp_path, quoted)
    assert (found, str(series.dtype)) == (kind, dtype)
    assert len(series) == len(values)
    if kind == "category":
        assert series.tolist() == values


def test_one_late_word_makes_the_column_text(tmp_path: Path) -> None:
    series, kind = column(tmp_path, ["1"] * 5000 + ["one"] + ["2"] * 5000)
    assert kind == "category" and series.iloc[5000] == "one" and series.iloc[0] == "1"


def test_one_late_leading_zero_keeps_all_as_text(tmp_path: Path) -> None:
    series, kind = column(tmp_path, ["10"] * 5000 + ["007"] + ["20"] * 5000)
    assert kind == "category" and series.iloc[5000] == "007"


@pytest.mark.parametrize(("late", "kind"), [("007", "category"), ("-007", "category"), ("7", "integer")])
def test_a_column_of_leading_zeros_hides_no_other(tmp_path: Path, late: str, kind: str) -> None:
    rows = "".join(f"{i % 100:05d},{i % 9},{i % 7 / 4},{'ab'[i % 2]}\n" for i in range(5000))
    loaded = load(write(tmp_path, "zip,n,f,label\n" + rows + f"00001,{late},1.5,a\n"), label="label")
    assert loaded.understood.types == {"zip": "category", "n": kind, "f": "number"}
    assert loaded.dataset.frame["zip"].iloc[7] == "00007"
    assert str(loaded.dataset.frame["n"].iloc[-1]) == late


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("inside", ["\n", "\r"])
def test_newlines_in_quotes_that_come_late_stay_in_their_values(tmp_path: Path, ending: str, inside: str) -> None:
    # Far behind the part that is looked at first, and enough of them to lie where the parser cuts the file.
    words = ["plain words to fill a megabyte"] * 40_000
    words += [f'"one{inside}two, {i} three{inside}four"' for i in range(40_000)]
    rows = [f"{i},{word},{'ab'[i % 2]}" for i, word in enumerate(words)]
    path = write(tmp_path, ending.join(["n,x,label", *rows, ""]))
    loaded = load(path, kind="table", label="label")
    assert loaded.quarantine == []
    assert loaded.dataset.frame["n"].tolist() == list(range(80_000))
    assert loaded.dataset.frame["x"].tolist() == [word.strip('"') for word in words]


@pytest.mark.parametrize("field", ["007", "+007", "\t007", " 007", "0x1F"])
def test_zeros_that_numbers_would_lose_are_kept(tmp_path: Path, field: str) -> None:
    series, _ = column(tmp_path, ["7"] * 3000 + [field])
    assert series.iloc[-1] == field


@pytest.mark.parametrize("late", ["nan", "NA", "inf", "0.5", "99999999999999999999999"])
def test_late_surprises_among_numbers(tmp_path: Path, late: str) -> None:
    series, kind = column(tmp_path, ["1"] * 3000 + [late])
    expected = {"nan": "integer", "NA": "integer", "inf": "number", "0.5": "number"}
    assert kind == expected.get(late, "category")
    if late in ("nan", "NA", "inf"):
        assert series.isna().sum() == 1


def test_tokens_are_missing_only_among_numbers(tmp_path: Path) -> None:
    series, _ = column(tmp_path, many("1", "NA", "N/A", "null", "None", "?", "NaN", "2"))
    assert series.isna().sum() == 30
    series, _ = column(tmp_path, many("x", "NA", "", "None"))
    assert series.isna().sum() == 10 and "NA" in set(series.dropna())


def test_decimal_commas(tmp_path: Path) -> None:
    series, kind = column(tmp_path, many("1,5", "1.234,25", "-7", "0,5"), delimiter=";")
    assert kind == "number"
    assert series.tolist()[:4] == [1.5, 1234.25, -7.0, 0.5]


def test_decimal_commas_are_noted(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "x;label\n" + "1,5;a\n2,5;b\n" * 10))
    assert any("decimal commas" in note for note in loaded.understood.notes)


def test_dates_keep_their_day(tmp_path: Path) -> None:
    series, _ = column(tmp_path, many("31.12.2023", "1.2.2024"))
    assert series.iloc[1] == pd.Timestamp(2024, 2, 1)
    series, _ = column(tmp_path, many("2024-01-31T23:30:00-02:00", "2024-01-31T10:00:00Z"))
    assert series.iloc[0] == pd.Timestamp(2024, 2, 1, 1, 30)


def test_newlines_and_quotes_in_values(tmp_path: Path) -> None:
    text = 'note,label\n"line one\nline two, ""quoted""",a\n"x",b\n' * 1
    loaded = load(write(tmp_path, text + 'y,b\n"z\r\nz",a\n'), label="label")
    assert loaded.dataset.frame["note"].tolist() == ['line one\nline two, "quoted"', "x", "y", "z\r\nz"]


def test_a_value_longer_than_a_block(tmp_path: Path) -> None:
    long = "word " * 600_000
    loaded = load(write(tmp_path, f"text,label\n{long},a\nshort one here,b\n"), text="text", label="label")
    assert loaded.dataset.texts[0] == long


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(tmp_path: Path, ending: str) -> None:
    assert load(write(tmp_path, BODY.replace("\n", ending))).dataset.class_counts == {"a": 18, "b": 6}


def test_blank_lines_and_the_excel_line_are_skipped(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, "\n\nsep=;\n" + BODY.replace(",", ";").replace("a\n", "a\n\n")))
    assert loaded.dataset.class_counts == {"a": 18, "b": 6}
    assert loaded.understood.delimiter == ";"


def test_identifiers_are_proposed_as_ignored_and_said(tmp_path: Path) -> None:
    rows = "".join(f"{i},u{i * 7919},{i % 5},{'ab'[i % 3 == 0]}\n" for i in range(60))
    loaded = load(write(tmp_path, "customer_id,user,size,label\n" + rows))
    assert loaded.understood.types == {"customer_id": "ignored", "user": "ignored", "size": "integer"}
    assert sum("is ignored" in note for note in loaded.understood.notes) == 2
    kept = load(write(tmp_path, "customer_id,user,size,label\n" + rows), types={"customer_id": "integer"})
    assert kept.understood.types["customer_id"] == "integer"


def test_given_types_are_honoured(tmp_path: Path) -> None:
    path = write(tmp_path, "zip,flag,label\n" + "12345,yes,a\n54321,no,b\n" * 10)
    loaded = load(path, types={"zip": "category", "flag": "boolean"})
    assert loaded.understood.types == {"zip": "category", "flag": "boolean"}
    assert loaded.dataset.frame["zip"].iloc[0] == "12345"
    assert loaded.dataset.frame["flag"].tolist()[:2] == [True, False]
    with pytest.raises(UserError, match=r"Column 'flag' cannot be read as number.*'yes'"):
        load(path, types={"flag": "number"})
    with pytest.raises(UserError, match="must be one of"):
        load(path, types={"flag": "colour"})  # type: ignore[dict-item]


def test_the_label_is_guessed_by_name_then_by_few_values(tmp_path: Path) -> None:
    by_name = load(write(tmp_path, "Class,x,z\n" + "a,1.5,u\nb,2.5,v\n" * 10))
    assert by_name.dataset.schema.label == "Class"
    assert "The label column was guessed by its name: 'Class'." in by_name.understood.notes
    by_values = load(write(tmp_path, "wood,x\n" + "oak,1.25\nash,2.5\n" * 10))
    assert by_values.dataset.schema.label == "wood"
    given = load(write(tmp_path, "Class,x,z\n" + "a,1.5,u\nb,2.5,v\n" * 10), label="z")
    assert given.dataset.schema.label == "z"


def test_texts_are_told_from_tables(tmp_path: Path) -> None:
    rows = "".join(f'"sentence number {i} about something",{i % 3},{"ab"[i % 4 == 0]}\n' for i in range(40))
    loaded = load(write(tmp_path, "review,stars,label\n" + rows))
    assert (loaded.dataset.kind, loaded.dataset.schema.text) == ("text", "review")
    assert loaded.dataset.texts[3] == "sentence number 3 about something"
    as_table = load(write(tmp_path, "review,stars,label\n" + rows), kind="table")
    assert as_table.dataset.kind == "table" and as_table.understood.types["review"] == "text"


def test_short_texts_are_taken_when_nothing_else_is_there(tmp_path: Path) -> None:
    rows = "".join(f"name{i},{'ab'[i % 2]}\n" for i in range(40))
    loaded = load(write(tmp_path, "word,label\n" + rows))
    assert (loaded.dataset.kind, loaded.dataset.schema.text) == ("text", "word")


def test_group_column(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, BODY), group="colour")
    assert loaded.dataset.schema.group == "colour"
    assert loaded.dataset.schema.features() == ["size"]


def test_the_fingerprint_names_the_bytes_not_the_file(tmp_path: Path) -> None:
    first = load(write(tmp_path, BODY, "one.csv")).dataset.fingerprint
    assert load(write(tmp_path, BODY, "two.csv"), label="colour").dataset.fingerprint == first
    assert load(write(tmp_path, BODY + "9.5,c1,a\n", "three.csv")).dataset.fingerprint != first


def test_ids_count_rows_of_the_file(tmp_path: Path) -> None:
    lines = BODY.splitlines()
    lines[3] += ",extra"
    lines[5] = "4.5,c1,"
    loaded = load(write(tmp_path, "\n".join(lines)))
    assert loaded.dataset.ids[:4].tolist() == ["r0", "r1", "r3", "r5"]
    assert [entry.where for entry in loaded.quarantine] == ["line 4", "line 6 (r4)"]


def test_line_numbers_with_values_over_several_lines(tmp_path: Path) -> None:
    lines = ["x,y,label", '"a\nb",1,u', "", "c,2,v,w"] + ["d,3,u", "e,4,v"] * 10
    loaded = load(write(tmp_path, "\n".join(lines)), label="label")
    assert [entry.where for entry in loaded.quarantine] == ["line 5"]


def test_proposal_looks_at_the_beginning(tmp_path: Path) -> None:
    path = write(tmp_path, BODY + "1.5,c1,a\n" * 300_000)
    proposal = propose(path)
    assert proposal.understood.label == "label" and proposal.columns == ["size", "colour", "label"]
    assert proposal.preview.shape == (10, 3)
    assert list(proposal.preview.columns) == proposal.columns
    assert sum(proposal.classes.values()) < 300_000
    assert propose(path, label="colour").understood.label == "colour"


def test_proposal_without_a_likely_label_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path, "x,z\n" + "".join(f"{i}.25,{i}.75\n" for i in range(100)))
    proposal = propose(path)
    assert proposal.understood.label == ""
    assert any("no column looks like a label" in note for note in proposal.understood.notes)
    with pytest.raises(UserError, match="no column looks like a label"):
        load(path)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S.000000123",
        "%d.%m.%Y %H:%M",
        "%d.%m.%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%m/%d/%Y %I:%M %p",
        "%m/%d/%Y %I:%M:%S%p",
        "%Y/%m/%d %H:%M:%S",
        "%d-%b-%Y",
        "%d %b %Y %H:%M",
        "%b %d, %Y",
    ],
)
def test_moments_that_all_differ_are_dates_and_no_names(tmp_path: Path, form: str) -> None:
    moments = pd.date_range("2023-11-20", periods=200, freq="25h7min")
    series, kind = column(tmp_path, [f'"{text}"' for text in moments.strftime(form)])
    coarse = "D" if "%H" not in form and "%I" not in form else "s" if "%S" in form else "min"
    assert kind == "date"
    assert series.tolist() == moments.floor(coarse).tolist()


def test_a_day_that_does_not_exist_is_no_date(tmp_path: Path) -> None:
    series, kind = column(tmp_path, many("28.02.2023 10:00", "30.02.2023 10:00"))
    assert kind == "category" and series.iloc[1] == "30.02.2023 10:00"
