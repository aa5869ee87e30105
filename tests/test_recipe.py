import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.recipe import GateSettings, Recipe, from_yaml, resolve, to_yaml
from augmentors.run import make_recipe
from augmentors.testing import toy_table, toy_text


@given(
    seed=st.integers(0, 2**53 - 1),
    target=st.sampled_from(["auto", "majority", "ratio:0.3", "count:50"]),
    k=st.integers(1, 20),
    margin=st.floats(0, 1),
)
def test_yaml_round_trip(seed: int, target: str, k: int, margin: float) -> None:
    recipe = make_recipe(
        "smote", target=target, params={"smote": {"k_neighbors": k}}, seed=seed, gate=GateSettings(range_margin=margin)
    )
    again = from_yaml(to_yaml(recipe))
    assert again == recipe
    assert again.hash == recipe.hash


@given(st.text(min_size=1, max_size=20))
@example("\x85")
@example("a \u2028 b")
def test_any_class_name_survives_yaml(name: str) -> None:
    document = make_recipe("smote").model_dump(mode="json")
    document["plan"]["entries"] = [{"target": name, "count": 1, "mix": [{"augmenter": "smote"}]}]
    recipe = Recipe.model_validate(document)
    assert from_yaml(to_yaml(recipe)).plan.entries[0].target == name


def test_every_parameter_is_written_out() -> None:
    recipe = from_yaml("plan: {mix: [{augmenter: smote}]}")
    assert recipe.plan.mix[0].params["k_neighbors"] == 5


def test_resolving_makes_entries_and_names_data_and_split() -> None:
    data = toy_table()
    split = make_split(data)
    recipe = resolve(make_recipe("smote"), data, split)
    assert {e.target for e in recipe.plan.entries} == {"rare"}
    assert recipe.split.hash == split.hash
    assert recipe.data is not None and recipe.data.fingerprint == data.fingerprint
    assert resolve(recipe, data, split) == recipe


def test_notes_are_comments_that_change_no_hash() -> None:
    recipe = make_recipe("smote")
    assert recipe.model_copy(update={"notes": ("a fallback",)}).hash == recipe.hash


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plan: [", "not valid YAML at line"),
        ("- a", "must be a YAML mapping"),
        ("plan: {mix: [{augmenter: smote}]}\npath: /etc/passwd", "has no parameter 'path'"),
        ("plan: {mix: [{augmenter: smite}]}", "There is no augmenter 'smite'. Did you mean 'smote'"),
        ("plan: {mix: [{augmenter: smote, params: {k_neighbors: 0}}]}", "'k_neighbors' parameter of SMOTE"),
        ("seed: -1\nplan: {mix: [{augmenter: smote}]}", "The 'seed' parameter of the recipe is not valid"),
        ("counterweight: 2\nplan: {mix: [{augmenter: smote}]}", "'counterweight' parameter"),
        ("plan: !!python/object/apply:os.system [id]", "not valid YAML"),
    ],
)
def test_bad_recipes_are_one_sentence(text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        from_yaml(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_plan_for_an_unknown_class_lists_the_known_ones() -> None:
    data = toy_table()
    recipe = from_yaml("plan: {entries: [{target: rost, count: 5, mix: [{augmenter: smote}]}]}")
    with pytest.raises(UserError, match="'rost', which is not in the training part; its classes are: 'common'"):
        resolve(recipe, data, make_split(data))


def test_augmenters_of_another_kind_are_refused() -> None:
    data = toy_text()
    with pytest.raises(UserError, match="SMOTE makes table samples; this dataset is of kind text"):
        resolve(
            from_yaml("plan: {entries: [{target: rare, count: 5, mix: [{augmenter: smote}]}]}"), data, make_split(data)
        )


def test_two_entries_for_a_class_are_refused() -> None:
    data = toy_table()
    entry = "{target: rare, count: 5, mix: [{augmenter: smote}]}"
    with pytest.raises(UserError, match="two entries for class 'rare'"):
        resolve(from_yaml(f"plan: {{entries: [{entry}, {entry}]}}"), data, make_split(data))


def test_parameters_for_an_unused_augmenter_are_refused() -> None:
    with pytest.raises(UserError, match="'adasyn', which is not among"):
        make_recipe("smote", params={"adasyn": {}})
