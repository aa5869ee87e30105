from pathlib import Path

import pytest

from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, Plan, resolve_target
from augmentors.core.split import make_split
from augmentors.plan_draft import CUSTOM, PlanDraft, draft_of
from augmentors.recipe import GateSettings, RecipeData, RecipeSplit, data_of, from_yaml, parse_mix, to_yaml
from augmentors.run import balance, make_recipe
from augmentors.suitability import default_mix, suitabilities
from augmentors.testing import toy_table, toy_text

COUNTS = {"ok": 1000, "some": 300, "rust": 20}
DATA = RecipeData(fingerprint="f", kind="table", label="label")


def test_a_new_draft_aims_at_auto() -> None:
    draft = PlanDraft()
    assert draft.wanted_counts(COUNTS) == resolve_target("auto", COUNTS).wanted
    assert [(e.target, e.count) for e in draft.entries(COUNTS)] == [("rust", 180), ("some", 200)]
    assert "half of the largest class" in draft.reason(COUNTS)


def test_choosing_a_count_makes_it_custom_and_keeps_the_others() -> None:
    draft = PlanDraft().with_wanted(COUNTS, "rust", 90)
    assert draft.target == CUSTOM
    assert draft.wanted_counts(COUNTS) == {"ok": 1000, "some": 500, "rust": 90}
    assert draft.with_wanted(COUNTS, "rust", 3).wanted_counts(COUNTS)["rust"] == 20
    assert draft.with_target("median").wanted == {}


def test_an_augmenter_is_once_in_a_mix() -> None:
    part = MixPart(augmenter="smote", params={"k_neighbors": 5})
    other = part.model_copy(update={"params": {"k_neighbors": 3}})
    draft = PlanDraft().with_part("rust", part).with_part("rust", other)
    assert draft.mix["rust"] == (other,)


def test_completed_fills_only_what_is_missing() -> None:
    train = toy_table()
    draft = PlanDraft(target="majority").with_mix("some", parse_mix(["random_oversampling"])).completed(train)
    assert [p.augmenter for p in draft.mix["some"]] == ["random_oversampling"]
    assert draft.mix["rare"] == default_mix(train, "rare")


def test_recipe_of_a_draft_survives_yaml_and_comes_back_as_the_same_draft() -> None:
    train = toy_table()
    draft = PlanDraft(target="majority", seed=7, gate=GateSettings(ranges=False)).completed(train)
    recipe = draft.recipe(train.class_counts, DATA, RecipeSplit())
    again = from_yaml(to_yaml(recipe))
    assert again.hash == recipe.hash
    assert draft_of(again, train) == draft
    custom = draft.with_wanted(train.class_counts, "rare", 30)
    kept = draft_of(custom.recipe(train.class_counts, DATA, RecipeSplit()), train)
    assert kept.wanted_counts(train.class_counts) == custom.wanted_counts(train.class_counts)


def test_recipe_with_a_mix_for_all_classes() -> None:
    train = toy_table()
    draft = draft_of(make_recipe("smote", target="ratio:0.8"), train)
    assert draft.target == "ratio:0.8"
    assert {e.target for e in draft.entries(train.class_counts)} == {"some", "rare"}


@pytest.mark.parametrize("way", ["preset", "protected", "custom", "mixed"])
def test_the_app_and_the_command_line_write_the_same_manifest(tmp_path: Path, way: str) -> None:
    data = toy_table()
    split = make_split(data, seed=0)
    counts, keys = data.take(split.train).class_counts, ["smote", "random_oversampling"]
    mix = parse_mix(keys)
    protected = {"some": ("smote",)} if way == "protected" else {}
    draft = PlanDraft(target="ratio:0.8", mix={"some": mix, "rare": mix})
    for name, names in protected.items():
        draft = draft.with_protected(name, names)
    if way == "custom":
        draft = draft.with_wanted(counts, "rare", counts["rare"] + 9)
    if way == "mixed":
        draft = draft.with_mix("rare", mix[:1])
    asked = make_recipe(keys, target="ratio:0.8", protected=protected)
    if way in ("custom", "mixed"):  # what only a file can say
        document = asked.plan.model_dump() | {"target": draft.target, "entries": draft.entries(counts)}
        asked = from_yaml(to_yaml(asked.model_copy(update={"plan": Plan.model_validate(document)})))
    app = draft.recipe(counts, data_of(data), RecipeSplit())
    for out, recipe in (("app", app), ("cli", asked)):
        balance(data, split, recipe, tmp_path / out)
    for name in ("recipe.yaml", "manifest.json"):
        assert (tmp_path / "app" / name).read_bytes() == (tmp_path / "cli" / name).read_bytes()
    again = from_yaml((tmp_path / "app" / "recipe.yaml").read_text())
    assert again.plan.mix == (() if way == "mixed" else mix)


def test_what_a_recipe_cannot_be() -> None:
    train = toy_table()
    with pytest.raises(UserError, match="no new samples"):
        PlanDraft(target=CUSTOM).recipe(train.class_counts, DATA, RecipeSplit())
    with pytest.raises(UserError, match="has no augmenter"):
        PlanDraft(target="majority").recipe(train.class_counts, DATA, RecipeSplit())
    other = PlanDraft(target="majority").completed(train).recipe(train.class_counts, DATA, RecipeSplit())
    with pytest.raises(UserError, match="does not have"):
        draft_of(other, toy_table({"a": 9, "b": 4}))
    with pytest.raises(UserError, match="makes table samples"):
        draft_of(make_recipe("smote"), toy_text())


def test_an_old_note_is_an_empty_draft() -> None:
    assert PlanDraft.from_note({"unknown": 1}) == PlanDraft()
    assert PlanDraft.from_note(None) == PlanDraft()


def test_suitable_come_first_and_those_that_do_not_apply_say_why() -> None:
    found = suitabilities(toy_table({"common": 30, "rare": 1}), "rare")
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    assert found[0].card.key == "random_oversampling"
    refused = next(one for one in found if one.card.key == "smote")
    assert not refused.applies and "'rare' has 1" in refused.reason
    assert default_mix(toy_table({"common": 30, "rare": 1}), "rare")[0].augmenter == "random_oversampling"


def test_thinning_out_lowers_the_target_and_stands_in_the_recipe() -> None:
    from augmentors.recipe import parse_choices

    counts = {"ok": 1000, "rust": 100}
    chosen = parse_choices(["random_undersampling"], {"random_undersampling": {"share": 0.4}})
    draft = PlanDraft(target="auto", before=chosen, when_not_applicable="skip")
    assert draft.thinned(counts) == {"ok": 400, "rust": 100}
    assert {entry.target: entry.count for entry in draft.entries(counts)} == {"rust": 100}
    assert draft.wanted_counts(counts) == {"ok": 1000, "rust": 200}
