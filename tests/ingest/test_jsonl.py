"""JSON Lines: one object per line; types as written."""

import json
from pathlib import Path
from typing import Any

import pytest

from augmentors.core.errors import UserError
from augmentors.ingest import load, propose


def write(folder: Path, rows: list[Any], name: str = "data.jsonl", encoding: str = "utf-8") -> Path:
    path = folder / name
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def rows(**extra: list[Any]) -> list[dict[str, Any]]:
    return [{n: v[i % len(v)] for n, v in extra.items()} | {"label": "ab"[i % 3 == 0]} for i in range(30)]


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([1, 2], "integer", "int64"),
        ([1, None], "integer", "Int64"),
        ([1, 2.5], "number", "float64"),
        ([True, False], "boolean", "bool"),
        (["007", "NA"], "category", "str"),
        (["1", "2"], "category", "str"),
        (["2024-01-31", "2024-02-01"], "date", "datetime64[us]"),
        ([1, "one"], "category", "str"),
        ([2**70, 1], "category", "str"),
        ([[1, 2], {"a": 1}], "ignored", "str"),
        ([None], "ignored", "str"),
    ],
)
def test_types(tmp_path: Path, values: list[Any], kind: str, dtype: str) -> None:
    loaded = load(write(tmp_path, rows(x=values, z=[0.5])))
    assert loaded.understood.types["x"] == kind
    assert str(loaded.dataset.frame["x"].dtype) == dtype


def test_nested_values_become_json_text_and_are_said(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, rows(tags=[["a", "ö"]], z=[0.5])))
    assert loaded.dataset.frame["tags"].iloc[0] == '["a", "ö"]'
    assert any("Field 'tags' holds lists or objects" in note for note in loaded.understood.notes)


@pytest.mark.parametrize("label", [[0, 1], [True, False], ["NA", "None"], [1.5, 2]])
def test_labels_are_text(tmp_path: Path, label: list[Any]) -> None:
    data = load(write(tmp_path, [{"x": i / 4, "label": label[i % 2]} for i in range(20)])).dataset
    assert len(data.class_counts) == 2
    assert all(isinstance(name, str) for name in data.frame["label"])


def test_texts(tmp_path: Path) -> None:
    words = [f"this is sentence number {i}" for i in range(30)]
    loaded = load(write(tmp_path, rows(text=words)))
    assert (loaded.dataset.kind, loaded.dataset.schema.text) == ("text", "text")
    assert loaded.dataset.texts == words


def test_bad_lines_are_set_aside_with_their_numbers(tmp_path: Path) -> None:
    lines: list[Any] = rows(x=[1.5])
    lines[4] = "{broken"
    lines[9] = ""
    lines[12] = "[1, 2]"
    loaded = load(write(tmp_path, lines))
    assert [entry.where for entry in loaded.quarantine] == ["line 5", "line 13"]
    assert "not valid JSON" in loaded.quarantine[0].reason and "list" in loaded.quarantine[1].reason
    # Row numbers count lines with content; set aside ones keep theirs unused.
    assert "r4" not in loaded.dataset.ids and "r11" not in loaded.dataset.ids
    assert len(loaded.dataset) == 27


def test_an_open_string_is_told_in_one_sentence(tmp_path: Path) -> None:
    lines: list[Any] = rows(x=[1.5])
    lines[-1] = '{"x": "abc'
    (entry,) = load(write(tmp_path, lines)).quarantine
    assert entry.reason == "is not valid JSON (unterminated string starting at character 7)"


def test_absent_keys_are_missing(tmp_path: Path) -> None:
    objects = rows(x=[1.5])
    objects[3]["late"] = "v"
    del objects[5]["label"]
    loaded = load(write(tmp_path, objects))
    assert loaded.dataset.frame["late"].notna().sum() == 1
    assert [entry.where for entry in loaded.quarantine] == ["row r5"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    loaded = load(write(tmp_path, [{"x": 1.5, "label": "äb"[i % 2]} for i in range(20)], encoding=encoding))
    assert loaded.dataset.class_counts == {"b": 10, "ä": 10}
    assert loaded.understood.encoding == encoding


def test_more_rows_than_a_piece(tmp_path: Path) -> None:
    objects: list[Any] = [{"x": i, "label": "ab"[i % 2]} for i in range(45_000)]
    objects[44_000]["note"] = "only here"
    data = load(write(tmp_path, objects)).dataset
    assert data.frame["x"].tolist() == list(range(45_000))
    assert data.frame["note"].iloc[44_000] == "only here"


def test_separators_of_unicode_do_not_end_a_line(tmp_path: Path) -> None:
    data = load(write(tmp_path, rows(x=["a\u2028b\x85c\x1cd", "e"], z=[0.5]))).dataset
    assert data.frame["x"].iloc[0] == "a\u2028b\x85c\x1cd"


def test_the_proposal_reads_the_first_lines(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, rows(x=[1.5]) * 400))
    assert proposal.preview.shape == (10, 2) and proposal.understood.label == "label"
    assert sum(proposal.classes.values()) == 5000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('[{"x": 1, "label": "a"}]', "one JSON array"),
        ("\n\n  \n", "blank lines"),
        ("not json\n" * 5, "5 of 5 lines are not JSON objects"),
        ('{"label": "a"}\n{"label": "b"}', r"1 field \('label'\)"),
    ],
)
def test_unusable_files(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        load(write(tmp_path, [content]))
