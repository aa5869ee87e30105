"""Classes that their augmenters cannot work on: stop, skip or repeat, as the recipe says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from augmentors.balance import balance_training_part
from augmentors.balance.parts import repeating
from augmentors.core.dataset import KINDS, Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.recipe import Recipe, with_full_params
from augmentors.testing import Toys, toy_table


@pytest.fixture(scope="module")
def train() -> Dataset:
    return toy_table({"common": 60, "some": 20, "rare": 1})


def recipe(policy: Any, *keys: str) -> Recipe:
    mix = tuple(MixPart(augmenter=key) for key in keys)
    entries = tuple(PlanEntry(target=name, count=30, mix=mix) for name in ("rare", "some"))
    return with_full_params(Recipe(plan=Plan(target="custom", entries=entries), when_not_applicable=policy))


def made(train: Dataset, policy: Any, *keys: str) -> tuple[dict[tuple[str, str], int], list[str], Any]:
    balanced = balance_training_part(train, recipe(policy, *keys))
    assert balanced.kept is not None
    counts = balanced.kept.samples.certificate[["target", "augmenter"]].value_counts().to_dict()
    return counts, balanced.notes, balanced.tallies


def test_stop_names_the_reason_and_the_way_out(train: Dataset) -> None:
    with pytest.raises(NotApplicable) as stop:
        balance_training_part(train, recipe("stop", "smotenc"))
    assert "'rare'" in str(stop.value) and "--when-not-applicable skip|repeat" in str(stop.value)


def test_skip_leaves_the_class_out_and_says_so(train: Dataset) -> None:
    counts, notes, tallies = made(train, "skip", "smotenc")
    assert counts == {("some", "smotenc"): 30}
    assert any(note.startswith("'rare' is left out, as chosen: none of 30 samples made.") for note in notes)
    assert (tallies["rare"].wanted, tallies["rare"].made) == (30, 0)


def test_skip_lets_the_others_of_a_mix_make_all(train: Dataset) -> None:
    counts, notes, _ = made(train, "skip", "smotenc", "random_oversampling")
    assert counts[("rare", "random_oversampling")] == 30
    assert ("rare", "smotenc") not in counts
    assert any("'rare': the others of its mix (Random oversampling) make all of its samples" in note for note in notes)


def test_repeat_copies_the_samples_of_the_class(train: Dataset) -> None:
    counts, notes, _ = made(train, "repeat", "smotenc")
    assert counts == {("rare", "random_oversampling"): 30, ("some", "smotenc"): 30}
    assert any("random oversampling repeats its samples instead, as chosen" in note for note in notes)


def test_repeat_of_what_the_mix_has_already_is_one_part(train: Dataset) -> None:
    counts, _, _ = made(train, "repeat", "smotenc", "random_oversampling")
    assert counts[("rare", "random_oversampling")] == 30


def test_a_reason_that_holds_for_all_data_is_met_the_same_way() -> None:
    # SMOTE needs a column of numbers; this table has none.
    mixed = toy_table({"common": 60, "some": 20, "rare": 9})
    words = [*mixed.schema.features("category"), mixed.schema.label]
    schema = replace(mixed.schema, types={name: "category" for name in words[:-1]})
    mixed = replace(mixed, frame=mixed.frame[words], schema=schema)
    with pytest.raises(NotApplicable):
        balance_training_part(mixed, recipe("stop", "smote"))
    counts, _, _ = made(mixed, "repeat", "smote")
    assert counts == {("rare", "random_oversampling"): 30, ("some", "random_oversampling"): 30}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_data_has_a_way_to_repeat(kind: Any, tmp_path: Path) -> None:
    data = Toys(kind, tmp_path).ordinary({"common": 9, "rare": 1})
    entry = PlanEntry(target="rare", count=5, mix=(MixPart(augmenter=repeating(kind).card.key),))
    balanced = balance_training_part(data, with_full_params(Recipe(plan=Plan(target="custom", entries=(entry,)))))
    assert balanced.kept is not None and len(balanced.kept) == 5
