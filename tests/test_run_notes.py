from augmentors.balance import balance_training_part
from augmentors.recipe import resolve
from augmentors.run import make_recipe, split_dataset
from augmentors.run_notes import grown_too, nothing_made
from augmentors.testing import toy_multilabel, toy_table


def test_labels_that_grow_beside_the_one_asked_for_are_named_with_their_counts() -> None:
    data = toy_multilabel({"common": 90, "some": 60, "rare": 12})
    split = split_dataset(data)
    recipe = resolve(make_recipe("random_oversampling", target="ratio:0.4"), data, split)
    assert [entry.target for entry in recipe.plan.entries] == ["rare"]
    balanced = balance_training_part(data.take(split.train), recipe)
    (note,) = grown_too(data, balanced)
    assert balanced.kept is not None
    others = sum("some" in written.split("|") for written in balanced.kept.samples.frame["label"])
    assert others and f"'some' (+{others})" in note and "'rare'" not in note


def test_one_label_per_sample_grows_alone() -> None:
    data = toy_table()
    split = split_dataset(data)
    recipe = resolve(make_recipe("random_oversampling", target="count:5"), data, split)
    balanced = balance_training_part(data.take(split.train), recipe)
    assert grown_too(data, balanced) == []
    assert "no class lies below its target" in nothing_made(recipe, data.take(split.train), balanced)[0]
