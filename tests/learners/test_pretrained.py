"""Logistic regression on an embedding that was learnt without labels, in a comparison of real images."""

from pathlib import Path

import numpy as np
import pytest

import augmentors as cw
from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.evaluate.compare import compare
from augmentors.ingest import load
from augmentors.learners.own import is_own
from augmentors.learners.pretrained import pretrained_card, with_hash
from augmentors.learners.registry import make_learner
from augmentors.selfsup.masked_image import MaskedImage

FASHION = Path(__file__).parents[2] / "assets" / "samples" / "fashion.zip"


@pytest.fixture(scope="module")
def images() -> Dataset:
    dataset = load(FASHION).dataset
    some = [dataset.ids[dataset.positions(name)[:20]] for name in ("sandal", "trouser")]
    return dataset.take(np.concatenate(some))


@pytest.fixture(scope="module")
def folder(images: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("encoder")
    train = images.take(cw.split_dataset(images).train)
    MaskedImage(steps=20, batch=16, width=4).fit(train).save(out)
    return out


def test_its_key_names_the_weights(images: Dataset, folder: Path) -> None:
    key = with_hash(f"encoder:{folder}")
    assert with_hash(key) == key
    assert not is_own(key)
    card = pretrained_card(key, "image")
    assert not card.by_default
    assert card.features == key.replace(":", "-")
    assert "without their labels" in card.summary
    learner = make_learner(key, 0).fit(images)
    proba = learner.predict_proba(images)
    assert (learner.classes_[proba.argmax(axis=1)] == images.labels).mean() > 0.8


def test_a_comparison_in_two_processes_equals_one(images: Dataset, folder: Path) -> None:
    split = cw.split_dataset(images)
    found = [
        compare(images, split, learners=[f"encoder:{folder}"], repeats=1, free=["class_weight"], workers=n).to_json()
        for n in (1, 2)
    ]
    assert found[0] == found[1]
    assert found[0]["learners"][0]["key"] == with_hash(f"encoder:{folder}")
    assert str(folder) not in str(found[0])
    assert not found[0].get("failed")


def test_an_encoder_that_may_have_seen_test_samples_is_refused(images: Dataset, tmp_path: Path) -> None:
    MaskedImage(steps=1, batch=16, width=4).fit(images).save(tmp_path)
    with pytest.raises(UserError, match="may have seen test samples"):
        compare(images, cw.split_dataset(images), learners=[f"encoder:{tmp_path}"], repeats=1, free=["none"])


def test_mistakes_are_told(images: Dataset, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no encoder"):
        with_hash(f"encoder:{tmp_path}")
    with pytest.raises(UserError, match="not here any more"):
        with_hash("encoder:" + "0" * 32)
    with pytest.raises(UserError, match="reads image data"):
        pretrained_card(with_hash(f"encoder:{folder}"), "text")
