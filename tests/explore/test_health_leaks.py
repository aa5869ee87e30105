"""Planted leaks are found and named; clean data of several shapes is not accused."""

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.datasets import load_breast_cancer, load_iris, load_wine, make_classification

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.split import make_split
from augmentors.explore.duplicates import duplicate_pairs
from augmentors.explore.giveaway import giveaways
from augmentors.explore.health import Finding, findings
from augmentors.explore.health_leaks import leak_findings
from augmentors.ingest import load, sample


def table(X: np.ndarray, y: np.ndarray, **columns: object) -> Dataset:
    frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])
    types = dict.fromkeys(frame.columns, "number")
    for name, values in columns.items():
        frame[name] = values
        types[name] = "number" if frame[name].dtype.kind == "f" else "category"
    frame["label"] = pd.Series([f"class {v}" for v in y], dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return Dataset("table", frame, Schema("label", types), f"{X.shape} {X.sum()} {sorted(columns)}")


def found(data: Dataset) -> list[Finding]:
    return leak_findings(data, duplicate_pairs(data))


@pytest.fixture(scope="module")
def rare() -> tuple[np.ndarray, np.ndarray]:
    return make_classification(1500, 8, n_informative=4, weights=[0.93], random_state=3)


def test_a_number_that_encodes_the_label_is_named(rare: tuple[np.ndarray, np.ndarray]) -> None:
    X, y = rare
    noise = np.random.default_rng(0).normal(0, 0.02, len(y))
    (one,) = found(table(X, y, outcome_score=3.0 * y + noise))
    assert one.code == "gives_label_away" and one.columns == ("outcome_score",)
    assert "Is it known before the label is?" in one.message


def test_categories_that_encode_the_label_are_named_although_they_are_many(
    rare: tuple[np.ndarray, np.ndarray],
) -> None:
    X, y = rare
    rng = np.random.default_rng(0)
    codes = np.where(y == 1, rng.integers(0, 20, len(y)), rng.integers(20, 60, len(y)))
    (one,) = found(table(X, y, state=pd.Series([f"s{c}" for c in codes], dtype="str")))
    assert one.columns == ("state",)


def test_two_leaks_do_not_hide_each_other(rare: tuple[np.ndarray, np.ndarray]) -> None:
    X, y = rare
    assert [one.column for one in giveaways(table(X, y, a=y * 1.0, b=y * -2.0))] == ["a", "b"]


@pytest.mark.parametrize("noise", ["flipped", "spread"])
def test_a_noisy_copy_of_the_label_is_named_in_an_easy_table(noise: str) -> None:
    """Every other column together tells the classes too (0.96), so that nothing stands out by its accuracy alone."""
    X, y = load_breast_cancer(return_X_y=True)
    rng = np.random.default_rng(0)
    spread = y + rng.normal(0, 0.2, len(y))
    copy = np.where(rng.random(len(y)) < 0.015, 1 - y, y) * 1.0 if noise == "flipped" else spread
    (one,) = giveaways(table(X, y, status=copy))
    assert one.column == "status" and 0.95 < one.others < one.accuracy < 1


def test_a_strong_column_with_company_is_no_copy_of_the_label() -> None:
    """Three that measure one thing: each tells the classes, none is missed."""
    rng = np.random.default_rng(2)
    y = np.arange(900) % 3 // 2
    size = y * 5.0 + rng.normal(size=900)
    X = size[:, None] + rng.normal(0, 0.1, (900, 3))
    assert giveaways(table(X, y)) == []


def test_a_column_that_is_filled_in_for_one_class_is_named(rare: tuple[np.ndarray, np.ndarray]) -> None:
    X, y = rare
    filled = np.where(y == 1, np.random.default_rng(0).random(len(y)), np.nan)
    (one,) = giveaways(table(X, y, chargeback=filled))
    assert (one.column, one.label) == ("chargeback", "class 1")


def test_an_oversampled_file_is_named_by_class(rare: tuple[np.ndarray, np.ndarray]) -> None:
    X, y = rare
    for sampler, words in (
        (SMOTE(random_state=0), "as SMOTE puts them"),
        (RandomOverSampler(random_state=0), "copies"),
    ):
        (one,) = found(table(*sampler.fit_resample(X, y)))
        assert one.code == "oversampled_before" and one.classes == ("class 1",) and words in one.message
    rounded, labels = SMOTE(random_state=0).fit_resample(X, y)
    (one,) = found(table(rounded.round(5), labels))
    assert one.code == "oversampled_before"


def test_one_subject_in_both_parts_is_named() -> None:
    rng = np.random.default_rng(1)
    n = 400
    subject = np.repeat(np.arange(n // 4), 4)
    X = rng.normal(size=(n // 4, 5))[subject] + rng.normal(size=(n, 5)) * 0.02
    names = pd.Series([f"p{i}" for i in subject], dtype="str")
    data = table(X, rng.random(n) < 0.3, patient_id=names)
    told = [one for one in findings(data, make_split(data, duplicate_pairs=[])) if one.code == "subjects_across_split"]
    assert told and told[0].columns == ("patient_id",) and "rows on both sides" in told[0].message
    grouped = Dataset("table", data.frame, Schema("label", data.schema.types, group="patient_id"), "grouped")
    codes = {one.code for one in findings(grouped, make_split(grouped, duplicate_pairs=[]))}
    assert "subjects_across_split" not in codes


@pytest.mark.parametrize("loader", [load_iris, load_wine, load_breast_cancer])
def test_well_known_tables_are_not_accused(loader) -> None:
    X, y = loader(return_X_y=True)
    assert found(table(X, y)) == []


@pytest.mark.parametrize("key", ["lending", "page_blocks", "tiny"])
def test_the_samples_are_not_accused(key: str) -> None:
    chosen = sample(key)
    assert found(load(chosen.path, label=chosen.label).dataset) == []


@pytest.mark.parametrize("apart", [0.5, 1.0, 2.0, 4.0, 8.0])
def test_classes_far_apart_are_not_accused(apart: float) -> None:
    X, y = make_classification(800, 8, n_informative=4, n_redundant=2, weights=[0.9], class_sep=apart, random_state=1)
    assert found(table(X, y)) == []
