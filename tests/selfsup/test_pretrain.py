"""From a dataset and its split to an encoder and what it is worth."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import augmentors as cw
from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable, UserError
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.pretrain import pretrain
from augmentors.selfsup.registry import load_encoder, pretexts_for

SMALL = {"steps": 30, "batch": 32, "width": 4, "learning_rate": 0.002}
SCRATCH = SMALL | {"start": "scratch"}


@pytest.mark.parametrize("cls", pretexts_for("image"))
def test_loss_falls_on_real_images(images: Dataset, cls: type[Encoder]) -> None:
    given = SCRATCH if "start" in cls.Params.model_fields else SMALL
    losses = [loss for _, loss in cls(**given).fit(images).history]
    assert np.mean(losses[-8:]) < 0.9 * np.mean(losses[:4])


def test_pretrain_writes_all_that_is_known(images: Dataset, tmp_path: Path) -> None:
    split = cw.split_dataset(images)
    made = cw.pretrain(images, split, "simclr", params=SCRATCH, out=tmp_path / "out")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "weights.safetensors",
        "encoder.json",
        "judged.json",
        "losses.csv",
    }
    assert load_encoder(tmp_path / "out").hash == made.encoder.hash
    judged = json.loads((tmp_path / "out" / "judged.json").read_text())
    assert judged == made.to_json()["judged"]
    assert {one["class"] for one in judged["classes"]} == set(images.class_counts)
    assert sum(one["count"] for one in judged["classes"]) == len(split.train)
    assert all(set(one["untrained"]) == set(one["after"]) for one in judged["classes"])
    assert judged["untrained"] != judged["after"]
    assert (tmp_path / "out" / "losses.csv").read_text().splitlines()[0] == "step,loss"
    cw.pretrain(images, split, "masked_image", params=SMALL | {"steps": 1}, out=tmp_path / "out")  # an earlier one


def test_test_samples_change_nothing(images: Dataset, tmp_path: Path) -> None:
    """The same training images beside other test images: the same weights and the same judgement."""
    split = cw.split_dataset(images)
    assert images.root is not None
    shutil.copytree(images.root, tmp_path / "files")
    donor = images.image_path(0)
    for i in images.frame.index.get_indexer(split.test):
        shutil.copy(donor, tmp_path / "files" / str(images.frame["path"].iloc[i]))
    spied = replace(images, root=tmp_path / "files", fingerprint="other")
    found, other = (pretrain(one, split, "simclr", params=SCRATCH | {"steps": 4}) for one in (images, spied))
    assert other.encoder.hash == found.encoder.hash
    assert other.judged.to_json() == found.judged.to_json()


def test_mistakes_come_before_the_work(images: Dataset, tmp_path: Path) -> None:
    split = cw.split_dataset(images)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="holds no encoder"):
        pretrain(images, split, "simclr", out=tmp_path)
    with pytest.raises(UserError, match="no self-supervised method 'nothing'"):
        pretrain(images, split, "nothing")
    table = cw.load(Path(__file__).parents[2] / "assets" / "samples" / "tiny.csv").dataset
    with pytest.raises(NotApplicable, match="is for image data"):
        pretrain(table, cw.split_dataset(table), "simclr")
