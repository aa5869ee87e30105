"""The exported model: a short script loads it in a fresh process and decides as the learner does."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.evaluate.arms import Arm, all_arms
from augmentors.evaluate.final_fit import fit_final, winner
from augmentors.evaluate.free_arms import free_arms
from augmentors.explore.images import read_rgb
from augmentors.export.decision import Decision, decider, probabilities_of
from augmentors.export.manifest import sha256_of
from augmentors.export.model import _input, export_model
from augmentors.export.model_snippets import DECIDES, INPUTS, snippet
from augmentors.export.plain_pipeline import plain_pipeline
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.features import thumbnails
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


@pytest.mark.parametrize("learner", ["logistic", "forest", "boosting", "mlp"])
def test_the_pipeline_gives_the_learners_probabilities_on_rows_it_never_saw(learner: str) -> None:
    data = mixed()
    split = make_split(data)
    model = fit_final(data, split, Arm("plain", "Plain"), learner, 0, None)
    unseen = data.take(split.test)
    unseen.frame.loc[unseen.frame.index[:3], "town"] = "elsewhere"
    proba = plain_pipeline(model).predict_proba(_input(model, unseen, "rows"))
    assert np.allclose(proba, model.learner.predict_proba(unseen), atol=1e-5)


def onnx_alone(folder: Path, inputs: dict[str, np.ndarray]) -> tuple[list[str], np.ndarray]:
    """Return classes and probabilities of an exported ONNX file, run in a process that has onnxruntime alone."""
    np.savez(folder / "inputs.npz", **inputs)
    code = (
        "import sys, json, numpy as np\n"
        "sys.modules |= dict.fromkeys(['augmentors', 'sklearn', 'torch'])\n"
        "import onnxruntime\n"
        "fed = dict(np.load('inputs.npz'))\n"
        "fed = {n: v.astype(object) if v.dtype.kind == 'U' else v for n, v in fed.items()}\n"
        "label, proba = onnxruntime.InferenceSession('model.onnx').run(['label', 'probability'], fed)\n"
        "print(json.dumps([label.tolist(), proba.tolist()]))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    label, proba = json.loads(done.stdout)
    return label, np.array(proba)


@pytest.mark.parametrize(("learner", "classes"), [("forest", 2), ("logistic", 3), ("mlp", 3)])
def test_onnx_of_numbers_decides_alone_as_the_other_files_do(tmp_path: Path, learner: str, classes: int) -> None:
    """Its graph holds temperature, offsets and names, so that nothing of ours is needed."""
    data = mixed()
    frame = data.frame[["amount", "age", "label"]].copy()
    if learner == "forest":  # skl2onnx's trees do not know holes, so such a forest has no ONNX
        frame["age"] = frame["age"].fillna(40.0)
    if classes == 3:
        frame.loc[frame.index[::9], "label"] = "third"
    numbers = Dataset("table", frame, Schema("label", {"amount": "number", "age": "number"}), f"numbers {classes}")
    split = make_split(numbers, n_folds=3)
    found = compare(numbers, split, learners=[learner], repeats=1, free=["threshold"])
    card = export_model(tmp_path, numbers, split, found.arms[1], learner, 0, found.decisions)
    assert card["onnx"] == {"file": "model.onnx", "why_not": None} and card["decides"] != "card"
    assert card["temperature"] != 1 and any(card["offsets"])
    shown, expected = pd.read_csv(tmp_path / "example.csv"), pd.read_csv(tmp_path / "expected.csv")
    columns = {name: shown[name].to_numpy(np.float32).reshape(-1, 1) for name in ("amount", "age")}
    label, proba = onnx_alone(tmp_path, columns)
    assert label == expected["decided"].tolist()
    assert np.allclose(proba, expected.drop(columns="decided"), atol=1e-4)
    assert_as_expected(tmp_path)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_self_contained_estimator_says_what_temperature_and_offsets_say(k: int) -> None:
    """Certain and impossible probabilities included, for sharp and for flat temperatures."""
    rng = np.random.default_rng(k)
    X, y = rng.normal(size=(300, 4)), np.r_[np.arange(k), rng.choice(k, 300 - k)]
    X[np.arange(300), y % 4] += 2
    forest = RandomForestClassifier(5, random_state=0).fit(X, y)
    raw = forest.predict_proba(X)
    assert (raw == 0).any() and (raw == 1).any()
    for temperature in (0.3, 1.0, 4.0):
        decision = Decision(tuple(f"class {i}" for i in range(k)), temperature, rng.normal(size=k))
        whole = decider(make_pipeline(forest), decision)
        proba = decision.recalibrated(raw)
        assert np.allclose(probabilities_of(whole).predict_proba(X), proba, atol=1e-6)
        assert whole.predict(X).tolist() == decision.decided(proba).tolist()
        assert (decision.decided(proba) != decision.decided(raw * 0 + 1 / k)).any()


def test_a_column_may_be_named_like_an_output(tmp_path: Path) -> None:
    data = mixed()
    frame = data.frame[["amount", "label"]].set_axis(["label", "class"], axis=1)
    named = Dataset("table", frame, Schema("class", {"label": "number"}), "named like an output")
    card = export_model(tmp_path, named, make_split(named), Arm("plain", "Plain"), "logistic")
    assert card["onnx"]["why_not"] is None
    assert_as_expected(tmp_path)


def test_new_samples_of_a_recipe_are_trained_on(tmp_path: Path) -> None:
    data = mixed()
    split = make_split(data)
    recipe = resolve(make_recipe("random_oversampling", target="majority"), data, split)
    arm = Arm("mine", "Mine", augmented=AugmentedArm("mine", recipe=recipe))
    card = export_model(tmp_path, data, split, arm, "logistic")
    counts = data.take(split.train).class_counts
    assert card["new_samples"] == counts["common"] - counts["rare"] and card["originals"] == len(split.train)


@pytest.mark.parametrize("learner", ["tfidf_logistic", "naive_bayes", "minilm_logistic", "minilm_mlp"])
def test_a_text_model_loads_alone_and_agrees(tmp_path: Path, learner: str) -> None:
    data = toy_text({"common": 24, "rare": 12})
    split = make_split(data)
    (arm,) = (arm for arm in all_arms([], free_arms("text", ["class_weight"])) if arm.free)
    card = export_model(tmp_path, data, split, arm, learner)
    assert card["reads"] == ("minilm" if learner.startswith("minilm") else "words")
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
    card = export_model(tmp_path / "m", data, make_split(data), arm, learner)
    assert_as_expected(tmp_path / "m", 1e-4)
    if learner == "small_cnn":
        assert card["onnx"] == {"file": "model.onnx", "why_not": None}
        files = sorted((tmp_path / "m" / "example").glob("*.png"))
        label, proba = onnx_alone(tmp_path / "m", {"X": thumbnails([read_rgb(path) for path in files])})
        expected = pd.read_csv(tmp_path / "m" / "expected.csv")
        assert label == expected["decided"].tolist()
        assert np.allclose(proba, expected.drop(columns="decided"), atol=1e-4)


def test_nets_trained_by_ldam_on_tables_are_refused_with_the_reason(tmp_path: Path) -> None:
    data = mixed()
    (arm,) = (arm for arm in all_arms([], free_arms("table", ["ldam_drw"])) if arm.free)
    with pytest.raises(UserError, match="trained by LDAM cannot be written"):
        export_model(tmp_path, data, make_split(data), arm, "mlp")


def test_the_winner_is_what_the_verdict_advises() -> None:
    learners = [{"key": "logistic"}, {"key": "boosting"}]
    judged = {"verdict": {"learner": "boosting", "next": {"arm": "class_weight"}}, "learners": learners}
    assert winner(judged) == ("class_weight", "boosting")
    assert winner({"verdict": {"next": None}, "learners": learners}) == ("plain", "logistic")


def test_the_snippet_is_short_and_names_no_module_of_this_project() -> None:
    for reads in (*INPUTS, "net"):
        for decides in DECIDES:
            lines = snippet(reads, decides).splitlines()
            assert len(lines) <= 22 and "augmentors" not in snippet(reads, decides)
    assert len(snippet("words", "predict").splitlines()) <= 8 and len(snippet("rows", "predict").splitlines()) <= 11
