"""Columns leave in the types that the user's Parquet file gave them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.split import make_split
from augmentors.evaluate.from_version import _read_rows
from augmentors.export import verify
from augmentors.export.rows import fitting
from augmentors.ingest import load
from augmentors.run import Version, balance, make_recipe
from augmentors.store import Workspace

ROWS = 120
SIZES = ["small", "medium", "large"]


def source() -> pa.Table:
    rng = np.random.default_rng(0)
    codes = pa.array(rng.integers(0, 3, ROWS), pa.int8())
    noon = np.datetime64("2024-03-01T12:00:00") + rng.integers(0, 10**6, ROWS).astype("timedelta64[s]")
    return pa.table(
        {
            "weight": pa.array(rng.normal(size=ROWS), pa.float32()),
            "count": pa.array(rng.integers(-128, 128, ROWS), pa.int8()),
            "port": pa.array(rng.integers(0, 65_536, ROWS), pa.uint16()),
            "price": pa.array((rng.integers(0, 9_999, ROWS) / 100).round(2)).cast(pa.decimal128(9, 2)),
            "size": pa.DictionaryArray.from_arrays(codes, SIZES, ordered=True),
            "seen": pa.array(noon, pa.timestamp("s")).cast(pa.timestamp("ms", "Europe/Berlin")),
            "label": pa.array(["rare" if i % 6 == 0 else "common" for i in range(ROWS)]).dictionary_encode(),
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Version]:
    folder = tmp_path_factory.mktemp("stored")
    pq.write_table(source(), folder / "data.parquet")
    data = load(folder / "data.parquet", label="label").dataset
    recipe = make_recipe("smote", target="count:60")
    return data, balance(data, make_split(data, duplicate_pairs=[]), recipe, folder / "out", workers=1)


@pytest.mark.parametrize("part", ["train", "test"])
def test_every_type_is_kept(made: tuple[Dataset, Version], part: str) -> None:
    table = pq.read_table(made[1].path / part / f"{part}.parquet")
    kinds = {field.name: field.type for field in source().schema if not pa.types.is_dictionary(field.type)}
    assert {name: table.schema.field(name).type for name in kinds} == kinds
    sizes = table.column("size").combine_chunks()
    assert sizes.type.ordered and sizes.dictionary.to_pylist() == SIZES
    assert pa.types.is_dictionary(table.schema.field("label").type)


def test_old_rows_are_unchanged_and_new_ones_fit(made: tuple[Dataset, Version]) -> None:
    table = pq.read_table(made[1].path / "train" / "train.parquet")
    old = [i for i in table["sample_id"].to_pylist() if i.startswith("r")]
    before = source().take([int(i[1:]) for i in old]).to_pylist()
    assert table.slice(0, len(old)).drop_columns("sample_id").to_pylist() == before
    new = table.slice(len(old))
    assert new.num_rows and not any(column.null_count for column in new.columns)
    assert verify(made[1].path).ok
    assert "does not fit" not in (made[1].path / "recipe.yaml").read_text(encoding="utf-8")


def test_a_stored_version_is_read_back_as_the_engine_holds_it(made: tuple[Dataset, Version]) -> None:
    data, version = made
    ids = np.array([i for i in data.ids if i in set(version_ids(version))])
    rows = _read_rows(version.path / "train" / "train.parquet", ids, data)
    pd.testing.assert_frame_equal(rows, data.take(ids).frame, check_names=False)


def version_ids(version: Version) -> list[str]:
    return pq.read_table(version.path / "train" / "train.parquet")["sample_id"].to_pylist()


def test_a_workspace_remembers_how_columns_were_stored(
    made: tuple[Dataset, Version], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERWEIGHT_HOME", str(tmp_path))
    workspace = Workspace.create()
    kept = workspace.load_dataset(workspace.save_dataset(made[0], name="data", understood={}, quarantine=[]))
    assert kept.schema == made[0].schema and kept.schema.stored["count"] == {"type": "int8"}


def test_one_value_too_large_leaves_the_column_wide() -> None:
    stored = {"n": {"type": "int8"}, "m": {"type": "int8"}}
    train = pd.DataFrame({"n": [1, 2], "m": [1, 2]}, index=["r0", "r1"])
    test = pd.DataFrame({"n": [200], "m": [3]}, index=["r2"])
    assert list(fitting((train, test), stored)) == ["m"]
