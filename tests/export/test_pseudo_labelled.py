"""Pseudo-labelled samples from file to export: the same bytes each time, their confidence, and what verify sees."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors import catalog
from augmentors.core.augmenter import Need
from augmentors.core.dataset import Dataset
from augmentors.core.split import Split, make_split
from augmentors.evaluate import compare
from augmentors.evaluate.safe_folds import safe_folds
from augmentors.evaluate.version_arm import recipe_arm
from augmentors.explore.unlabelled import attach
from augmentors.export import verify
from augmentors.export.confidence import pseudo_labelled
from augmentors.export.explain import explain_sample
from augmentors.export.explain_words import explanation
from augmentors.export.verify_files import copied_file_problems
from augmentors.recipe import from_yaml, resolve
from augmentors.run import Version, balance, compare_version, make_recipe, summary
from augmentors.testing import Toys, toy_text
from augmentors.testing.trial import trial_params, with_unlabelled

KINDS = ("table", "text", "image")
KEYS = {cls.card.kind: cls.card.key for cls in catalog.AUGMENTERS if Need.UNLABELLED in cls.card.needs}

Made = tuple[Dataset, Split, Version]


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp(request.param)
    cls = catalog.get(KEYS[request.param])
    counts = {"common": 120, "some": 60, "rare": 40}
    data = many_texts(counts) if request.param == "text" else Toys.of(cls, folder / "toys").ordinary(counts)
    assert data.unlabelled is not None
    split = make_split(replace(data, unlabelled=None))
    data = attach(data, split, data.unlabelled).dataset
    params = {cls.card.key: {**trial_params(cls), "precision": 0.7}}
    recipe = make_recipe(cls.card.key, target="count:70", params=params)
    return data, split, balance(data, split, recipe, folder / "out")


def many_texts(counts: dict[str, int]) -> Dataset:
    """Return texts of which none is like another: twelve words drawn from a hundred, some of the class alone."""
    rng = np.random.default_rng(0)

    def of(label: str) -> str:
        return " ".join(f"{label if i < 20 else ''}word{i}" for i in rng.choice(100, 12, replace=False))

    data = toy_text(counts)
    data = replace(data, frame=data.frame.assign(text=[of(label) for label in data.labels]))
    others = toy_text(dict.fromkeys(counts, 100), seed=1)
    return with_unlabelled(
        data, replace(others, frame=others.frame.assign(text=[of(label) for label in others.labels]))
    )


def provenance(version: Version) -> pd.DataFrame:
    return pd.read_parquet(version.path / "provenance.parquet")


def test_each_new_sample_is_an_unlabelled_one_taken_once(made: Made) -> None:
    data, _, version = made
    table = provenance(version)
    parents = [family[0] for family in table["parents"]]
    assert len(parents) == len(set(parents)) > 20
    assert data.unlabelled is not None and set(parents) <= set(data.unlabelled.ids)
    for drawn in map(json.loads, table["drawn"]):
        assert 0 < drawn["threshold"] <= drawn["confidence"] <= 1
        assert drawn["unlabelled"] == data.unlabelled.fingerprint
    assert verify(version.path).ok


def test_train_holds_the_confidence_of_those_alone(made: Made) -> None:
    data, _, version = made
    if data.kind == "image":
        train = pd.read_csv(version.path / "train" / "metadata.csv")
    else:
        train = pd.read_parquet(version.path / "train" / "train.parquet")
    sure = train.set_index("sample_id")["pseudo_label_confidence"]
    table = provenance(version).set_index("sample_id")
    assert set(sure.dropna().index) == set(table.index)
    wanted = table["drawn"].map(lambda text: json.loads(text)["confidence"])
    assert np.allclose(sure.loc[table.index], wanted)
    assert any("pseudo_label_confidence" in line for line in summary(version))
    assert version.manifest["unlabelled"]["taken"] == len(table)


def test_the_recipe_names_the_data_and_gives_the_same_bytes_on_two_workers(made: Made, tmp_path: Path) -> None:
    data, split, version = made
    recipe = from_yaml((version.path / "recipe.yaml").read_text(encoding="utf-8"))
    assert data.unlabelled is not None and recipe.data is not None and recipe.data.unlabelled is not None
    assert recipe.data.unlabelled.fingerprint == data.unlabelled.fingerprint
    again = balance(data, split, recipe, tmp_path / "again", workers=2)
    assert again.manifest == version.manifest


def test_when_there_is_no_more_it_says_so(made: Made) -> None:
    data, split, version = made
    entry = version.recipe.plan.entries[0].mix
    key = entry[0].augmenter
    recipe = make_recipe(
        [key, "random_oversampling"] if data.kind == "table" else key,
        target="count:5000",
        params={key: entry[0].params},
    )
    shared = resolve(recipe, data, split)
    one = catalog.get(key)(**entry[0].params)
    assert shared.plan.entries
    from augmentors.balance import balance_training_part

    entries = tuple(e for e in shared.plan.entries if e.target == "rare")
    part = shared.model_copy(update={"plan": shared.plan.model_copy(update={"entries": entries})})
    balanced = balance_training_part(data.take(split.train), part)
    told = " ".join(balanced.notes)
    assert f"{one.card.title} stopped" in told and "since it has no more to give" in told
    if data.kind == "table":  # the other part of the mix makes up for it
        assert balanced.tallies["rare"].kept == balanced.tallies["rare"].wanted


def test_explain_says_where_it_came_from(made: Made) -> None:
    _, _, version = made
    name = provenance(version)["sample_id"].iloc[0]
    lines = explanation(version.path, explain_sample(version.path, name))
    assert any(line.startswith("Taken over as it is: unlabelled:") for line in lines)
    assert any(line.startswith("Drawn, confidence: ") for line in lines)


def test_no_fold_trains_on_labels_given_by_who_saw_it(made: Made) -> None:
    _, split, version = made
    folds = dict(zip(split.train, split.folds, strict=True))
    assert all(not len(fold.synthetic) for fold in safe_folds(provenance(version), folds))


def test_compare_labels_anew_in_each_fold(made: Made) -> None:
    data, split, version = made
    learner = {"table": "logistic", "text": "naive_bayes", "image": "pixel_forest"}[data.kind]
    found = compare_version(data, split, version.path, learners=[learner], repeats=1, free=["none"])
    fits = [fit for fit in found.fits if fit.arm == "augmented"]
    assert len(fits) == split.n_folds
    assert all(fit.used for fit in fits)


def test_samples_without_parents_in_training_are_left_out_where_nothing_is_made_anew(made: Made) -> None:
    data, split, version = made
    if data.kind != "table":
        return
    from augmentors.evaluate.arms import AugmentedArm
    from augmentors.evaluate.from_version import read_synthetic

    arm = AugmentedArm("taken", read_synthetic(version.path, data))
    found = compare(data, split, [arm], learners=["logistic"], repeats=1, free=["none"])
    assert all(fit.used == 0 for fit in found.fits if fit.arm == "taken")
    assert any("what made or labelled them saw every fold" in note for note in found.notes)
    assert recipe_arm("anew", version.recipe, "table", 5) is not None


def test_what_does_not_use_them_is_the_same_with_and_without(made: Made, tmp_path: Path) -> None:
    data, split, _ = made
    if data.kind != "table":
        return
    recipe = make_recipe("smotenc", target="count:40")
    one = balance(data, split, recipe, tmp_path / "with")
    two = balance(replace(data, unlabelled=None), split, recipe, tmp_path / "without")
    assert one.manifest == two.manifest
    assert "unlabelled" not in one.manifest


def test_verify_sees_a_recipe_that_names_no_unlabelled_data(made: Made, tmp_path: Path) -> None:
    from augmentors.export.verify import _unlabelled_problems

    _, _, version = made
    recipe = version.recipe
    assert recipe.data is not None
    without = recipe.model_copy(update={"data": recipe.data.model_copy(update={"unlabelled": None})})
    assert _unlabelled_problems(["unlabelled:a"], ["b"], recipe) == []
    assert len(_unlabelled_problems(["unlabelled:a", "unlabelled:a"], ["unlabelled:a"], without)) == 3


def test_rows_unlike_the_training_rows_are_kept_and_told_of(tmp_path: Path) -> None:
    cls = catalog.get(KEYS["table"])
    data = Toys.of(cls, tmp_path).ordinary({"common": 120, "some": 60, "rare": 40})
    pool = data.unlabelled
    assert pool is not None
    name = next(column for column, kind in data.schema.types.items() if kind == "number" and column in pool.frame)
    # Every second row lies beyond what training rows show, the way the class lies anyway.
    far = np.where(np.arange(len(pool)) % 2, pool.frame[name], pool.frame[name] + 50 * data.frame[name].std())
    split = make_split(replace(data, unlabelled=None))
    data = attach(data, split, replace(pool, frame=pool.frame.assign(**{name: far}))).dataset
    params = {cls.card.key: {**trial_params(cls), "precision": 0.5}}
    version = balance(data, split, make_recipe(cls.card.key, target="count:150", params=params), tmp_path / "out")
    assert not any("ranges" in tally["rejected"] for tally in version.manifest["gate"].values())
    found = pseudo_labelled(version.path)
    assert found["unlike"].sum() > 10
    told = [note for note in version.notes if "are unlike any training row" in note]
    assert told and f"'{name}' lies outside" in told[0] and "they are real" in told[0].lower()
    one = explain_sample(version.path, found.index[found["unlike"]][0])
    assert any("told only: the sample is real" in line for line in explanation(version.path, one))


def test_images_are_copied_byte_for_byte_whatever_their_format(tmp_path: Path) -> None:
    from PIL import Image

    cls = catalog.get(KEYS["image"])
    data = Toys.of(cls, tmp_path / "toys").ordinary({"common": 60, "rare": 30})
    assert data.unlabelled is not None and data.unlabelled.root is not None
    suffixes = (".jpg", ".jpeg", ".webp", ".bmp", ".png")
    for i, path in enumerate(data.unlabelled.frame["path"]):
        new = Path(path).with_suffix(suffixes[i % len(suffixes)])
        with Image.open(data.unlabelled.root / path) as image:
            target = tmp_path / "pool" / new
            target.parent.mkdir(parents=True, exist_ok=True)
            image.convert("RGB").save(target)
    from augmentors.ingest.unlabelled import load_unlabelled

    split = make_split(replace(data, unlabelled=None))
    data = attach(data, split, load_unlabelled(tmp_path / "pool", data).dataset).dataset
    params = {cls.card.key: {**trial_params(cls), "precision": 0.5}}
    version = balance(data, split, make_recipe(cls.card.key, target="count:60", params=params), tmp_path / "out")
    found = pseudo_labelled(version.path)
    files = pd.read_csv(version.path / "train" / "metadata.csv").set_index("sample_id")["file"]
    seen = set()
    for sample, row in found.iterrows():
        original = tmp_path / "pool" / row["unlabelled"].removeprefix("unlabelled:")
        assert (version.path / "train" / files[sample]).read_bytes() == original.read_bytes()
        seen.add(original.suffix)
    assert seen & {".jpg", ".jpeg"} and {".webp", ".bmp"} <= seen
    assert verify(version.path).ok
    one = explanation(version.path, explain_sample(version.path, found.index[0]))
    assert any(line.startswith("File: copied byte for byte, SHA-256 ") for line in one)
    changed = json.loads((version.path / "manifest.json").read_text(encoding="utf-8"))
    place = f"train/{files[found.index[0]]}"
    changed["files"][place]["sha256"] = "0" * 64
    assert copied_file_problems(version.path, changed) == [
        f"1 images taken over are not the files that they were: '{found.index[0]}' …"
    ]
