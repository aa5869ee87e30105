from pathlib import Path

import pytest

from augmentors.balance import balance_training_part
from augmentors.balance.peek import peek
from augmentors.core.dataset import Dataset
from augmentors.recipe import resolve
from augmentors.run import make_recipe, split_dataset
from augmentors.testing import toy_images, toy_table, toy_text


def run_with_blocks(dataset: Dataset, key: str, blocks: Path) -> None:
    split = split_dataset(dataset)
    recipe = resolve(make_recipe(key, target="majority"), dataset, split)
    balance_training_part(dataset.take(split.train), recipe, keep_in=blocks)


@pytest.mark.parametrize(("kind", "key"), [("table", "smote"), ("text", "random_swap"), ("image", "flip")])
def test_shows_some_samples_of_finished_blocks(kind: str, key: str, tmp_path: Path) -> None:
    made = {"table": toy_table, "text": toy_text}
    dataset = made[kind]() if kind in made else toy_images(tmp_path / "images")
    run_with_blocks(dataset, key, tmp_path / "blocks")
    found = peek(tmp_path / "blocks", most=4)
    assert len(found) == 4
    for one in found:
        assert one.augmenter == key
        assert one.target in ("some", "rare")
        assert set(one.parents) <= set(dataset.ids)
        assert (one.file is not None) == (kind == "image")
    if kind == "text":
        assert all(isinstance(one.values["text"], str) for one in found)


def test_nothing_yet_and_half_a_file_are_no_samples(tmp_path: Path) -> None:
    assert peek(tmp_path / "blocks") == []
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 half")
    assert peek(tmp_path) == []
