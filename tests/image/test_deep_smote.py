"""DeepSMOTE: trained on the training part, decoded between two named parents, weights hashed and saved."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from augmentors.balance import balance_training_part
from augmentors.core.errors import Cancelled, NotApplicable
from augmentors.core.job import Job
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.seeds import rng_from
from augmentors.generative.autoencoder import Autoencoder
from augmentors.image.deep_smote import DeepSmote
from augmentors.recipe import GateSettings, Recipe, with_full_params
from augmentors.testing import toy_images


def squares(n: int = 40, side: int = 28) -> list[np.ndarray]:
    rng = np.random.default_rng(1)
    images = []
    for _ in range(n):
        image = np.zeros((side, side), np.uint8)
        top, left = rng.integers(2, 14, 2)
        image[top : top + 12, left : left + 12] = 220
        images.append(image)
    return images


def test_a_step_of_nothing_would_rebuild_the_parents(studio: Any) -> None:
    train = studio.dataset(squares())
    augmenter = DeepSmote(steps=250, k_neighbors=3, least_share=0.5).fit(train, rng_from("fit"))
    samples = augmenter.augment("only", 12, rng_from(0))
    near = 0.0
    for i in range(12):
        one, two = (studio_pixels(studio, name) for name in samples.parents[i])
        made = studio.image(samples, i).astype(float)
        assert made.shape == (28, 28)
        assert samples.weights[i].tolist() == [0.5, 0.5]
        near += min(np.abs(made - one).mean(), np.abs(made - two).mean()) / 12
    strangers = np.mean([np.abs(squares()[i] - squares()[i + 1].astype(float)).mean() for i in range(30)])
    assert near < 0.6 * strangers


def studio_pixels(studio: Any, name: str) -> np.ndarray:
    from augmentors.explore.images import read_pixels

    return read_pixels(studio.folder / name).astype(float)


def test_what_was_learnt_has_a_hash_and_survives_saving(studio: Any, tmp_path: Path) -> None:
    train = studio.dataset(squares(24))
    one, two = (DeepSmote(steps=4).fit(train, rng_from("fit")) for _ in range(2))
    assert one.weights_hash() == two.weights_hash()
    assert DeepSmote(steps=4).weights_hash() is None
    assert DeepSmote(steps=4).fit(train, rng_from("other")).weights_hash() != one.weights_hash()
    one.save(tmp_path / "saved")
    assert (tmp_path / "saved" / "weights.safetensors").exists()
    loaded = DeepSmote.load(tmp_path / "saved", train)
    assert loaded.weights_hash() == one.weights_hash()
    assert loaded.notes("only") == one.notes("only")


def test_it_says_how_well_it_rebuilds(studio: Any) -> None:
    notes = studio.make("deep_smote", studio.dataset(squares(24)), steps=3).notes
    assert "DeepSMOTE makes images of 32 × 32 pixels and resizes them to their first parent's size." in notes
    assert any("rebuilds images kept out of the training with a mean error of" in note for note in notes)
    assert any(note.startswith("Expect blurry images") for note in notes)


def test_sizes_and_colours_follow_the_first_parent(studio: Any) -> None:
    images = [studio.photo(50, 70, seed=i) for i in range(4)] + [studio.photo(90, 60, seed=9)[:, :, 0]]
    train = studio.dataset(images)
    samples = studio.make("deep_smote", train, 10, steps=3)
    shapes = {name: image.shape for name, image in zip(train.ids, images, strict=True)}
    for i in range(10):
        assert studio.image(samples, i).shape == shapes[samples.parents[i, 0]]


def test_one_image_of_a_class_is_not_enough(studio: Any) -> None:
    with pytest.raises(NotApplicable, match="needs 2 images of a class; 'only' has 1"):
        studio.make("deep_smote", studio.dataset(squares(1)), steps=2)


def test_a_fit_can_be_cancelled_between_steps(studio: Any) -> None:
    class Stop(Job):
        checks = 0

        def progress(self, fraction: float, message: str = "", **counts: object) -> None:
            raise AssertionError("went on to step 10")

        def check(self) -> None:
            self.checks += 1
            if self.checks > 32:  # 24 images read, then a few steps
                raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        DeepSmote(steps=10_000).fit(studio.dataset(squares(24)), rng_from("fit"), Stop())


def test_a_preview_trains_for_less_and_says_how_much_less() -> None:
    quick, times = DeepSmote(steps=1_200, width=8).preview_version()
    assert (quick.params.steps, quick.params.width, times) == (150, 8, 8.0)
    assert DeepSmote(steps=20).preview_version()[1] == 1.0


def test_a_resumed_run_does_not_train_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train = toy_images(tmp_path / "images", {"common": 20, "rare": 12})

    def run(seed: int, keep_in: Path | None = tmp_path / "work") -> tuple[list[bytes], list[str], dict[str, str]]:
        part = MixPart(augmenter="deep_smote", params={"steps": 3})
        plan = Plan(target="custom", entries=(PlanEntry(target="rare", count=6, mix=(part,)),))
        recipe = with_full_params(Recipe(plan=plan, seed=seed, gate=GateSettings(copies=False)))
        made = balance_training_part(train, recipe, keep_in=keep_in)
        assert made.kept is not None and made.kept.files is not None
        return made.kept.files, made.notes, made.weights

    first = run(1)
    assert run(1, None) == first
    for block in (tmp_path / "work").glob("*.parquet"):  # the images are made again, by the same nets
        block.unlink()

    def never(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(Autoencoder, "fit", never)
    assert run(1) == first
    with pytest.raises(AssertionError, match="trained again"):
        run(2)  # another seed is another training
