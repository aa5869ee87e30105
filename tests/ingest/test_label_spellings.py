"""Spellings of one class are told, and merged only where that is asked for; the choice lives in the recipe."""

from pathlib import Path

import pytest
import yaml
from PIL import Image

from augmentors.cli import main
from augmentors.ingest import load, propose
from augmentors.ingest.label_spellings import alike, spellings_sentence
from augmentors.store import Workspace

LABELS = ["legit"] * 60 + ["fraud"] * 12 + ["fraud "] * 8 + ["Fraud"] * 8 + [" Legit"] * 4


def written(folder: Path, labels: list[str] = LABELS) -> Path:
    path = folder / "data.csv"
    rows = "".join(f"{i % 13}.{i % 7},{i * 5 % 17},{label}\n" for i, label in enumerate(labels))
    path.write_text("x,z,label\n" + rows, encoding="utf-8")
    return path


def test_the_most_frequent_spelling_wins_and_ties_go_by_characters() -> None:
    assert alike({"b": 2, "B ": 2, "c": 1}) == {"b": "B", "B ": "B"}
    assert alike({"1": 3, "-1": 3}) == {}
    assert spellings_sentence({"a": 1, "b": 2}) == ""
    assert "'a' (1) and 'A' (2)" in spellings_sentence({"a": 1, "A": 2})


def test_merged_only_when_asked(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert len(load(path, label="label").dataset.class_counts) == 5
    data = load(path, label="label", merge_spellings=True)
    assert data.dataset.class_counts == {"legit": 64, "fraud": 28}
    told = "Spellings of one class were merged: ' Legit' → 'legit', 'Fraud' → 'fraud', 'fraud ' → 'fraud'."
    assert told in data.understood.notes
    assert propose(path, label="label", merge_spellings=True).classes == {"legit": 64, "fraud": 28}


def test_a_merged_dataset_is_another_one_in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path / "home"))
    path, workspace = written(tmp_path), Workspace.create()
    plain, merged = load(path, label="label"), load(path, label="label", merge_spellings=True)
    ids = [
        workspace.save_dataset(one.dataset, name="data", understood=one.understood.as_dict(), quarantine=[])
        for one in (plain, merged)
    ]
    assert ids[0] != ids[1] and workspace.load_dataset(ids[1]).class_counts == {"legit": 64, "fraud": 28}


def test_folders_of_images_are_merged_too(tmp_path: Path) -> None:
    for i, name in enumerate(["cat", "cat", "Cat", "dog", "dog"]):
        (tmp_path / "data" / name).mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (i * 40, 9, 9)).save(tmp_path / "data" / name / f"{i}.png")
    data = load(tmp_path / "data", merge_spellings=True)
    assert data.dataset.class_counts == {"cat": 3, "dog": 2}
    assert propose(tmp_path / "data", merge_spellings=True).classes == {"cat": 3, "dog": 2}


def test_the_recipe_keeps_the_choice_and_makes_the_same_again(tmp_path: Path) -> None:
    path, first, again = written(tmp_path), tmp_path / "first", tmp_path / "again"
    main(["balance", str(path), "--label", "label", "--merge-spellings", "--augmenter", "smote", "--out", str(first)])
    assert yaml.safe_load((first / "recipe.yaml").read_text(encoding="utf-8"))["data"]["merge_spellings"] is True
    main(["balance", str(path), "--recipe", str(first / "recipe.yaml"), "--out", str(again)])
    assert (first / "manifest.json").read_bytes() == (again / "manifest.json").read_bytes()
