"""New samples read back from a version are the ones that were made."""

import json

import numpy as np
import pandas as pd
import pytest

from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.evaluate.from_version import StoredImages, read_synthetic
from augmentors.explore.images import read_rgb
from augmentors.run import balance, make_recipe
from augmentors.testing import toy_images, toy_table, toy_text


def made(dataset, key, folder):
    split = make_split(dataset, seed=1)
    return split, balance(dataset, split, make_recipe(key, target="majority"), folder / "out", workers=1).path


@pytest.mark.parametrize("labels", ["text", "integer"])
@pytest.mark.parametrize("missing", [False, True])
def test_table(tmp_path, labels, missing):
    dataset = toy_table(labels=labels, missing=missing)
    split, path = made(dataset, "random_oversampling", tmp_path)
    samples = read_synthetic(path, dataset)
    provenance = pd.read_parquet(path / "provenance.parquet")
    assert len(samples) == len(provenance) > 0
    assert samples.frame.index.tolist() == provenance["sample_id"].tolist()
    assert list(samples.frame.columns) == list(dataset.frame.columns)
    assert set(samples.parents.ravel()) <= set(split.train)
    assert (samples.frame["label"].astype(str) == samples.certificate["target"]).all()
    # Random oversampling makes copies: each new row equals its parent, types and holes included.
    parents = dataset.frame.loc[samples.parents[:, 0]]
    for name in dataset.frame.columns:
        assert samples.frame[name].dtype.kind == dataset.frame[name].dtype.kind or missing
        ours, theirs = samples.frame[name].reset_index(drop=True), parents[name].reset_index(drop=True)
        pd.testing.assert_series_equal(ours, theirs, check_dtype=False)
    assert np.allclose(samples.weights.sum(axis=1), 1)


def test_text(tmp_path):
    dataset = toy_text()
    folder = write_text_version(tmp_path, dataset)
    samples = read_synthetic(folder, dataset)
    assert samples.frame["text"].tolist() == ["new one", "NA"]
    assert samples.frame["label"].tolist() == ["rare", "some"]
    assert samples.parents.tolist() == [["r1", ""], ["r2", "r3"]]
    assert samples.weights.tolist() == [[1, 0], [0.25, 0.75]]
    assert "entry" in samples.certificate


def write_text_version(folder, dataset, ids=("n0", "n1")):
    (folder / "train").mkdir()
    rows = pd.DataFrame(
        {
            "sample_id": ["r0", "n1", "n0"],
            "text": ["real", "NA", "new one"],
            "label": ["rare", "some", "rare"],
        }
    )
    rows.to_parquet(folder / "train" / "train.parquet", index=False)
    provenance = pd.DataFrame(
        {
            "sample_id": list(ids),
            "target": ["rare", "some"],
            "entry": ["e", "e"],
            "parents": [["r1"], ["r2", "r3"]],
            "weights": [[1.0], [0.25, 0.75]],
        }
    )
    provenance.to_parquet(folder / "provenance.parquet", index=False)
    return folder


def test_images_are_read_when_asked_for(tmp_path):
    from augmentors.catalog import for_kind

    dataset = toy_images(tmp_path / "data")
    key = for_kind("image")[0].card.key
    _, path = made(dataset, key, tmp_path)
    samples = read_synthetic(path, dataset)
    assert isinstance(samples.images, StoredImages) and len(samples.images) == len(samples) > 0
    stored = pd.read_csv(path / "train" / "metadata.csv").set_index("sample_id")
    first = samples.frame.index[0]
    assert np.array_equal(samples.images[0], read_rgb(path / "train" / stored.loc[first, "file"]))
    assert len(samples.images[:2]) == 2
    assert samples.frame["label"].tolist() == samples.certificate["target"].tolist()


def test_what_is_not_a_version_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no provenance\.parquet"):
        read_synthetic(tmp_path, toy_text())


def test_version_of_other_data_is_refused(tmp_path):
    folder = write_text_version(tmp_path, toy_text())
    (folder / "manifest.json").write_text(json.dumps({"dataset_fingerprint": "other"}))
    with pytest.raises(UserError, match="made from other data"):
        read_synthetic(folder, toy_text())


def test_missing_sample_is_named(tmp_path):
    folder = write_text_version(tmp_path, toy_text(), ids=("n0", "n9"))
    with pytest.raises(UserError, match="lacks the new sample 'n9'"):
        read_synthetic(folder, toy_text())


def test_unknown_class_is_named(tmp_path):
    folder = write_text_version(tmp_path, toy_text())
    with pytest.raises(UserError, match="class 'some', which this dataset does not have"):
        read_synthetic(folder, toy_text({"rare": 3, "common": 4}))


def test_version_without_new_samples(tmp_path):
    dataset = toy_table({"a": 20, "b": 20})
    _, path = made(dataset, "random_oversampling", tmp_path)
    assert len(read_synthetic(path, dataset)) == 0
