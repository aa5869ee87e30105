"""The contract of an encoder, on real images."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, InvalidParams, NotApplicable, NotFitted, UserError
from augmentors.core.job import Job
from augmentors.ingest import load
from augmentors.selfsup.encoder import FACTS, WEIGHTS, Encoder, encoder_id
from augmentors.selfsup.registry import load_encoder
from augmentors.selfsup.simclr import SimClr

TABLE = Path(__file__).parents[2] / "assets" / "samples" / "tiny.csv"
SMALL = {"start": "scratch", "steps": 12, "batch": 16, "width": 4}


@pytest.fixture(scope="module")
def fitted(images: Dataset) -> Encoder:
    return SimClr(**SMALL).fit(images, seed=3)


def test_same_seed_and_rows_in_any_order_give_the_same_weights(images: Dataset, fitted: Encoder) -> None:
    assert SimClr(**SMALL).fit(images.take(images.ids[::-1]), seed=3).hash == fitted.hash
    assert SimClr(**SMALL).fit(images, seed=4).hash != fitted.hash


def test_labels_change_nothing(images: Dataset, fitted: Encoder) -> None:
    label = images.schema.label
    other = replace(images, frame=images.frame.assign(**{label: "one"}))
    again = SimClr(**SMALL).fit(other, seed=3)
    assert again.hash == fitted.hash
    assert again.id == fitted.id == encoder_id(SimClr(**SMALL), images, 3)


def test_the_id_tells_parameters_seed_and_rows_apart(images: Dataset, fitted: Encoder) -> None:
    others = [
        encoder_id(SimClr(**SMALL | {"steps": 13}), images, 3),
        encoder_id(SimClr(**SMALL), images, 4),
        encoder_id(SimClr(**SMALL), images.take(images.ids[1:]), 3),
    ]
    assert len({fitted.id, *others}) == 4


def test_global_state_and_threads_are_as_before(images: Dataset) -> None:
    before = (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state(), torch.get_num_threads())
    SimClr(**SMALL | {"steps": 2}).fit(images).encode(images)
    assert random.getstate() == before[0]
    assert np.random.get_state()[1].tolist() == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])
    assert torch.get_num_threads() == before[3]


def test_saved_and_loaded_is_the_same(images: Dataset, fitted: Encoder, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    loaded = load_encoder(tmp_path)
    assert (loaded.hash, loaded.id, loaded.history) == (fitted.hash, fitted.id, fitted.history)
    vectors = fitted.encode(images)
    assert vectors.dtype == np.float32
    assert np.array_equal(loaded.encode(images), vectors)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([FACTS, WEIGHTS])


def test_changed_weights_are_refused(fitted: Encoder, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    data = bytearray((tmp_path / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (tmp_path / WEIGHTS).write_bytes(bytes(data))
    with pytest.raises(UserError, match="are not those"):
        load_encoder(tmp_path)


def test_new_samples_are_encoded_like_real_ones(images: Dataset, fitted: Encoder) -> None:
    from augmentors.explore.images import read_pixels

    pixels = [read_pixels(images.image_path(i)) for i in range(5)]
    assert np.allclose(fitted.encode_new(pixels), fitted.encode(images)[:5], atol=1e-5)


@pytest.mark.parametrize("at_step", [0, 5])
def test_cancelled_leaves_nothing_fitted(images: Dataset, at_step: int) -> None:
    class Stops(Job):
        seen = 0

        def check(self) -> None:
            self.seen += 1
            if self.seen > len(images) + 2 + at_step:
                raise Cancelled("Cancelled.")

    encoder = SimClr(**SMALL)
    with pytest.raises(Cancelled):
        encoder.fit(images, job=Stops())
    with pytest.raises(NotFitted, match="call fit"):
        encoder.encode(images)


def test_progress_rises_to_one(images: Dataset) -> None:
    seen: list[float] = []

    class Hears(Job):
        def progress(self, fraction: float, message: str = "", **counts: object) -> None:
            seen.append(fraction)

    SimClr(**SMALL).fit(images, job=Hears())
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_mistakes_are_one_sentence(images: Dataset) -> None:
    with pytest.raises(InvalidParams, match="no parameter 'stepps'"):
        SimClr(stepps=3)
    with pytest.raises(NotApplicable, match="needs 2 samples"):
        SimClr(**SMALL).fit(images.take(images.ids[:1]))
    with pytest.raises(NotApplicable, match="of kind table"):
        SimClr(**SMALL).fit(load(TABLE).dataset)
