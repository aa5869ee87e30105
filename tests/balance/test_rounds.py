from pathlib import Path

import numpy as np
import pytest

from augmentors import catalog
from augmentors.balance import Balanced, balance_training_part
from augmentors.balance.blocks import Part, tasks_for
from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, NotApplicable
from augmentors.core.job import Job
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.recipe import GateSettings, Recipe, with_full_params
from augmentors.testing import numeric_table, toy_table


def recipe(entries: dict[str, int], *keys: str, seed: int = 0, gate: GateSettings | None = None) -> Recipe:
    mix = tuple(MixPart(augmenter=key) for key in keys)
    plan = Plan(target="custom", entries=tuple(PlanEntry(target=t, count=n, mix=mix) for t, n in entries.items()))
    return with_full_params(Recipe(seed=seed, plan=plan, gate=gate or GateSettings()))


def content(balanced: Balanced) -> list[tuple[object, ...]]:
    assert balanced.kept is not None
    samples = balanced.kept.samples
    rows = samples.frame.astype(object).itertuples(index=True, name=None)
    parents = (tuple(p) for p in samples.parents)
    return list(zip(rows, parents, samples.certificate["drawn"], strict=True))


@pytest.fixture(scope="module")
def train() -> Dataset:
    return numeric_table(rows=400, columns=5)


def test_exactly_the_wanted_number_is_kept_after_rejections(train: Dataset) -> None:
    balanced = balance_training_part(train, recipe({"rare": 300}, "smote"))
    assert balanced.kept is not None
    assert len(balanced.kept) == 300
    assert balanced.tallies["rare"].kept == 300
    assert balanced.tallies["rare"].made == 300 + sum(balanced.tallies["rare"].rejected.values())


def test_shares_of_a_mix_are_kept(train: Dataset) -> None:
    balanced = balance_training_part(train, recipe({"rare": 101}, "smote", "random_oversampling"))
    assert balanced.kept is not None
    made_by = balanced.kept.samples.certificate["augmenter"].value_counts().to_dict()
    assert made_by == {"smote": 51, "random_oversampling": 50}


def test_workers_do_not_change_a_sample(train: Dataset) -> None:
    wanted = recipe({"rare": 40_000}, "smote", "random_oversampling", gate=GateSettings.off())
    one = balance_training_part(train, wanted, workers=1)
    two = balance_training_part(train, wanted, workers=2)
    assert content(one) == content(two)


def test_changing_one_class_redraws_only_that_class() -> None:
    train = toy_table({"common": 60, "rare": 20, "some": 25})
    first = balance_training_part(train, recipe({"rare": 90, "some": 70}, "smote"))
    second = balance_training_part(train, recipe({"rare": 40, "some": 70}, "smote"))

    def of(balanced: Balanced, target: str) -> list[str]:
        assert balanced.kept is not None
        samples = balanced.kept.samples
        return samples.frame.index[samples.certificate["target"] == target].tolist()

    assert of(first, "some") == of(second, "some")
    assert of(first, "rare") != of(second, "rare")


def test_another_seed_gives_other_samples(train: Dataset) -> None:
    one = balance_training_part(train, recipe({"rare": 10}, "smote", seed=1))
    two = balance_training_part(train, recipe({"rare": 10}, "smote", seed=2))
    assert content(one) != content(two)


def test_a_certificate_replays_its_sample(train: Dataset) -> None:
    from augmentors.balance.blocks import Shared, block_seed
    from augmentors.core.seeds import rng_from
    from augmentors.gate import Gate

    wanted = recipe({"rare": 200}, "smote", gate=GateSettings.off())
    balanced = balance_training_part(train, wanted)
    assert balanced.kept is not None
    certificate = balanced.kept.samples.certificate.iloc[130]
    augmenter = catalog.get("smote")(**wanted.plan.entries[0].mix[0].params)
    augmenter.fit(train, rng_from(0, "any"))
    part = Part("rare", augmenter, 200)
    shared = Shared(wanted.seed, train.content_hash, (part,), "table", Gate(), None)
    seed = block_seed(shared, part, int(certificate["round"]), int(certificate["block"]))
    block = augmenter.augment("rare", 64, rng_from(*seed))
    again = block.frame.iloc[int(certificate["index"])]
    original = balanced.kept.samples.frame.iloc[130]
    assert again.name == original.name
    assert again.tolist() == original.tolist()


def test_a_hopeless_target_stops_with_a_reason() -> None:
    # Every row of the class is the same, so every interpolation is a copy.
    train = numeric_table(rows=60)
    frame = train.frame.copy()
    at = train.positions("rare")
    frame.iloc[at, :-1] = frame.iloc[at[:1], :-1].to_numpy()
    same = Dataset(train.kind, frame, train.schema, train.fingerprint)
    balanced = balance_training_part(same, recipe({"rare": 100}, "smote"))
    assert balanced.kept is None
    assert "'rare' is 100 samples short: SMOTE stopped since the gate kept none of its last 100." in balanced.notes
    assert balanced.tallies["rare"].rejected["copies"] >= 100


@pytest.mark.parametrize("mix", [("flip", "rotate"), ("rotate", "flip")])
@pytest.mark.parametrize("wanted", [40, 120])
def test_what_one_augmenter_cannot_give_comes_from_another_of_the_mix(
    tmp_path: Path, mix: tuple[str, str], wanted: int
) -> None:
    from augmentors.testing import toy_images

    train = toy_images(tmp_path)
    # A mirror gives each image once: 12 of them at most.
    balanced = balance_training_part(train, recipe({"rare": wanted}, *mix))
    assert balanced.kept is not None
    made_by = balanced.kept.samples.certificate["augmenter"].value_counts()
    assert made_by["flip"] <= 12 * 3
    assert made_by.sum() == wanted
    assert any(note.startswith("Flip stopped for 'rare' ") and "asked of Rotate" in note for note in balanced.notes)


def test_finished_blocks_are_reused_and_give_the_same(train: Dataset, tmp_path: Path) -> None:
    wanted = recipe({"rare": 300}, "smote")
    first = balance_training_part(train, wanted, keep_in=tmp_path)
    files = sorted(tmp_path.glob("*.parquet"))
    assert files
    stamps = [f.stat().st_mtime_ns for f in files]
    second = balance_training_part(train, wanted, keep_in=tmp_path)
    assert content(first) == content(second)
    assert [f.stat().st_mtime_ns for f in files] == stamps


@pytest.mark.parametrize("labels", ["text", "integer", "boolean"])
def test_reused_blocks_keep_every_type(tmp_path: Path, labels: str) -> None:
    train = toy_table(labels=labels, missing=True)  # type: ignore[arg-type]
    target = min(train.class_counts, key=train.class_counts.__getitem__)
    wanted = recipe({target: 30}, "smotenc", "random_oversampling")
    fresh = balance_training_part(train, wanted)
    balance_training_part(train, wanted, keep_in=tmp_path)
    reused = balance_training_part(train, wanted, keep_in=tmp_path)
    assert fresh.kept is not None and reused.kept is not None
    import pandas as pd

    pd.testing.assert_frame_equal(fresh.kept.samples.frame, reused.kept.samples.frame)


class StopsSoon(Job):
    def __init__(self, after: int) -> None:
        self.left = after

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled("Cancelled.")


def test_cancel_stops_between_blocks_and_resume_finishes(train: Dataset, tmp_path: Path) -> None:
    wanted = recipe({"rare": 70_000}, "smote", gate=GateSettings.off())
    with pytest.raises(Cancelled):
        balance_training_part(train, wanted, job=StopsSoon(3), keep_in=tmp_path)
    whole = balance_training_part(train, wanted, keep_in=tmp_path)
    assert content(whole) == content(balance_training_part(train, wanted))


def test_a_class_that_is_too_small_fails_before_any_block() -> None:
    train = toy_table({"common": 30, "rare": 1})
    with pytest.raises(NotApplicable, match="rare"):
        balance_training_part(train, recipe({"rare": 10}, "smote"))


def test_tasks_cover_the_count_in_blocks_of_64() -> None:
    tasks = tasks_for(0, "image", 0, 150)
    assert [t.sizes for t in tasks] == [(64,), (64,), (22,)]
    assert [t.first for t in tasks] == [0, 1, 2]
    assert sum(sum(t.sizes) for t in tasks_for(0, "table", 0, 100_000)) == 100_000


def test_input_is_not_changed(train: Dataset) -> None:
    before = train.frame.copy()
    balance_training_part(train, recipe({"rare": 50}, "smote"))
    assert train.frame.equals(before)


def test_all_augmenters_of_the_catalogue_are_known_by_their_key() -> None:
    assert all(issubclass(catalog.get(cls.card.key), Augmenter) for cls in catalog.AUGMENTERS)
    assert len({cls.card.key for cls in catalog.AUGMENTERS}) == len(catalog.AUGMENTERS)


def test_weights_of_parents_sum_to_one(train: Dataset) -> None:
    balanced = balance_training_part(train, recipe({"rare": 100}, "smote", "random_oversampling"))
    assert balanced.kept is not None
    np.testing.assert_allclose(balanced.kept.samples.weights.sum(axis=1), 1.0)
