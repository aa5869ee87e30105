from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from augmentors.core.dataset import Dataset
from augmentors.export.verify_targets import target_problems
from augmentors.recipe import Recipe
from augmentors.run import balance, make_recipe, split_dataset
from augmentors.testing import toy_multilabel, toy_regression, toy_table


def exported(data: Dataset, key: str, out: Path) -> tuple[Path, Recipe]:
    split = split_dataset(data)
    version = balance(data, split, make_recipe(key, target="majority"), out)
    return version.path, version.recipe


def changed(folder: Path, column: str, value: object) -> None:
    """Give a new row another value."""
    path = folder / "train" / "train.parquet"
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    values[-1] = value
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, pa.array(values, table.schema.field(column).type)), path)


def test_a_number_outside_its_range_is_found(tmp_path: Path) -> None:
    folder, recipe = exported(toy_regression(), "smogn", tmp_path / "out")
    assert target_problems(folder, recipe) == []
    changed(folder, "label", 3.5)
    assert target_problems(folder, recipe) == ["1 new rows have a target outside the range they were made for."]


def test_a_label_that_is_not_borne_is_found(tmp_path: Path) -> None:
    data = toy_multilabel({"common": 90, "some": 40, "rare": 12})
    assert data.schema.sets is not None
    order = (*(name for name in data.frame.columns if name != "label"), *data.schema.sets.names)
    as_columns = replace(data, schema=replace(data.schema, sets=replace(data.schema.sets, order=order)))
    folder, recipe = exported(as_columns, "mlsmote", tmp_path / "out")
    assert target_problems(folder, recipe) == []
    last = pq.read_table(folder / "provenance.parquet", columns=["target"]).column(0)[-1].as_py()
    changed(folder, last, 0)
    assert target_problems(folder, recipe) == ["1 new rows do not bear the label they were made for."]


@pytest.mark.parametrize("key", ["smote", "random_oversampling"])
def test_classes_have_nothing_to_check(key: str, tmp_path: Path) -> None:
    folder, recipe = exported(toy_table(), key, tmp_path / "out")
    assert target_problems(folder, recipe) == []
