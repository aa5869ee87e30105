"""The encoder and decoder: learns to rebuild, same bytes, travels and is saved without pickles of ours."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.job import NO_JOB
from augmentors.core.seeds import rng_from
from augmentors.generative.autoencoder import Autoencoder, Design, Quality, Training, as_input
from augmentors.generative.nets import decoder, encoder

Fitted = tuple[Autoencoder, Quality, np.ndarray]


def squares(n: int = 60, channels: int = 1, side: int = 16) -> tuple[np.ndarray, np.ndarray]:
    """Return images of a bright square high or low (the class), of varying place and light."""
    rng = np.random.default_rng(3)
    images = np.zeros((n, side, side, channels), np.uint8)
    classes = np.arange(n) % 2
    for i in range(n):
        top, left = 1 + 8 * classes[i] + rng.integers(0, 2), rng.integers(1, 9)
        images[i, top : top + 6, left : left + 6] = rng.integers(100, 255, channels)
    return images, classes


def fit(steps: int = 60, penalty: float = 0.02, channels: int = 1) -> tuple[Autoencoder, Quality]:
    images, classes = squares(channels=channels)
    design = Design(16, channels, 8, 16)
    model, quality, _ = Autoencoder.fit(images, classes, design, Training(steps, 0.005, penalty), rng_from("a"), NO_JOB)
    return model, quality


@pytest.fixture(scope="module")
def trained() -> Fitted:
    return (*fit(150), squares()[0])


def test_it_learns_to_rebuild(trained: Fitted) -> None:
    _, early = fit(2)
    _, late, _ = trained
    assert late.error < 0.6 * early.error
    assert late.held_out and 0 < late.best_step <= 150


def test_the_error_is_that_of_the_images_kept_out(trained: Fitted) -> None:
    model, quality, images = trained
    rebuilt = np.stack([model.decode(code) for code in model.encode(images)])
    gaps = np.abs(rebuilt.astype(float) - images[..., 0]).mean(axis=(1, 2))
    # Six of the sixty, drawn by the seed; the mean over all of them is near.
    assert gaps.min() <= quality.error <= gaps.max()


def test_same_seed_same_weights_another_seed_others() -> None:
    images, classes = squares()
    design, training = Design(16, 1, 8, 16), Training(5, 0.005, 0.02)
    one, two, other = (
        Autoencoder.fit(images, classes, design, training, rng_from(seed), NO_JOB)[0] for seed in ("a", "a", "b")
    )
    assert one.hash == two.hash != other.hash


def test_the_penalty_pulls_a_class_together() -> None:
    images = squares()[0]
    spread = []
    for penalty in (0.0, 3.0):
        model, _ = fit(120, penalty)
        rebuilt = np.stack([model.decode(code) for code in model.encode(images[::2])])
        spread.append(rebuilt.astype(float).std(axis=0).mean())
    assert spread[1] < 0.8 * spread[0]


def test_saved_loaded_and_sent_it_decodes_the_same(trained: Fitted, tmp_path: Path) -> None:
    model, _, images = trained
    code = model.encode(images[:1])[0]
    model.save(tmp_path / "w.safetensors")
    loaded = Autoencoder.load(tmp_path / "w.safetensors")
    sent = pickle.loads(pickle.dumps(model))
    assert loaded.hash == model.hash == sent.hash
    assert loaded.design == model.design
    for other in (loaded, sent):
        assert np.array_equal(other.decode(code), model.decode(code))


def test_one_weight_changes_the_hash(trained: Fitted) -> None:
    model = trained[0]
    changed = {name: value.copy() for name, value in model.weights.items()}
    first = next(name for name in changed if changed[name].ndim)
    changed[first].flat[0] += 1e-3
    assert Autoencoder(model.design, changed).hash != model.hash


@pytest.mark.parametrize("size", [8, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_nets_mirror_each_other(size: int, channels: int) -> None:
    import torch

    generator = torch.Generator().manual_seed(1)
    images = np.zeros((2, size, size, channels), np.uint8)
    codes = encoder(size, channels, 4, 7, generator)(as_input(images))
    assert codes.shape == (2, 7)
    made = decoder(size, channels, 4, 7, generator)(codes)
    assert made.shape == (2, channels, size, size)
    assert float(made.detach().abs().max()) <= 1


def test_colour_comes_back_as_colour_and_grey_as_grey() -> None:
    assert fit(2, channels=3)[0].decode(np.zeros(16)).shape == (16, 16, 3)
    assert fit(2)[0].decode(np.zeros(16)).shape == (16, 16)


def test_two_images_are_enough() -> None:
    images, classes = squares(2)
    design = Design(16, 1, 4, 4)
    model, quality, _ = Autoencoder.fit(images, classes, design, Training(2, 0.005, 0.1), rng_from("a"), NO_JOB)
    assert not quality.held_out
    assert model.encode(images).shape == (2, 4)
    assert model.encode(images[:0]).shape == (0, 4)
