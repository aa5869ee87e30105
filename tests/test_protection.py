"""A class is protected from operators that would change what it means: refused, filtered, kept in the recipe."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from augmentors.catalog import AUGMENTERS, get
from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, Plan, PlanEntry
from augmentors.core.seeds import rng_from
from augmentors.explore.images import read_pixels
from augmentors.plan_draft import PlanDraft, draft_of
from augmentors.protection import allowed, breach, check_name, check_plan, names_for, parse_protected
from augmentors.recipe import Recipe, data_of, from_yaml, resolve, to_yaml
from augmentors.run import make_recipe, retargeted, split_dataset
from augmentors.suitability import default_mix
from augmentors.testing import toy_images, toy_table

ROOT = Path(__file__).resolve().parents[1]


def test_class_names_may_hold_colons() -> None:
    assert parse_protected(["a:b:flip", "a:b:flip"]) == {"a:b": ("flip",)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flip", "--protect expects CLASS:KEY, such as 6:flip"),
        (":flip", "--protect expects CLASS:KEY"),
        ("6:", "--protect expects CLASS:KEY"),
        ("6:flop", "no augmenter 'flop'. Did you mean 'flip'"),
        ("6:flip.Horizontal", "Flip has no operator 'Horizontal'. Did you mean 'flip.HorizontalFlip'"),
        ("6:smote.x", "SMOTE has no operators of its own; protect from 'smote' as a whole."),
    ],
)
def test_mistakes_are_told_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        parse_protected([text])
    assert said in str(error.value)


def test_an_operator_is_a_breach_only_where_it_can_be_drawn() -> None:
    either, across = (MixPart(augmenter="flip", params={"direction": way}) for way in ("either", "horizontal"))
    assert breach(either, ["flip.VerticalFlip"]) == "Flip (VerticalFlip)"
    assert breach(across, ["flip.VerticalFlip"]) is None
    assert breach(across, ["flip"]) == "Flip"
    assert allowed([either, across, MixPart(augmenter="blur")], ["flip"]) == (MixPart(augmenter="blur"),)


def test_a_pipeline_is_a_breach_where_one_of_its_steps_is() -> None:
    steps = [{"augmenter": "rotate"}, {"augmenter": "flip", "params": {"direction": "vertical"}}]
    pipeline = MixPart(augmenter="pipeline", params={"steps": steps})
    assert breach(pipeline, ["flip"]) == "Pipeline (Flip)"
    assert breach(pipeline, ["flip.VerticalFlip"]) == "Pipeline (Flip (VerticalFlip))"
    assert breach(pipeline, ["flip.HorizontalFlip", "blur"]) is None


@pytest.mark.parametrize("key", ["d4", "square_symmetry", "transpose"])
def test_whatever_mirrors_is_a_breach_of_flip_also_inside_a_pipeline(key: str) -> None:
    part = MixPart(augmenter=key)
    steps = [{"augmenter": "blur"}, {"augmenter": key}]
    title = get(key).card.title
    assert breach(part, ["flip"]) == f"{title} (Flip HorizontalFlip, Flip VerticalFlip)"
    assert breach(part, ["flip.VerticalFlip"]) == f"{title} (Flip VerticalFlip)"
    assert breach(part, ["blur", "noise"]) is None
    pipeline = MixPart(augmenter="pipeline", params={"steps": steps})
    assert breach(pipeline, ["flip.HorizontalFlip"]) == f"Pipeline ({title} (Flip HorizontalFlip))"


def test_what_is_said_to_be_done_among_other_things_exists_and_is_done(tmp_path: Path) -> None:
    train = toy_images(tmp_path)
    for cls in AUGMENTERS:
        for name in cls().also_does():
            check_name(name)
    for key in ("d4", "square_symmetry", "transpose"):
        made = get(key)().fit(train, rng_from("fit")).augment("rare", 60, rng_from("augment"))
        parents = [read_pixels(train.root / path) for path in train.frame.loc[made.parents[:, 0], "path"]]
        pairs = list(zip(made.images, parents, strict=True))
        diagonal = key == "transpose"
        assert any(np.array_equal(new, np.swapaxes(old, 0, 1) if diagonal else old[:, ::-1]) for new, old in pairs)


def test_turns_are_breaches_of_rotate() -> None:
    assert breach(MixPart(augmenter="random_rotate90"), ["rotate"]) == "Random rotate90 (Rotate)"
    assert breach(MixPart(augmenter="random_rotate90"), ["flip"]) is None
    assert breach(MixPart(augmenter="d4"), ["rotate"]) == "D4 (Rotate)"


def test_names_offer_operators_where_there_are_several() -> None:
    names = names_for("image")
    assert names["flip"] == "Flip"
    assert names["flip.VerticalFlip"] == "Flip: VerticalFlip"
    assert not any(name.startswith("rotate.") for name in names)
    assert "smote" in names_for("table")


def plan(protected: dict[str, tuple[str, ...]]) -> Plan:
    entry = PlanEntry(target="rare", count=5, mix=(MixPart(augmenter="smote"), MixPart(augmenter="smotenc")))
    return Plan(target="custom", entries=(entry,), protected=protected)


def test_a_mix_that_holds_a_protected_one_is_refused() -> None:
    train = toy_table()
    split = split_dataset(train)
    with pytest.raises(UserError, match=r"'rare' is protected from SMOTE, which its mix holds\. Take it out"):
        resolve(Recipe(plan=plan({"rare": ("smote",)})), train, split)
    with pytest.raises(UserError, match="protects class 'gone', which is not in the training part"):
        check_plan(plan({"gone": ("smote",)}), train.class_counts)
    assert resolve(Recipe(plan=plan({"some": ("smote",)})), train, split).plan.protected == {"some": ("smote",)}


def test_one_mix_for_all_classes_is_cut_for_the_protected_one() -> None:
    train = toy_table()
    split = split_dataset(train)
    recipe = make_recipe(["smote", "smotenc"], target="majority", protected={"rare": ["smote"]})
    mixes = {e.target: [p.augmenter for p in e.mix] for e in resolve(recipe, train, split).plan.entries}
    assert mixes == {"rare": ["smotenc"], "some": ["smote", "smotenc"]}
    alone = make_recipe("smote", target="majority", protected={"rare": ["smote"]})
    with pytest.raises(UserError, match="'rare' is protected from smote, and nothing else is in the mix"):
        resolve(alone, train, split)


def test_the_recipe_keeps_it_and_is_as_before_without_it() -> None:
    bare, kept = (make_recipe("smote", protected=of) for of in (None, {"rare": ["smotenc"]}))
    assert "protected" not in to_yaml(bare)
    assert from_yaml(to_yaml(kept)).plan.protected == {"rare": ("smotenc",)}
    assert bare.hash != kept.hash
    assert from_yaml(to_yaml(kept)).hash == kept.hash


def test_another_target_keeps_it() -> None:
    train = toy_table()
    recipe = make_recipe("smotenc", protected={"rare": ["smote"]})
    assert retargeted(train, split_dataset(train), recipe, "median").plan.protected == {"rare": ("smote",)}


def test_protecting_takes_it_out_of_the_mix_of_a_draft() -> None:
    train = toy_table()
    draft = PlanDraft(target="majority").completed(train)
    assert [part.augmenter for part in draft.mix["rare"]] == ["smotenc"]
    changed = draft.with_protected("rare", ["smotenc"])
    assert changed.mix["rare"] == () and changed.mix["some"] == draft.mix["some"]
    assert changed.with_protected("rare", []).protected == {}
    completed = PlanDraft(target="majority").with_protected("rare", ["smotenc"]).completed(train)
    assert "smotenc" not in [part.augmenter for part in completed.mix["rare"]] != []
    split = split_dataset(train)
    recipe = completed.recipe(train.class_counts, data_of(train), Recipe(plan=Plan()).split)
    assert draft_of(resolve(recipe, train, split, train), train).protected == {"rare": ("smotenc",)}


def test_the_mix_before_anybody_chose_passes_over_protected_ones(tmp_path: Path) -> None:
    train = toy_images(tmp_path)
    before = [part.augmenter for part in default_mix(train, "rare")]
    after = [part.augmenter for part in default_mix(train, "rare", [before[0]])]
    assert before[0] not in after and after


def test_the_command_line_refuses_and_filters(tmp_path: Path) -> None:
    def balance(*options: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "augmentors", "balance", "assets/samples/tiny.csv", "--label", "cultivar"]
        out = ["--out", str(tmp_path / "out")]
        return subprocess.run([*command, *options, *out], cwd=ROOT, capture_output=True, text=True, check=False)

    refused = balance("--augmenter", "smote", "--protect", "barbera:smote")
    assert refused.returncode == 2
    assert refused.stderr.strip().startswith("'barbera' is protected from smote, and nothing else is in the mix.")
    made = balance("--augmenter", "smote", "borderline_smote", "--protect", "barbera:smote")
    assert made.returncode == 0, made.stderr
    recipe = from_yaml((tmp_path / "out" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe.plan.protected == {"barbera": ("smote",)}
    assert [p.augmenter for p in recipe.plan.entries[0].mix] == ["borderline_smote"]
