"""What is planted wrong is found, said in plain words, and nothing is said about what is fine."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.split import Split, make_split
from augmentors.explore.duplicates import Pair
from augmentors.explore.health import class_health, counted, findings, percent, quoted


def _table(n=400, rare=40, **columns):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.standard_normal(n), "z": rng.standard_normal(n), "w": rng.standard_normal(n)})
    types = {"x": "number", "z": "number", "w": "number"}
    for name, (kind, values) in columns.items():
        frame[name], types[name] = values, kind
    frame["y"] = ["rust"] * rare + ["ok"] * (n - rare)
    frame.index = pd.Index([f"r{i}" for i in range(n)], dtype=object)
    return Dataset("table", frame, Schema("y", types), "f")


def _text(texts, labels):
    frame = pd.DataFrame({"t": pd.Series(texts, dtype="str"), "y": labels})
    frame.index = pd.Index([f"r{i}" for i in range(len(texts))], dtype=object)
    return Dataset("text", frame, Schema("y", {"t": "text"}, text="t"), "f")


def _by_code(dataset, split=None, **how):
    return {finding.code: finding for finding in findings(dataset, split, **how)}


def test_clean_balanced_data_has_no_findings():
    assert findings(_table(rare=200)) == []


def test_tiny_class_says_what_smote_would_do():
    found = _by_code(_table(rare=4))
    assert found["tiny_class"].message == (
        "Class 'rust' has 4 samples: SMOTE with 5 neighbours needs 6, so it would use 3."
    )
    assert found["tiny_class"].sample_ids == ("r0", "r1", "r2", "r3")
    assert found["tiny_class"].classes == ("rust",)
    one = _by_code(_table(rare=1))["tiny_class"]
    assert one.severity == "error" and "1 sample: SMOTE needs 2" in one.message
    assert "tiny_class" not in _by_code(_table(rare=6))


def test_tiny_counts_the_training_part_only():
    dataset = _table(rare=7)
    split = make_split(dataset, test_size=0.3, n_folds=2)
    assert "has 5 training samples" in _by_code(dataset, split)["tiny_class"].message
    none = Split(dataset.ids[7:300], np.append(dataset.ids[:7], dataset.ids[300:]), np.zeros(293, np.int64), 0.2, 0)
    assert "no training samples" in _by_code(dataset, none)["tiny_class"].message


def test_imbalance_is_said_in_counts():
    found = _by_code(_table(rare=20))["imbalance"]
    assert found.severity == "warning"
    assert found.message == "Class 'ok' has 19 times as many samples as 'rust' (380 to 20)."
    assert _by_code(_table(rare=80))["imbalance"].severity == "info"
    assert "imbalance" not in _by_code(_table(rare=150))


def test_one_class():
    assert _by_code(_table(rare=0))["one_class"].severity == "error"


def test_classes_the_test_part_lacks():
    dataset = _table(rare=10)
    ids = dataset.ids
    split = Split(ids[:300], ids[300:], np.zeros(300, np.int64), 0.2, 0)
    found = _by_code(dataset, split)["untested_class"]
    assert found.severity == "error" and found.classes == ("rust",)
    few = Split(ids[2:300], np.append(ids[:2], ids[300:]), np.zeros(298, np.int64), 0.2, 0)
    assert "moves its recall by 50 points" in _by_code(dataset, few)["few_test_samples"].message


def test_ten_thousand_classes_are_summed_up():
    n = 20_000
    frame = pd.DataFrame({"x": np.random.default_rng(0).standard_normal(n), "y": [f"c{i // 2}" for i in range(n)]})
    frame.index = pd.Index([f"r{i}" for i in range(n)], dtype=object)
    dataset = Dataset("table", frame, Schema("y", {"x": "number"}), "f")
    split = Split(dataset.ids[::2], np.append(dataset.ids[1:9:2], dataset.ids[1001::2]), np.zeros(n // 2), 0.2, 0)
    found = findings(dataset, split)
    assert len(found) < 30
    assert any(f.code == "many_classes" and "10,000 classes" in f.message for f in found)
    assert any(f.message.startswith("9,995 more classes have 5 training samples or fewer: ") for f in found)
    assert any(f.message.startswith("491 more classes have no test samples: ") for f in found)
    assert max(len(f.sample_ids) for f in found) == 1000


def test_class_names_that_differ_by_spelling_only():
    dataset = _table(rare=100)
    labels = dataset.frame["y"].to_numpy(dtype=object).copy()
    labels[:50] = "Rust "
    frame = dataset.frame.assign(y=labels)
    found = _by_code(Dataset("table", frame, dataset.schema, "f"))["similar_class_names"]
    assert set(found.classes) == {"rust", "Rust "} and len(found.sample_ids) == 100
    signs = frame.assign(y=np.where(np.arange(400) < 200, "-1", "1"))
    assert "similar_class_names" not in _by_code(Dataset("table", signs, dataset.schema, "f"))


def test_missing_values_by_column_and_by_class():
    values = np.linspace(0, 1, 400)
    some = np.where(np.arange(400) % 10 == 0, np.nan, values)
    found = _by_code(_table(rare=200, age=("number", some)))["missing_values"]
    assert found.count == 40 and found.columns == ("age",)
    assert found.message == "Column 'age' has no value in 40 of 400 rows (10 %)."
    assert len(found.sample_ids) == 40 and found.sample_ids[1] == "r10"
    uneven = np.where(np.arange(400) < 150, np.nan, np.random.default_rng(1).random(400))
    found = _by_code(_table(rare=200, age=("number", uneven)))
    assert found["missing_by_class"].classes == ("rust", "ok")
    assert "in 75 % of 'rust' and 0 % of 'ok'" in found["missing_by_class"].message
    assert "missing_values" not in found


def test_constant_empty_and_infinite_columns():
    rng = np.random.default_rng(2)
    infinite = rng.random(400)
    infinite[7] = np.inf
    dataset = _table(
        rare=200,
        same=("category", ["u"] * 400),
        nothing=("number", np.full(400, np.nan)),
        peak=("number", infinite),
    )
    found = [(f.code, f.severity, f.columns) for f in findings(dataset)]
    assert ("constant_feature", "info", ("same",)) in found
    assert ("constant_feature", "warning", ("nothing",)) in found
    assert _by_code(dataset)["infinite_values"].sample_ids == ("r7",)


def test_identifiers():
    codes = [f"P-{i * 37 % 1000}" for i in range(400)]
    dataset = _table(rare=200, patient=("category", codes), row=("integer", np.arange(400)))
    found = [f.columns[0] for f in findings(dataset) if f.code == "identifier"]
    assert sorted(found) == ["patient", "row"]


@pytest.mark.parametrize("rare", [40, 200])
def test_a_column_that_gives_the_label_away(rare):
    rng = np.random.default_rng(3)
    label = np.arange(400) < rare
    dataset = _table(
        rare=rare,
        verdict=("category", np.where(label, "bad", "good")),
        score=("number", label * 5 + rng.random(400)),
        hint=("number", label * 1.0 + rng.standard_normal(400)),
    )
    found = [f.columns[0] for f in findings(dataset) if f.code == "gives_label_away"]
    assert sorted(found) == ["score", "verdict"]


def test_duplicates_contradictions_and_the_split():
    dataset = _table(rare=100)
    frame = dataset.frame.copy()
    features = ["x", "z", "w"]
    frame.loc["r399", features] = frame.loc["r0", features]  # ok like a rust
    frame.loc["r398", features] = frame.loc["r200", features]
    dataset = Dataset("table", frame, dataset.schema, "f")
    ids = dataset.ids
    split = Split(ids[:300], ids[300:], np.zeros(300, np.int64), 0.2, 0)
    found = _by_code(dataset, split)
    assert found["duplicates"].count == 2
    assert found["duplicates"].sample_ids == ("r0", "r399", "r200", "r398")
    assert found["contradictory_labels"].count == 1
    assert "'rust' and 'ok'" in found["contradictory_labels"].message
    assert found["duplicates_across_split"].severity == "error"
    assert found["duplicates_across_split"].count == 2
    assert "duplicates" not in _by_code(dataset, pairs=[])


def test_most_severe_first():
    dataset = _table(rare=1, same=("category", ["u"] * 400))
    order = [f.severity for f in findings(dataset)]
    assert order == sorted(order, key=["error", "warning", "info"].index)
    assert len(set(order)) == 3


def test_texts():
    rng = np.random.default_rng(4)
    words = ["pump", "valve", "leaks", "again", "since", "monday", "noise", "left", "right", "door", "press"]
    texts = [" ".join(rng.choice(words, 12)) for _ in range(60)]
    texts[3], texts[4], texts[5] = "  ", "ok", " ".join(rng.choice(words, 400))
    texts[40:] = [" ".join(rng.choice(words, 60)) for _ in range(20)]
    found = _by_code(_text(texts, ["a"] * 40 + ["b"] * 20))
    assert found["empty_texts"].sample_ids == ("r3",)
    assert found["empty_texts"].message == "1 text is empty (2 %)."
    assert found["short_texts"].sample_ids == ("r4",)
    assert found["long_texts"].sample_ids == ("r5",)
    assert found["length_by_class"].classes == ("b", "a")


def _images(folder, files):
    names = [name for name, _ in files]
    for name, image in files:
        (folder / name).parent.mkdir(exist_ok=True)
        image.save(folder / name)
    labels = [name.split("/")[0] for name in names]
    frame = pd.DataFrame({"path": names, "label": labels}, index=pd.Index(names, dtype=object))
    return Dataset("image", frame, Schema("label", {}), "f", folder)


def _noise(seed, size=(40, 30), grey=False):
    rng = np.random.default_rng(seed)
    shape = (*size[::-1],) if grey else (*size[::-1], 3)
    return Image.fromarray(rng.integers(0, 255, shape, np.uint8))


def test_images(tmp_path):
    files = [(f"cat/{i}.png", _noise(i)) for i in range(10)]
    files += [(f"dog/{i}.png", _noise(100 + i, (60, 50), grey=True)) for i in range(10)]
    files.append(("cat/small.png", _noise(99, (20, 20))))
    dataset = _images(tmp_path, files)
    found = _by_code(dataset)
    assert found["mixed_sizes"].count == 3 and "from 20 × 20 to 60 × 50 pixels" in found["mixed_sizes"].message
    assert found["mixed_colours"].message == "Kinds of images are mixed: 11 are in colour and 10 are grey."
    assert found["tiny_images"].sample_ids == ("cat/small.png",)
    assert found["size_by_class"].severity == found["colour_by_class"].severity == "warning"
    assert {f.classes for f in findings(dataset) if f.code == "colour_by_class"} == {("cat",), ("dog",)}
    table = class_health(dataset, pairs=[]).set_index("label")
    assert table.loc["cat", "sizes"] == 2 and table.loc["dog", "grey_share"] == 1.0
    (tmp_path / "cat/small.png").write_bytes(b"gone")
    assert _by_code(dataset)["unreadable_images"].sample_ids == ("cat/small.png",)


def test_class_health_of_tables_and_texts():
    dataset = _table(rare=100, age=("number", np.where(np.arange(400) < 50, np.nan, 1.0)))
    table = class_health(dataset, pairs=[Pair("r0", "r399", 1.0, True)]).set_index("label")
    assert list(table.index) == ["ok", "rust"]
    assert table["duplicates"].tolist() == [1, 1]
    assert table.loc["rust", "missing_share"] == pytest.approx(0.5 / 4)
    table = class_health(_text(["abc", "", "abcde"], ["a", "a", "b"]), pairs=[]).set_index("label")
    assert table.loc["a", "empty"] == 1 and table.loc["b", "median_length"] == 5


def test_numbers_in_words():
    assert [percent(s) for s in (0.0, 0.0004, 0.5, 0.9999, 1.0)] == [
        "0 %",
        "0.04 %",
        "50 %",
        "99.99 %",
        "100 %",
    ]
    assert counted(1, "class") == "1 class" and counted(1200, "class") == "1,200 classes"
    assert counted(2, "copy") == "2 copies"
    assert quoted("abcd") == "'a', 'b', 'c' and 1 more"


def test_texts_that_differ_only_in_numbers_are_told():
    words = ["alpha", "bravo", "cedar", "delta", "ember", "frost", "grape", "hazel", "ivory", "joker"]
    odd = [f"{words[i // 10]} lends {words[i % 10]} a very long rope" for i in range(60)]
    tickets = [f"Order {1000 + i} has not arrived since day {i % 9}" for i in range(40)]
    dataset = _text(odd + tickets, ["a"] * 50 + ["b"] * 50)
    assert "same_but_for_numbers" not in _by_code(_text(odd, ["a"] * 30 + ["b"] * 30))
    found = _by_code(dataset)["same_but_for_numbers"]
    assert (found.count, found.severity) == (40, "warning") and "40 texts differ from another only in" in found.message
    split = make_split(dataset, test_size=0.2)
    tested = sum(int(name[1:]) >= 60 for name in split.test)
    assert f"{tested} of {len(split.test)} test texts from a training text" in (
        _by_code(dataset, split)["same_but_for_numbers"].message
    )


def test_copies_and_texts_of_numbers_alone_are_no_templates():
    assert "same_but_for_numbers" not in _by_code(
        _text(["Order 5 is late"] * 20 + ["Hi"] * 20, ["a"] * 20 + ["b"] * 20)
    )
    numbers = [f"{i} {i * 7}" for i in range(40)]
    assert "same_but_for_numbers" not in _by_code(_text(numbers, ["a"] * 20 + ["b"] * 20))
