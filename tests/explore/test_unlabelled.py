"""What may not be learnt from under any label stays out: copies of labelled samples, groups of the test part."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.explore.unlabelled import attach, without_groups_of
from augmentors.testing import numeric_table, toy_images, toy_text
from augmentors.testing.trial import with_unlabelled


def pool_of(dataset: Dataset, frame: pd.DataFrame) -> Dataset:
    """Return rows as the unlabelled pool of a dataset."""
    rows = frame.set_axis([f"p{i}" for i in range(len(frame))], axis=0)
    pool = with_unlabelled(dataset, replace(dataset, frame=rows, fingerprint="other")).unlabelled
    assert pool is not None
    return pool


def test_copies_and_near_copies_of_rows_are_counted_by_whose_they_are() -> None:
    data, others = numeric_table(), numeric_table(seed=1)
    split = make_split(data)
    test, train = data.take(split.test).frame, data.take(split.train).frame
    near = test.iloc[[5]] + 0.0 if False else test.iloc[[5]].assign(x0=lambda f: f["x0"] + 1e-4)
    rows = pd.concat([test.iloc[:3], near, train.iloc[:2], others.frame.iloc[:10], others.frame.iloc[:4]])
    found = attach(data, split, pool_of(data, rows))
    assert (found.like_test, found.like_train, found.twins, found.given) == (4, 2, 4, 20)
    assert found.dataset.unlabelled is not None and len(found.dataset.unlabelled) == 10
    assert found.notes == [
        "Unlabelled: 10 of 20 samples are used; left out: 4 copies or near-copies of test samples, 2 copies or "
        "near-copies of training samples, 4 copies or near-copies of one another."
    ]
    exact = attach(data, split, pool_of(data, rows), near=False)
    assert exact.like_test == 3
    assert found.check() is found


def test_a_pool_of_copies_alone_is_no_pool() -> None:
    data = numeric_table()
    split = make_split(data)
    found = attach(data, split, pool_of(data, data.take(split.test).frame.iloc[:3]))
    with pytest.raises(
        UserError, match="None of the 3 unlabelled samples can be used: 3 copies or near-copies of test"
    ):
        found.check()


def test_copies_of_texts() -> None:
    data = toy_text()
    split = make_split(data)
    texts = data.take(split.test).texts
    rows = pd.DataFrame({"text": [texts[0], texts[1].upper() + "!!", "Quite another thing that nobody wrote so far."]})
    found = attach(data, split, pool_of(data, rows.assign(label="x").astype("str")))
    assert found.like_test == 2
    assert found.dataset.unlabelled is not None
    assert found.dataset.unlabelled.texts == ["Quite another thing that nobody wrote so far."]


def test_copies_of_images_under_other_names_and_sizes(tmp_path: Path) -> None:
    data = toy_images(tmp_path / "labelled")
    split = make_split(data)
    (tmp_path / "pool").mkdir()
    path = data.take(split.test).image_path(0)
    (tmp_path / "pool" / f"same{path.suffix}").write_bytes(path.read_bytes())
    with Image.open(path) as image:
        image.resize((image.width * 2, image.height * 2)).save(tmp_path / "pool" / "larger.png")
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "pool" / "other.png")
    from augmentors.ingest import load_unlabelled

    found = attach(data, split, load_unlabelled(tmp_path / "pool", data).dataset)
    assert found.like_test == 2
    assert found.dataset.unlabelled is not None
    assert found.dataset.unlabelled.ids.tolist() == ["unlabelled:other.png"]


@pytest.fixture
def patients() -> Dataset:
    data = numeric_table()
    frame = data.frame.assign(patient=pd.array([f"p{i // 10}" for i in range(len(data))], dtype="str"))
    return replace(
        data,
        frame=frame,
        schema=replace(data.schema, types=data.schema.types | {"patient": "category"}, group="patient"),
    )


def test_groups_of_the_test_part_stay_out(patients: Dataset) -> None:
    split = make_split(patients)
    other = numeric_table(seed=1).frame.assign(patient=patients.frame["patient"].to_numpy())
    found = attach(patients, split, pool_of(patients, other))
    of_test = set(patients.take(split.test).frame["patient"])
    assert found.dataset.unlabelled is not None
    assert found.of_test_groups == other["patient"].isin(of_test).sum() > 0
    assert not set(found.dataset.unlabelled.frame["patient"]) & of_test


def test_a_held_out_fold_takes_its_groups_along(patients: Dataset) -> None:
    split = make_split(patients)
    other = numeric_table(seed=1).frame.assign(patient=patients.frame["patient"].to_numpy())
    data = attach(patients, split, pool_of(patients, other)).dataset
    fold = data.take(split.train[split.folds == 0])
    rest = without_groups_of(data.take(split.train[split.folds != 0]), fold)
    assert rest.unlabelled is not None and len(rest.unlabelled)
    assert not set(rest.unlabelled.frame["patient"]) & set(fold.frame["patient"])


def test_what_a_reviewer_rejected_stays_out() -> None:
    data, others = numeric_table(), numeric_table(seed=1)
    pool = pool_of(data, others.frame.iloc[:10])
    found = attach(data, make_split(data), pool, rejected=["unlabelled:p3", "unlabelled:unknown"])
    assert found.rejected == 1
    assert found.dataset.unlabelled is not None and "unlabelled:p3" not in found.dataset.unlabelled.ids
