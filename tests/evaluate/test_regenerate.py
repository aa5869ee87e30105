"""A recipe carried out on a fold: as the whole would have been, from the fold's samples alone."""

import numpy as np
import pytest

from augmentors.balance import thin
from augmentors.core.plan import MixPart, PlanEntry
from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.evaluate.regenerate import EncodedImages, learns, regenerate, why_not_anew
from augmentors.evaluate.version_arm import recipe_arm, version_arm
from augmentors.recipe import Recipe, resolve
from augmentors.run import balance, make_recipe
from augmentors.testing import toy_images, toy_table, toy_text


def resolved(data, split, key, target="majority") -> Recipe:
    return resolve(make_recipe(key, target=target), data, split)


@pytest.fixture(scope="module")
def mixed():
    data = toy_table({"common": 80, "some": 40, "rare": 24})
    split = make_split(data)
    return data, split, resolved(data, split, "smotenc")


def test_counts_shrink_with_the_class_and_parents_are_the_folds_own(mixed):
    data, split, recipe = mixed
    whole = data.take(split.train).class_counts
    part = data.take(split.train[split.folds != 0])
    made = regenerate(recipe, whole, part)
    assert made.samples is not None and not made.refused
    made_of = made.samples.certificate["target"].value_counts().to_dict()
    assert made_of == {e.target: round(e.count * part.class_counts[e.target] / whole[e.target]) for e in plan(recipe)}
    assert set(made.samples.parents.ravel()) <= {"", *part.ids}
    again = regenerate(recipe, whole, part).samples
    assert again is not None and again.frame.equals(made.samples.frame)


def plan(recipe: Recipe) -> tuple[PlanEntry, ...]:
    return recipe.plan.entries


def test_whole_training_part_gives_what_the_version_has(mixed, tmp_path):
    data, split, recipe = mixed
    train = data.take(split.train)
    made = regenerate(recipe, train.class_counts, train).samples
    version = balance(data, split, recipe, tmp_path / "out")
    kept = version.balanced.kept
    assert kept is not None and made is not None
    assert kept.samples.frame.equals(made.frame)


def test_a_class_too_small_for_its_augmenter_is_named_and_the_others_are_made():
    data = toy_table({"common": 60, "some": 20, "two": 2})
    split = make_split(data, test_size=0.05)
    train = data.take(split.train)
    recipe = resolved(data, split, "smote")
    entries = (*plan(recipe)[:1], PlanEntry(target="two", count=10, mix=(MixPart(augmenter="smote"),)))
    recipe = recipe.model_copy(update={"plan": recipe.plan.model_copy(update={"entries": entries})})
    one_left = train.ids[~((train.labels == "two") & (np.cumsum(train.labels == "two") > 1))]
    made = regenerate(recipe, {"some": 20, "two": 2, "common": 60}, train.take(one_left))
    assert made.samples is not None and set(made.samples.certificate["target"]) == {"some"}
    ((target, reason),) = made.refused
    assert target == "two" and "needs 2 samples" in reason


def test_a_class_that_the_fold_lacks_gets_nothing(mixed):
    data, split, recipe = mixed
    train = data.take(split.train)
    rare = plan(recipe)[0].target
    made = regenerate(recipe, train.class_counts, train.take(train.ids[train.labels != rare]))
    assert made.samples is None or rare not in set(made.samples.certificate["target"])


def test_comparison_trains_on_nearly_all_and_says_so(mixed):
    data, split, recipe = mixed
    arm = recipe_arm("smotenc", recipe, "table", 5)
    assert arm is not None and arm.recipe is recipe
    result = compare(data, split, [arm], learners=["logistic"], repeats=1).to_json()
    (one,) = [a["synthetic"] for a in result["arms"] if a["name"] == "smotenc"]
    assert one["how"] == "made anew" and one["given"] == sum(e.count for e in plan(recipe))
    assert 0.75 * one["given"] < one["least"] <= one["used"] <= one["most"] < 0.85 * one["given"]
    (note,) = [n for n in result["notes"] if n.startswith("smotenc")]
    assert f"{one['used']:,.0f} new samples" in note and "made anew from each fold" in note


def test_refused_classes_are_counted_in_the_notes():
    data = toy_table({"common": 60, "some": 20, "two": 3})
    split = make_split(data)
    recipe = resolved(data, split, "smote", "ratio:0.5")
    assert data.take(split.train).class_counts["two"] == 2
    arm = recipe_arm("smote", recipe, "table", 5)
    assert arm is not None
    result = compare(data, split, [arm], learners=["logistic"], repeats=1)
    assert any("in 2 of 5 fits not for 'two': SMOTE needs 2 samples" in note for note in result.notes)


def test_two_processes_give_what_one_gives(mixed):
    data, split, recipe = mixed
    arm = recipe_arm("smotenc", recipe, "table", 5)
    assert arm is not None
    one, two = (
        compare(data, split, [arm], learners=["logistic", "boosting"], repeats=1, workers=n).to_json() for n in (1, 2)
    )
    assert one == two


def test_images_made_anew_are_decoded_from_their_files(tmp_path):
    data = toy_images(tmp_path, {"common": 24, "rare": 12})
    split = make_split(data, n_folds=2)
    train = data.take(split.train)
    made = regenerate(resolved(data, split, "flip"), train.class_counts, train).samples
    assert made is not None and isinstance(made.images, EncodedImages) and len(made.images) == len(made)
    assert made.images[0].dtype == np.uint8 and len(made.images[1:]) == len(made) - 1
    result = compare(data, split, [version_of(data, split, "flip", tmp_path)], ["pixel_forest"], 1).to_json()
    assert result["arms"][-1]["synthetic"]["how"] == "taken over"


def version_of(data, split, key, folder):
    path = balance(data, split, make_recipe(key, target="majority"), folder / "out").path
    return version_arm("new", path, data, split.n_folds)


def test_texts_with_one_parent_are_taken_over_and_tables_made_anew(tmp_path):
    text, table = toy_text(), toy_table()
    arm = version_of(text, make_split(text), "random_swap", tmp_path / "text")
    assert arm.recipe is None and "has one parent" in arm.why_kept
    arm = version_of(table, make_split(table), "smote", tmp_path / "table")
    assert arm.recipe is not None and arm.samples is not None and arm.given == len(arm.samples)


def test_too_dear_is_told_by_counts_alone(mixed):
    _, _, recipe = mixed
    assert why_not_anew(recipe, "table", 10) is None and not learns(recipe)
    huge = plan(recipe)[0].model_copy(update={"count": 1_000_000})
    dear = recipe.model_copy(update={"plan": recipe.plan.model_copy(update={"entries": (huge,)})})
    reason = why_not_anew(dear, "table", 10)
    assert reason is not None and "10,000,000 samples (at most 5,000,000" in reason
    assert recipe_arm("smotenc", dear, "table", 10) is None


def test_selectors_drop_originals_of_the_fold_alone_and_the_plain_arm_keeps_all():
    data = toy_table({"common": 80, "some": 40, "rare": 24})
    split = make_split(data)
    recipe = make_recipe("smote", target="ratio:0.9", before=["random_undersampling"])
    thinned = thin(data.take(split.train), recipe).train
    arm = recipe_arm("thinner", resolve(recipe, data, split, thinned), "table", 5)
    assert arm is not None and arm.recipe is not None
    part = data.take(split.train[split.folds != 0])
    made = regenerate(arm.recipe, data.take(split.train).class_counts, part)
    assert len(made.dropped) and set(made.dropped) < set(part.ids)
    result = compare(data, split, [arm], learners=["logistic"], repeats=1)
    for plain, fit in zip(result.of("plain", "logistic"), result.of("thinner", "logistic"), strict=True):
        assert fit.n_fit < plain.n_fit
    assert any(note.startswith("thinner: its selectors drop") for note in result.notes)
    assert (
        result.to_json()["arms"][-1]["synthetic"]["originals"] < result.to_json()["arms"][0]["synthetic"]["originals"]
    )


def test_dropped_originals_of_a_version_that_is_taken_over_are_not_trained_on(tmp_path, monkeypatch):
    from augmentors.evaluate import regenerate as module

    monkeypatch.setitem(module.MOST, "table", 0)
    data = toy_table({"common": 80, "some": 40, "rare": 24})
    split = make_split(data)
    recipe = make_recipe("smote", target="ratio:0.9", before=["random_undersampling"])
    path = balance(data, split, recipe, tmp_path / "out").path
    arm = version_arm("thinner", path, data, 5)
    assert arm.recipe is None and arm.dropped and "at most 0 are made" in arm.why_kept
    result = compare(data, split, [arm], learners=["logistic"], repeats=1)
    plain, fit = result.of("plain", "logistic")[0], result.of("thinner", "logistic")[0]
    assert plain.n_fit - fit.n_fit == len(arm.dropped & set(split.train[split.folds != 0]))
