"""Samples without labels are read as the labelled ones were, or one sentence says what does not fit."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.ingest import load, load_unlabelled
from augmentors.testing import toy_images, toy_regression

ROWS = pd.DataFrame(
    {
        "code": ["007", "010", "011", "012"] * 5,
        "size": [1.5, 2.5, 3.5, 4.25] * 5,
        "visits": [1, 2, 3, 4] * 5,
        "label": ["a", "b", "a", "b"] * 5,
    }
)


@pytest.fixture
def labelled(tmp_path: Path) -> Dataset:
    ROWS.to_csv(tmp_path / "labelled.csv", index=False)
    return load(tmp_path / "labelled.csv", label="label").dataset


def written(rows: pd.DataFrame, tmp_path: Path, **how: object) -> Path:
    rows.to_csv(tmp_path / "more.csv", index=False, **how)  # type: ignore[call-overload]
    return tmp_path / "more.csv"


def test_types_are_those_of_the_labelled_rows(labelled: Dataset, tmp_path: Path) -> None:
    # Alone, these codes would read as numbers, and sizes as whole ones.
    rows = pd.DataFrame({"visits": [5, 6], "size": [1, 2], "code": ["700", "800"]})
    read = load_unlabelled(written(rows, tmp_path), labelled)
    frame = read.dataset.frame
    assert list(frame.columns) == ["code", "size", "visits"]
    assert frame.dtypes.tolist() == labelled.frame[frame.columns].dtypes.tolist()
    assert frame.index.tolist() == ["unlabelled:r0", "unlabelled:r1"]
    assert frame["code"].tolist() == ["700", "800"]
    assert read.dataset.schema == labelled.schema
    assert read.dataset.fingerprint != labelled.fingerprint


def test_a_label_column_is_not_looked_at_and_that_is_said(labelled: Dataset, tmp_path: Path) -> None:
    path = written(ROWS.assign(label="?"), tmp_path, sep=";")
    read = load_unlabelled(path, labelled)
    assert "label" not in read.dataset.frame
    assert read.notes[0] == "Column 'label' of the unlabelled data more.csv is not looked at."
    assert read.delimiter == ";"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS.drop(columns=["size", "visits"]), "it lacks 'size', 'visits'."),
        (ROWS.assign(colour="red"), "it has 'colour', which the labelled data lacks."),
        (
            ROWS.rename(columns={"size": "Size"}),
            "it lacks 'size' and it has 'Size', which the labelled data lacks.",
        ),
    ],
)
def test_other_columns_are_one_sentence_with_their_names(
    rows: pd.DataFrame, said: str, labelled: Dataset, tmp_path: Path
) -> None:
    whole = f"The unlabelled data more.csv has other columns than the labelled data: {said}"
    with pytest.raises(UserError, match=re.escape(whole)) as error:
        load_unlabelled(written(rows, tmp_path), labelled)
    assert error.value.hint == "Give it the same columns; the label column 'label' may be left out."


def test_values_of_another_type_are_told_with_an_example(labelled: Dataset, tmp_path: Path) -> None:
    path = written(ROWS.assign(size="large"), tmp_path)
    with pytest.raises(UserError, match=r"more\.csv does not fit the labelled data: Column 'size' .* 'large'"):
        load_unlabelled(path, labelled)


def test_gaps_that_labelled_rows_never_have_are_set_aside(labelled: Dataset, tmp_path: Path) -> None:
    rows = ROWS.astype({"visits": object})
    rows.loc[3, "visits"] = None
    read = load_unlabelled(written(rows, tmp_path), labelled)
    assert len(read.dataset) == len(ROWS) - 1
    assert [(item.where, item.reason) for item in read.quarantine] == [
        ("line 5 (r3)", "'visits' is missing, which never happens in the labelled data")
    ]
    with pytest.raises(UserError, match=r"no row that could be used: 'visits' is missing"):
        load_unlabelled(written(rows.assign(visits=None), tmp_path), labelled)


def test_an_empty_file_is_told(labelled: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^The unlabelled data more\.csv holds a header but no rows\. Add rows"):
        load_unlabelled(written(ROWS.iloc[:0], tmp_path), labelled)
    (tmp_path / "none.csv").write_bytes(b"")
    with pytest.raises(UserError, match=r"^The unlabelled data none\.csv is empty \(0 bytes\)\."):
        load_unlabelled(tmp_path / "none.csv", labelled)


def test_texts_need_their_text_column(tmp_path: Path) -> None:
    texts = pd.DataFrame(
        {"message": [f"this is the message number {i} of them" for i in range(12)], "label": list("ab") * 6}
    )
    texts.to_csv(tmp_path / "texts.csv", index=False)
    like = load(tmp_path / "texts.csv", label="label", kind="text", text="message").dataset
    read = load_unlabelled(written(texts[["message"]].iloc[:3], tmp_path), like)
    assert read.dataset.texts == texts["message"].tolist()[:3]
    with pytest.raises(UserError, match="it lacks 'message' and it has 'body'"):
        load_unlabelled(written(texts.rename(columns={"message": "body"}), tmp_path), like)


def test_images_lie_wherever_they_lie(tmp_path: Path) -> None:
    like = toy_images(tmp_path / "labelled", {"a": 4, "b": 4})
    toy_images(tmp_path / "more" / "wrapped", {"x": 2, "y": 3}, seed=1)
    (tmp_path / "more" / "wrapped" / "notes.txt").write_text("no image")
    (tmp_path / "more" / "wrapped" / "x" / "bad.png").write_bytes(b"no image")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as zipped:
        for path in sorted((tmp_path / "more").rglob("*.*")):
            zipped.write(path, path.relative_to(tmp_path / "more"))
    folder = load_unlabelled(tmp_path / "more", like)
    packed = load_unlabelled(tmp_path / "more.zip", like, workdir=tmp_path / "unpacked")
    assert folder.dataset.fingerprint == packed.dataset.fingerprint
    for read in (folder, packed):
        assert len(read.dataset) == 5
        assert all(read.dataset.image_path(i).is_file() for i in range(5))
        assert read.notes == ["The folders of 5 unlabelled images are not looked at: their class is open."]
        assert {item.reason for item in read.quarantine} == {"is not an image", "is not an image that can be read"}
    assert folder.dataset.ids.tolist() == packed.dataset.ids.tolist()


def test_another_kind_is_told(labelled: Dataset, tmp_path: Path) -> None:
    images = toy_images(tmp_path / "images", {"a": 2, "b": 2})
    with pytest.raises(UserError, match=r"images is a folder, which is read as images; .* of kind table"):
        load_unlabelled(tmp_path / "images", labelled)
    with pytest.raises(UserError, match=r"holds rows, not images; the labelled data is of kind image"):
        load_unlabelled(written(ROWS, tmp_path), images)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no image that could be used"):
        load_unlabelled(tmp_path / "empty", images)
    zipfile.ZipFile(tmp_path / "none.zip", "w").close()
    with pytest.raises(
        UserError, match=r"^Unlabelled data: The ZIP none\.zip is empty\. Give a ZIP or a folder of images"
    ):
        load_unlabelled(tmp_path / "none.zip", images)


def test_ids_never_meet_those_of_labelled_samples(labelled: Dataset, tmp_path: Path) -> None:
    read = load_unlabelled(written(ROWS, tmp_path), labelled)
    assert not np.isin(read.dataset.ids, labelled.ids).any()


def test_a_number_as_label_is_refused(tmp_path: Path) -> None:
    like = toy_regression()
    with pytest.raises(UserError, match=r"for data with one class per sample; '.*' is a number"):
        load_unlabelled(written(ROWS, tmp_path), like)
