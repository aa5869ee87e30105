import pytest

from augmentors.balance import balance_training_part, thin
from augmentors.balance.selecting import COLUMNS
from augmentors.core.dataset import Dataset
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.recipe import GateSettings, Recipe, SelectorChoice, with_full_params
from augmentors.testing import numeric_table


@pytest.fixture(scope="module")
def train() -> Dataset:
    return numeric_table(rows=300, columns=3)


def recipe(before: dict[str, dict], after: dict[str, dict], count: int = 80) -> Recipe:
    mix = (MixPart(augmenter="smote"),)
    stages = {
        stage: tuple(SelectorChoice(selector=key, params=params) for key, params in chosen.items())
        for stage, chosen in (("before", before), ("after", after))
    }
    plan = Plan(target="custom", entries=(PlanEntry(target="rare", count=count, mix=mix),))
    return with_full_params(Recipe(plan=plan, gate=GateSettings.off(), **stages))


def test_dropped_originals_are_no_parents_when_they_go_before(train: Dataset) -> None:
    wanted = recipe({"random_undersampling": {"share": 0.3}, "edited_nearest_neighbours": {"spare_rare": False}}, {})
    balanced = balance_training_part(train, wanted)
    assert balanced.kept is not None
    gone = set(balanced.dropped["sample_id"])
    assert tuple(balanced.dropped.columns) == COLUMNS
    assert {"random_undersampling", "edited_nearest_neighbours"} == set(balanced.dropped["selector"])
    assert gone and not gone & {p for p in balanced.kept.samples.parents.ravel() if p}
    assert (balanced.dropped["reason"] != "").all()
    assert set(balanced.dropped["stage"]) == {"before"}
    largest = next(iter(train.class_counts))
    said = [note for note in balanced.notes if note.startswith("Random under-sampling (before) dropped")]
    assert said and f"of '{largest}'" in said[0]


def test_cleaning_after_takes_new_samples_too_and_counts_them(train: Dataset) -> None:
    balanced = balance_training_part(train, recipe({}, {"edited_nearest_neighbours": {}}, count=400))
    assert balanced.kept is not None and balanced.rejected is not None
    tally = balanced.tallies["rare"]
    cleaned = tally.rejected["edited_nearest_neighbours"]
    assert cleaned > 0
    assert tally.kept == len(balanced.kept) == 400 - cleaned
    judged = balanced.rejected.judgement.table
    assert (judged["rule"] == "edited_nearest_neighbours").sum() == cleaned
    assert judged["detail"].str.contains("nearest samples are of class").all()
    assert any(note.endswith(f"It dropped {cleaned:,} of 400 new samples.") for note in balanced.notes)


def test_workers_and_a_repeated_thinning_change_nothing(train: Dataset) -> None:
    wanted = recipe({"cluster_centroids": {}}, {"tomek_links": {"drop": "both"}})
    one = balance_training_part(train, wanted)
    two = balance_training_part(train, wanted, workers=2, thinned=thin(train, wanted))
    assert one.dropped.equals(two.dropped)
    assert one.kept is not None and two.kept is not None
    assert one.kept.samples.frame.equals(two.kept.samples.frame)


def test_without_selectors_nothing_is_dropped(train: Dataset) -> None:
    balanced = balance_training_part(train, recipe({}, {}))
    assert balanced.dropped.empty
    assert thin(train, recipe({}, {})).train is train
