from pathlib import Path

import numpy as np
import pytest

from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.ingest import load, propose

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


def write(folder: Path, target: list[object], name: str = "price") -> Path:
    path = folder / "data.csv"
    rows = [f"{i % 7},{'ab'[i % 2]},{value}" for i, value in enumerate(target)]
    path.write_text("\n".join([f"rooms,town,{name}", *rows]) + "\n", encoding="utf-8")
    return path


def test_many_different_numbers_are_guessed_to_be_a_target(tmp_path: Path) -> None:
    path = write(tmp_path, [i * 1.25 for i in range(60)])
    loaded = load(path, label="price")
    assert loaded.dataset.schema.task == "regression" and loaded.dataset.frame["price"].dtype == np.float64
    assert any("The task was taken as regression" in note for note in loaded.understood.notes)
    assert propose(path, label="price").understood.task == "regression"


def test_few_or_repeated_whole_numbers_stay_classes(tmp_path: Path) -> None:
    for target in ([i % 20 for i in range(60)], [i % 30 for i in range(900)]):
        assert load(write(tmp_path, target), label="price").dataset.schema.task == "classification"


def test_the_guess_can_be_corrected_both_ways(tmp_path: Path) -> None:
    few = write(tmp_path, [i % 20 for i in range(60)])
    assert load(few, label="price", task="regression").dataset.frame["price"].dtype == np.int64
    with pytest.raises(UserError, match="60 classes in 60 rows"):
        load(write(tmp_path, [i * 1.25 for i in range(60)]), label="price", task="classification")


def test_a_target_is_found_without_a_name(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, [i * 1.25 for i in range(60)]), task="regression")
    assert loaded.dataset.schema.label == "price" and "The target was guessed" in " ".join(loaded.understood.notes)


def test_rows_without_a_number_are_set_aside(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, [*range(1, 60), "", "NA", 7.5]), label="price")
    assert len(loaded.dataset) == 60 and len(loaded.quarantine) == 2
    assert loaded.quarantine[0].reason == "the label 'price' is empty"
    assert loaded.dataset.frame["price"].notna().all() and loaded.dataset.ids[-1] == "r61"


def test_a_label_of_words_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"The label column 'town' of data.csv is not numeric \(such as 'a'\)"):
        load(write(tmp_path, list(range(60))), label="town", task="regression")


def test_too_few_values_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has 12 values, 12 of them different; regression needs at least 20"):
        load(write(tmp_path, [i * 1.5 for i in range(12)]), label="price", task="regression")


def test_ranges_and_task_must_fit_together(tmp_path: Path) -> None:
    path = write(tmp_path, [i * 1.25 for i in range(60)])
    with pytest.raises(UserError, match="Ranges are for the task regression"):
        load(path, label="price", task="classification", ranges=[3])
    assert load(path, label="price", ranges=[3, 50]).dataset.schema.cuts == (3.0, 50.0)


def test_the_split_keeps_every_tenth_of_the_target_on_both_sides() -> None:
    dataset = load(SAMPLES / "lending.csv", label="annual_income", task="regression").dataset
    split = make_split(dataset, seed=3)
    edges = np.quantile(dataset.targets, np.arange(0.1, 1, 0.1))
    every = np.bincount(np.searchsorted(edges, dataset.targets))
    tested = np.bincount(np.searchsorted(edges, dataset.take(split.test).targets))
    assert (np.abs(tested / every - 0.2) < 0.01).all()


def test_numbers_beside_texts_stay_names_of_classes(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    words = ["the lamp is good", "it came late again", "a box was broken here", "we like the colour"]
    rows = [f"{words[i % 4]} and this is sentence number {i},{i % 40}" for i in range(300)]
    path.write_text("\n".join(["body,topic", *rows]) + "\n", encoding="utf-8")
    loaded = load(path, label="topic")
    assert loaded.dataset.kind == "text" and loaded.dataset.schema.task == "classification"
    assert len(loaded.dataset.class_counts) == 40 and "39" in loaded.dataset.class_counts
    assert not any("regression" in note for note in loaded.understood.notes)
    look = propose(path, label="topic")
    assert look.understood.task == "classification" and len(look.classes) == 40
    with pytest.raises(UserError, match="which is for tables only; the data was taken as text"):
        load(path, label="topic", task="regression")
