import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from augmentors.core.errors import UserError
from augmentors.ingest import load, propose

ROWS = [(i, i % 3 == 0, i % 4 == 0, i % 10 == 0) for i in range(40)]
SETS = [[name for name, has in zip(("a", "b", "c"), row[1:], strict=True) if has] for row in ROWS]
COUNTS = {"a": 14, "b": 10, "c": 4}


def columns_file(folder: Path, yes: str = "1", no: str = "0") -> Path:
    path = folder / "data.csv"
    lines = [",".join([str(x), *(yes if has else no for has in flags), "z"]) for x, *flags in ROWS]
    path.write_text("\n".join(["x,a,b,c,town", *lines]) + "\n", encoding="utf-8")
    return path


def sets_file(folder: Path, written: list[str]) -> Path:
    path = folder / "sets.csv"
    quoted = [json.dumps(text).replace('\\"', '""') for text in written]
    path.write_text("\n".join(["x,tags", *(f"{i},{q}" for i, q in enumerate(quoted))]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("true", "False"), ("1.0", "0.0")])
def test_columns_of_zero_and_one_become_label_sets(yes: str, no: str, tmp_path: Path) -> None:
    loaded = load(columns_file(tmp_path, yes, no), label="a, b,c", task="multilabel")
    assert loaded.dataset.class_counts == COUNTS
    assert list(loaded.dataset.frame.columns) == ["x", "a, b,c", "town"]
    assert loaded.dataset.labels[0] == "a|b|c" and loaded.dataset.labels[1] == "(no label)"
    assert loaded.dataset.positions("c").tolist() == [0, 10, 20, 30]
    assert "Samples carry several labels (3, from columns of 0 and 1): 'a', 'b', 'c'." in loaded.understood.notes


@pytest.mark.parametrize("mark", ["|", ";", ","])
def test_one_column_of_sets_is_split_at_its_separator(mark: str, tmp_path: Path) -> None:
    path = sets_file(tmp_path, [f" {mark} ".join(names) for names in SETS])
    loaded = load(path, label="tags", task="multilabel")
    assert loaded.dataset.class_counts == COUNTS and loaded.dataset.schema.sets is not None
    assert loaded.dataset.schema.sets.separator == mark


def test_lists_are_read_from_json_text_jsonl_and_parquet(tmp_path: Path) -> None:
    lines = tmp_path / "sets.jsonl"
    lines.write_text("".join(json.dumps({"x": i, "tags": names}) + "\n" for i, names in enumerate(SETS)))
    table = tmp_path / "sets.parquet"
    pq.write_table(pa.table({"x": list(range(40)), "tags": SETS}), table)
    for path in (sets_file(tmp_path, [json.dumps(names) for names in SETS]), lines, table):
        assert load(path, label="tags", task="multilabel").dataset.class_counts == COUNTS


def test_a_first_look_shows_the_columns_as_they_are(tmp_path: Path) -> None:
    found = propose(columns_file(tmp_path), label="a,b,c", task="multilabel")
    assert list(found.preview.columns) == ["x", "a", "b", "c", "town"] and found.understood.task == "multilabel"
    assert list(found.understood.types) == ["x", "town"]


def test_mistakes_are_told_in_a_sentence(tmp_path: Path) -> None:
    path = columns_file(tmp_path)
    mistakes = {
        ("a,b,x", None): r"The label column 'x' of data.csv must hold 0 and 1 in every row; got '2' at line 4 \(r2\)",
        ("a,b,d", None): "data.csv has no column 'd' to use as a label",
        ("a,b,a", None): "The label column 'a' is named twice",
        (None, None): "The task multilabel needs to know the labels",
        ("a,b,c", "a"): "'a' cannot be a label and the text or group column at once",
        ("town", None): "holds one label per row; the task multilabel expects sets like a|b",
    }
    for (label, group), sentence in mistakes.items():
        with pytest.raises(UserError, match=sentence.replace("|", r"\|")):
            load(path, label=label, group=group, task="multilabel")
    nothing = tmp_path / "none.csv"
    nothing.write_text("x,a,b\n" + "".join(f"{i},1,0\n" for i in range(30)), encoding="utf-8")
    with pytest.raises(UserError, match=r"No row of none.csv has the label 'b'"):
        load(nothing, label="a,b", task="multilabel")
