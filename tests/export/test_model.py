"""The exported model: a short script loads it in a fresh process and decides as the learner does."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.evaluate.arms import Arm, all_arms
from augmentors.evaluate.final_fit import fit_final, winner
from augmentors.evaluate.free_arms import free_arms
from augmentors.export.manifest import sha256_of
from augmentors.export.model import _input, export_model
from augmentors.export.model_snippets import INPUTS, snippet
from augmentors.export.plain_pipeline import plain_pipeline
from augmentors.learners.cnn import SmallCnn
from augmentors.recipe import resolve
from augmentors.run import make_recipe
from augmentors.testing import toy_images, toy_text

# The project cannot be imported there, as on a machine without it.
ALONE = "import sys; sys.modules['augmentors'] = None; exec(open('load_model.py').read())"


def mixed(n: int = 240) -> Dataset:
    """Numbers with holes, a category with holes, a date, a flag and words; one class is rare."""
    rng = np.random.default_rng(0)
    rare = np.arange(n) % 5 == 0
    frame = pd.DataFrame(
        {
            "amount": rng.normal(size=n) + rare,
            "age": np.where(rng.random(n) < 0.2, np.nan, rng.integers(18, 80, n).astype(float)),
            "flag": pd.Series(rng.random(n) < 0.5, dtype="boolean"),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
            "town": pd.Series(rng.choice(["Ulm", "Köln", "None"], n), dtype="str").where(rng.random(n) < 0.9),
            "note": pd.Series(np.where(rare, "late again", "paid in time"), dtype="str"),
            "label": pd.Series(np.where(rare, "rare", "common"), dtype="str"),
        }
    )
    frame.index = pd.Index([f"r{i}" for i in range(n)], dtype="str")
    types = {"amount": "number", "age": "number", "flag": "boolean", "day": "date", "town": "category", "note": "text"}
    return Dataset("table", frame, Schema("label", types), f"mixed {n}")


def run_alone(folder: Path) -> pd.DataFrame:
    done = subprocess.run([sys.executable, "-I", "-c", ALONE], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return pd.read_csv(folder / "decided.csv")


def assert_as_expected(folder: Path, within: float = 1e-5) -> None:
    found, expected = run_alone(folder), pd.read_csv(folder / "expected.csv")
    assert found["decided"].tolist() == expected["decided"].tolist()
    assert np.allclose(found.drop(columns="decided"), expected.drop(columns="decided"), atol=within)


@pytest.mark.parametrize(
    ("learner", "free"),
    [("logistic", None), ("forest", "random_over"), ("boosting", "class_weight"), ("boosting", "balanced_bagging")],
)
def test_a_table_model_loads_alone_and_agrees(tmp_path: Path, learner: str, free: str | None) -> None:
    data = mixed()
    split = make_split(data, n_folds=3)
    found = compare(data, split, learners=[learner], repeats=1, free=[free or "threshold"])
    arm = next(arm for arm in found.arms if arm.name == (free or "threshold"))
    card = export_model(tmp_path / "m", data, split, arm, learner, 0, found.decisions)
    assert card["classes"] == ["common", "rare"] and card["offsets"][0] == 0 and card["temperature"] > 0
    assert (tmp_path / "m" / "model.onnx").exists() == (card["onnx"]["why_not"] is None)
    assert_as_expected(tmp_path / "m")
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    assert manifest["files"]["model.skops"] == sha256_of(tmp_path / "m" / "model.skops")
    with pytest.raises(UserError, match="is not empty"):
        export_model(tmp_path / "m", data, split, arm, learner)


@pytest.mark.parametrize("learner", ["logistic", "forest", "boosting"])
def test_the_pipeline_gives_the_learners_probabilities_on_rows_it_never_saw(learner: str) -> None:
    data = mixed()
    split = make_split(data)
    model = fit_final(data, split, Arm("plain", "Plain"), learner, 0, None)
    unseen = data.take(split.test)
    unseen.frame.loc[unseen.frame.index[:3], "town"] = "elsewhere"
    proba = plain_pipeline(model).predict_proba(_input(model, unseen, "rows"))
    assert np.allclose(proba, model.learner.predict_proba(unseen), atol=1e-5)


def test_a_model_of_numbers_is_onnx_too(tmp_path: Path) -> None:
    import onnxruntime

    data = mixed()
    numbers = Dataset("table", data.frame[["amount", "label"]].copy(), Schema("label", {"amount": "number"}), "numbers")
    split = make_split(numbers)
    card = export_model(tmp_path, numbers, split, Arm("plain", "Plain"), "forest")
    assert card["onnx"] == {"file": "model.onnx", "why_not": None}
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    rows = numbers.frame["amount"].to_numpy(np.float32).reshape(-1, 1)
    model = fit_final(numbers, split, Arm("plain", "Plain"), "forest", 0, None)
    found = session.run(None, {"amount": rows})[1]
    assert np.allclose(found, model.learner.predict_proba(numbers), atol=1e-4)


def test_new_samples_of_a_recipe_are_trained_on(tmp_path: Path) -> None:
    data = mixed()
    split = make_split(data)
    recipe = resolve(make_recipe("random_oversampling", target="majority"), data, split)
    arm = Arm("mine", "Mine", augmented=AugmentedArm("mine", recipe=recipe))
    card = export_model(tmp_path, data, split, arm, "logistic")
    counts = data.take(split.train).class_counts
    assert card["new_samples"] == counts["common"] - counts["rare"] and card["originals"] == len(split.train)


@pytest.mark.parametrize("learner", ["tfidf_logistic", "naive_bayes", "minilm_logistic"])
def test_a_text_model_loads_alone_and_agrees(tmp_path: Path, learner: str) -> None:
    data = toy_text({"common": 24, "rare": 12})
    split = make_split(data)
    (arm,) = (arm for arm in all_arms([], free_arms("text", ["class_weight"])) if arm.free)
    card = export_model(tmp_path, data, split, arm, learner)
    assert card["reads"] == ("minilm" if learner == "minilm_logistic" else "words")
    assert_as_expected(tmp_path, 1e-4)


@pytest.mark.parametrize(
    ("learner", "free"),
    [("efficientnet_logistic", None), ("pixel_forest", None), ("small_cnn", None), ("small_cnn", "ldam_drw")],
)
def test_an_image_model_loads_alone_and_agrees(
    tmp_path: Path, learner: str, free: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SmallCnn, "min_steps", 8)
    monkeypatch.setattr(SmallCnn, "max_steps", 8)
    arm = next(arm for arm in all_arms([], free_arms("image", [free] if free else [])) if arm.name == (free or "plain"))
    data = toy_images(tmp_path / "data", {"common": 24, "rare": 12})
    export_model(tmp_path / "m", data, make_split(data), arm, learner)
    assert_as_expected(tmp_path / "m", 1e-4)


def test_the_winner_is_what_the_verdict_advises() -> None:
    learners = [{"key": "logistic"}, {"key": "boosting"}]
    judged = {"verdict": {"learner": "boosting", "next": {"arm": "class_weight"}}, "learners": learners}
    assert winner(judged) == ("class_weight", "boosting")
    assert winner({"verdict": {"next": None}, "learners": learners}) == ("plain", "logistic")


def test_the_snippet_is_short_and_names_no_module_of_this_project() -> None:
    for reads in (*INPUTS, "net"):
        lines = snippet(reads).splitlines()
        assert len(lines) <= 22 and "augmentors" not in snippet(reads)
    assert len(snippet("words").splitlines()) <= 11
