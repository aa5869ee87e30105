"""Every method before its first step: the weights that learning starts from, and none of what it learns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.ingest import load, sample
from augmentors.selfsup.encoder import Encoder
from augmentors.selfsup.masked_column import MaskedColumn
from augmentors.selfsup.masked_image import MaskedImage
from augmentors.selfsup.masked_token import MaskedToken
from augmentors.selfsup.registry import PRETEXTS, load_encoder
from augmentors.selfsup.simclr import SimClr

# Steps too small to change a weight: what is left is what learning starts from.
STILL = 1e-12
MADE: list[tuple[type[Encoder], dict[str, Any]]] = [
    (MaskedColumn, {"width": 8}),
    (MaskedToken, {"start": "scratch"}),
    (MaskedToken, {"start": "minilm"}),
    (SimClr, {"start": "scratch", "width": 4, "batch": 8}),
    (SimClr, {"start": "imagenet", "batch": 4}),
    (MaskedImage, {"width": 4, "batch": 8}),
]
SAMPLES = {"table": "page_blocks", "text": "spam"}


@pytest.fixture(scope="module")
def train(request: pytest.FixtureRequest, images: Dataset) -> Dataset:
    kind = request.param
    if kind == "image":
        return images.take(images.ids[::6])
    chosen = sample(SAMPLES[kind])
    dataset = load(chosen.path, label=chosen.label).dataset
    return dataset.take(dataset.ids[:40])


def test_every_method_is_here() -> None:
    assert {cls for cls, _ in MADE} == set(PRETEXTS)


@pytest.mark.parametrize(
    ("train", "cls", "params"), [(cls.card.kind, cls, params) for cls, params in MADE], indirect=["train"]
)
def test_untrained_is_what_learning_starts_from(
    train: Dataset, cls: type[Encoder], params: dict[str, Any], tmp_path: Path
) -> None:
    fitted = cls(**params, steps=2).fit(train, seed=5)
    start = fitted.untrained(train)
    still = cls(**params, steps=1, learning_rate=STILL).fit(train, seed=5)
    assert start.facts == still.facts == fitted.facts
    learnt = [name for name in start.weights if "running_" not in name and "num_batches" not in name]
    assert all(np.allclose(start.weights[name], still.weights[name], atol=1e-9) for name in learnt)
    assert any(not np.array_equal(start.weights[name], fitted.weights[name]) for name in learnt)
    assert start.history == []
    assert start.id != fitted.id
    assert start.encode(train).shape == fitted.encode(train).shape
    fitted.save(tmp_path)
    assert load_encoder(tmp_path).untrained(train).hash == start.hash
    assert fitted.untrained(train.take(train.ids[::-1])).hash == start.hash
