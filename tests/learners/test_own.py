"""The user's own estimator beside the others: imported by path, weighted, seeded, and refused with a sentence."""

import sys
from pathlib import Path

import numpy as np
import pytest

from augmentors.background import compare_job
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB
from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.learners.own import OwnEstimator, estimator_of, own_content
from augmentors.testing import toy_table

MODULE = """
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

def near():
    return KNeighborsClassifier(5)

ready = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
number = 3

def needs(this):
    return this

class Odd(GaussianNB):
    def predict_proba(self, X):
        return super().predict_proba(X)[:, :1]
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    name = f"own_models_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    sys.modules.pop(name, None)


def test_it_runs_beside_the_others_and_the_json_names_it(module: str) -> None:
    data = toy_table({"common": 60, "rare": 20})
    split = make_split(data, n_folds=2)
    keys = [f"{module}:near", f"{module}:ready", f"{module}:Odd"]
    result = compare(data, split, learners=["logistic", *keys], repeats=1, free=["class_weight"]).to_json()
    assert [one["key"] for one in result["learners"]] == ["logistic", keys[0], keys[1]]
    assert result["learners"][1]["title"] == f"KNeighborsClassifier ({keys[0]})"
    runs = {(arm["name"], arm["learner"]) for arm in result["arms"]}
    assert ("class_weight", keys[1]) in runs and ("class_weight", keys[0]) not in runs
    reasons = {(one["arm"], one["learner"]): one["reason"] for one in result["failed"]}
    assert "takes neither class_weight nor sample_weight" in reasons["class_weight", keys[0]]
    assert "must give finite numbers of shape" in reasons["plain", keys[2]]
    assert result["verdict"].get("learner") == "logistic"


def test_alone_it_runs_beside_all_of_the_kind(module: str) -> None:
    data = toy_table({"common": 40, "rare": 20})
    found = compare(data, make_split(data, n_folds=2), learners=[f"{module}:near"], repeats=1, free=["none"])
    assert [card.key for card in found.learners] == ["logistic", "forest", "boosting", f"{module}:near"]


def test_weights_reach_a_step_of_a_pipeline_and_seeds_reach_it_too(module: str) -> None:
    learner = OwnEstimator(f"{module}:ready", 7, "balanced").fit(toy_table({"common": 40, "rare": 10}))
    last = learner._model[-1]
    assert last.random_state == 7
    assert last.class_weight[1] == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("no_such_package.models:Model", "there is no module 'no_such_package'"),
        ("MODULE:missing", "has no 'missing'"),
        ("MODULE:number", "is a int, no scikit-learn estimator: it has no fit"),
        ("MODULE:LinearSVC", "is a LinearSVC without predict_proba"),
        ("MODULE:needs", "without arguments failed: TypeError"),
    ],
)
def test_what_is_no_learner_is_one_sentence(module: str, path: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        estimator_of(path.replace("MODULE", module))


def test_a_module_that_fails_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_broken.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UserError, match=r"Importing 'own_broken' .* failed: ZeroDivisionError"):
        estimator_of("own_broken:x")


def test_kept_fits_know_its_source_and_parameters(module: str) -> None:
    assert own_content(f"{module}:near") != own_content(f"{module}:ready")
    assert own_content(f"{module}:near") == own_content(f"{module}:near")


def test_the_app_never_runs_one() -> None:
    with pytest.raises(UserError, match="never in the app"):
        compare_job({"learners": ["os:system"]}, NO_JOB, Path())


def test_probabilities_are_those_of_the_estimator(module: str) -> None:
    data = toy_table({"common": 40, "rare": 10})
    learner = OwnEstimator(f"{module}:near", 0).fit(data)
    proba = learner.predict_proba(data)
    assert proba.shape == (50, 2) and np.allclose(proba.sum(axis=1), 1)
    assert set(np.unique(proba * 5).round(6)) <= {0, 1, 2, 3, 4, 5}
