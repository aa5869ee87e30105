"""Borderline-SMOTE against imbalanced-learn: same border, same neighbours."""

import numpy as np
import pytest
from imblearn.over_sampling import BorderlineSMOTE

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.borderline_smote import BorderlineSmote, in_danger
from augmentors.testing import feature_array, numeric_table


def neighbourhood(train: Dataset, **params: object):
    augmenter = BorderlineSmote(scale=False, **params).fit(train, rng_from(0))
    augmenter.prepare("rare")
    return augmenter._prepared["rare"].neighbourhood


@pytest.mark.parametrize("m", [4, 7, 10])
@pytest.mark.parametrize("columns", [4, 20])
def test_border_is_imbalanced_learns(m: int, columns: int) -> None:
    train = numeric_table(columns=columns)
    oracle = BorderlineSMOTE(m_neighbors=m, random_state=0)
    oracle.fit_resample(feature_array(train), train.labels.astype(str))
    expected = oracle.in_danger_indices["rare"]
    assert neighbourhood(train, m_neighbors=m).bases.tolist() == expected.tolist()


@pytest.mark.parametrize("variant", ["borderline-1", "borderline-2"])
def test_neighbours_are_imbalanced_learns(variant: str) -> None:
    train = numeric_table()
    oracle = BorderlineSMOTE(kind=variant, random_state=0)
    oracle.fit_resample(feature_array(train), train.labels.astype(str))
    found = neighbourhood(train, variant=variant)
    expected = oracle.nn_k_.kneighbors(feature_array(train)[found.bases], return_distance=False)[:, 1:]
    rows = train.positions("rare") if variant == "borderline-1" else np.arange(len(train))
    assert (found.neighbours == rows[expected]).all()


def test_steps_towards_other_classes_are_at_most_half() -> None:
    train = numeric_table()
    samples = BorderlineSmote(variant="borderline-2").fit(train, rng_from(0)).augment("rare", 2000, rng_from(1))
    foreign = train.take(samples.parents[:, 1]).labels != "rare"
    step = samples.weights[:, 1]
    assert foreign.any() and step[foreign].max() < 0.5 < step[~foreign].max()


def test_border_definition() -> None:
    assert in_danger(np.arange(8), 7).tolist() == [False] * 4 + [True] * 3 + [False]


def test_no_border_is_a_reason() -> None:
    train = numeric_table()
    frame = train.frame.copy()
    frame.loc[train.labels == "rare", "x0"] += 1e4
    apart = Dataset("table", frame, train.schema, "apart")
    with pytest.raises(NotApplicable, match="lies on the border"):
        BorderlineSmote().fit(apart, rng_from(0)).augment("rare", 3, rng_from(1))
