"""Parquet keeps the types it carries."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.core.errors import UserError
from augmentors.export.arrow import as_table
from augmentors.ingest import load, propose
from augmentors.ingest.columns import to_pandas
from augmentors.ingest.stored_types import described, restored
from augmentors.ingest.typed_columns import typed_column

N = 30


def write(folder: Path, columns: dict[str, object], name: str = "data.parquet") -> Path:
    path = folder / name
    pq.write_table(pa.table(columns), path, row_group_size=7)
    return path


def labelled(**columns: object) -> dict[str, object]:
    return {**columns, "label": ["a", "b", "b"] * (N // 3)}


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        (pa.array(range(N), pa.uint8()), "integer", "int64"),
        (pa.array([None, *range(N - 1)], pa.int16()), "integer", "Int64"),
        (pa.array([2**63 + i for i in range(N)], pa.uint64()), "number", "float64"),
        (pa.array(np.arange(N) / 4, pa.float32()), "number", "float64"),
        (pa.array([None] + [1.5] * (N - 1)), "number", "float64"),
        (pa.array([1] * N).cast(pa.decimal128(30, 2)), "number", "float64"),
        (pa.array([True, False] * (N // 2)), "boolean", "bool"),
        (pa.array([True, None] * (N // 2)), "boolean", "boolean"),
        (pa.array(["007", "NA"] * (N // 2)), "category", "str"),
        (pa.array(["x", "y"] * (N // 2), pa.large_string()), "category", "str"),
        (pa.array(["x", "y"] * (N // 2)).dictionary_encode(), "category", "str"),
        (pa.array([dt.date(2024, 1, 31)] * N), "date", "datetime64[us]"),
        (pa.array([dt.datetime(2024, 1, 31)] * N, pa.timestamp("ns")), "date", "datetime64[us]"),
        (pa.array([dt.datetime(2024, 1, 31)] * N, pa.timestamp("s", "UTC")), "date", "datetime64[us]"),
        (pa.array([[1, 2]] * N), "ignored", "str"),
        (pa.array([b"\xff"] * N), "ignored", "str"),
        (pa.nulls(N), "ignored", "str"),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else str(value),
)
def test_types(tmp_path: Path, values: pa.Array, kind: str, dtype: str) -> None:
    loaded = load(write(tmp_path, labelled(x=values, z=[1.5] * N)))
    assert loaded.understood.types["x"] == kind
    assert str(loaded.dataset.frame["x"].dtype) == dtype
    assert loaded.understood.format == "parquet" and loaded.understood.delimiter is None


def test_the_label_keeps_its_type_and_reads_as_text(tmp_path: Path) -> None:
    path = write(tmp_path, {"x": [0.5] * N, "y": [0, 1, 1] * (N // 3)})
    data = load(path).dataset
    assert data.frame["y"].dtype == np.int64
    assert data.class_counts == {"1": 20, "0": 10}


def test_labels_that_are_categories_or_booleans(tmp_path: Path) -> None:
    coded = pa.array(["a", "b", "b"] * (N // 3)).dictionary_encode()
    data = load(write(tmp_path, {"x": [0.5] * N, "y": coded})).dataset
    assert data.frame["y"].dtype == "str" and data.class_counts == {"b": 20, "a": 10}
    flags = load(write(tmp_path, {"x": [0.5] * N, "y": [True, False, False] * (N // 3)})).dataset
    assert flags.class_counts == {"False": 20, "True": 10}


def test_a_label_without_a_usual_name_is_guessed_among_categories(tmp_path: Path) -> None:
    rows = {"size": np.arange(N) / 4, "state": pa.array(["ok", "worn", "ok"] * (N // 3)).dictionary_encode()}
    assert load(write(tmp_path, rows)).understood.label == "state"


def test_missing_labels_are_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path, {"x": [0.5] * N, "y": [0.0, None, float("nan")] * 5 + [1.0] * (N - 15)})
    loaded = load(path, label="y")
    assert len(loaded.quarantine) == 10
    assert loaded.quarantine[0].where == "row r1" and "'y' is empty" in loaded.quarantine[0].reason
    assert loaded.dataset.ids[:3].tolist() == ["r0", "r3", "r6"]


def test_the_index_of_pandas_is_left_out_unless_it_has_a_name(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    frame = pd.DataFrame(labelled(x=[0.5] * N, n=pd.array([None, *range(N - 1)], "Int64")), index=range(100, 100 + N))
    frame.to_parquet(path, index=True)
    loaded = load(path)
    assert list(loaded.dataset.frame) == ["x", "n", "label"]
    said = " ".join(loaded.understood.notes)
    assert "'__index_level_0__' is pandas' unnamed index; it is left out." in said
    assert "'n': whole numbers with missing values" in said and "dtype_backend='numpy_nullable'" in said
    frame.rename_axis("patient").to_parquet(path, index=True)
    assert "patient" in load(path).dataset.frame


def test_given_types(tmp_path: Path) -> None:
    path = write(tmp_path, labelled(x=[1, 2, 3] * (N // 3), z=[0.5] * N))
    loaded = load(path, types={"x": "category"})
    assert loaded.dataset.frame["x"].tolist()[:3] == ["1", "2", "3"]


def test_the_proposal_reads_the_first_rows(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, labelled(x=list(range(N)))))
    assert proposal.understood.label == "label" and len(proposal.preview) == 10


def test_same_rows_as_csv(tmp_path: Path) -> None:
    columns = labelled(x=[i / 8 for i in range(N)], n=list(range(N)), c=["u", "v"] * (N // 2))
    path = write(tmp_path, columns)
    pd.DataFrame(columns).to_csv(tmp_path / "data.csv", index=False)
    pd.testing.assert_frame_equal(load(path).dataset.frame, load(tmp_path / "data.csv").dataset.frame)


def test_duplicate_names_are_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1, 2])] * 3, names=["x", "label", "x"])
    pq.write_table(table, tmp_path / "data.parquet")
    with pytest.raises(UserError, match=r"two columns named 'x' \(columns 1 and 3\)"):
        load(tmp_path / "data.parquet")


def test_types_that_are_not_kept_are_said(tmp_path: Path) -> None:
    table = pa.table(
        {
            "big": pa.array([1, 2**63] * 20, pa.uint64()),
            "money": pa.array([1, 2] * 20, pa.decimal128(30, 2)),
            "fine": pa.array([1, 2_000] * 20, pa.timestamp("ns")),
            "small": pa.array([1, 2] * 20, pa.int8()),
            "kept": pa.array([1, 2] * 20, pa.int64()),
            "also": pa.array([1.0, 2.0] * 20, pa.float64()),
            "label": ["x", "y"] * 20,
        }
    )
    pq.write_table(table, tmp_path / "data.parquet")
    notes = load(tmp_path / "data.parquet", label="label").understood.notes
    said = {name: note for note in notes for name in table.column_names if f"'{name}' (" in note}
    assert set(said) == {"big", "money", "fine"}
    assert "cut off" in said["fine"] and "exported as double" in said["money"]


COLUMNS = st.one_of(
    *(
        st.lists(st.integers(*limits) | st.none(), min_size=1).map(lambda v, kind=kind: pa.array(v, kind))
        for kind, limits in (
            (pa.int8(), (-128, 127)),
            (pa.uint16(), (0, 65_535)),
            (pa.uint32(), (0, 2**32 - 1)),
            (pa.timestamp("s", "Europe/Berlin"), (0, 2**31)),
            (pa.timestamp("ms"), (-(2**40), 2**40)),
        )
    ),
    st.lists(st.floats(width=32, allow_nan=False) | st.none(), min_size=1).map(lambda v: pa.array(v, pa.float32())),
    st.lists(st.decimals(-999, 999, places=2) | st.none(), min_size=1).map(lambda v: pa.array(v, pa.decimal128(9, 2))),
    st.lists(st.sampled_from(["a", "é", ""]) | st.none(), min_size=1).map(
        lambda v: pa.array(v, pa.string()).dictionary_encode()
    ),
)


@given(COLUMNS)
def test_columns_come_back_as_they_were_stored(array: pa.Array) -> None:
    values = pa.chunked_array([array])
    stored = described(values)
    assert json.loads(json.dumps(stored)) == stored
    held = to_pandas(typed_column("x", values, None))
    back = restored(as_table(pd.DataFrame({"x": held}).rename(index=str)).column("x"), stored)
    assert back is not None and back.to_pylist() == values.to_pylist()
    if not pa.types.is_dictionary(array.type):
        assert back.type == array.type


def test_what_does_not_fit_is_left_as_it_is() -> None:
    numbers = pa.chunked_array([[1.0, 1e300]])
    assert restored(numbers, {"type": "float"}) is None
    assert restored(pa.chunked_array([[-1]]), {"type": "uint8"}) is None
    assert restored(pa.chunked_array([["new"]]), {"type": "categories", "categories": ["old"], "ordered": True}) is None


def test_text_that_is_stored_as_codes_reads_as_written(tmp_path: Path) -> None:
    # Few values, a gap and nothing at all; codes at first and a text of its own per row later; names with points.
    rows = 900
    few = ["north", "süd", "", None] * (rows // 4)
    later = ["once"] * 300 + [f"a text that is number {i}" for i in range(rows - 300)]
    columns = {"few": few, "large.one": pa.array(few, pa.large_string()), "later": later, "n": range(rows)}
    path = tmp_path / "codes.parquet"
    table = pa.table({**columns, "label": ["a", "b", "b"] * (rows // 3)})
    pq.write_table(table, path, row_group_size=300)
    frame = load(path, label="label").dataset.frame
    for name in ("few", "large.one", "later", "label"):
        read = [None if value is np.nan or pd.isna(value) else value for value in frame[name].tolist()]
        assert read == table.column(name).to_pylist(), name
    assert all(isinstance(frame[name].dtype, pd.StringDtype) for name in ("few", "large.one", "later", "label"))
    assert frame.columns.tolist() == table.column_names
