"""Augmenters as samplers, alone and in a pipeline."""

import numpy as np
import pandas as pd
import pytest
from imblearn.pipeline import make_pipeline
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.preprocessing import StandardScaler

from augmentors.catalog import AUGMENTERS
from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.errors import UserError
from augmentors.core.seeds import rng_from
from augmentors.table.as_sampler import as_sampler
from augmentors.table.smogn import Smogn
from augmentors.table.smote import Smote
from augmentors.table.smotenc import Smotenc
from augmentors.testing import feature_array, numeric_table, toy_table

OF_CLASSES = [cls for cls in AUGMENTERS if cls.card.kind == "table" and cls.card.task is None]


def test_arrays_come_back_as_arrays_with_the_originals_first() -> None:
    train = numeric_table()
    X, y = feature_array(train), (train.labels == "rare").astype(int)
    more, labels = as_sampler(Smote()).fit_resample(X, y)
    assert isinstance(more, np.ndarray) and more.dtype == X.dtype
    assert (more[: len(X)] == X).all() and (labels[: len(y)] == y).all()
    assert (labels == 1).sum() == (labels == 0).sum()
    assert labels.dtype == y.dtype


def test_frames_come_back_as_frames_of_the_same_dtypes() -> None:
    frame = toy_table().frame.reset_index(drop=True)
    X, y = frame.drop(columns="label").astype({"colour": "category"}), frame["label"].rename("kind")
    sampler = as_sampler(Smotenc(), target="ratio:0.9", random_state=3)
    more, labels = sampler.fit_resample(X, y)
    assert (more.dtypes == X.dtypes).all() and list(more.columns) == list(X.columns)
    assert labels.name == "kind" and labels.value_counts().to_dict() == {"common": 40, "some": 36, "rare": 36}
    pd.testing.assert_frame_equal(more.iloc[: len(X)], X)
    assert len(sampler.samples_["rare"].parents) == 24


def test_same_random_state_same_rows() -> None:
    train = numeric_table()
    one, two, other = (
        as_sampler(Smote(), random_state=s).fit_resample(feature_array(train), train.labels)[0] for s in (1, 1, 2)
    )
    assert (one == two).all() and (one != other).any()


def test_works_in_a_pipeline_and_under_cross_validation() -> None:
    train = numeric_table()
    pipeline = make_pipeline(StandardScaler(), as_sampler(Smote()), LogisticRegression())
    scores = cross_val_score(clone(pipeline), feature_array(train), train.labels == "rare", scoring="balanced_accuracy")
    assert len(scores) == 5 and scores.mean() > 0.5


def test_mistakes_are_named() -> None:
    with pytest.raises(UserError, match="3 rows and y 2"):
        as_sampler(Smote()).fit(np.zeros((3, 1)), [0, 1])
    with pytest.raises(UserError, match="kept for y"):
        as_sampler(Smote()).fit(pd.DataFrame({"label": [1.0]}), [0])
    with pytest.raises(UserError, match="Column 'gap' of X is timedelta64"):
        as_sampler(Smote()).fit(pd.DataFrame({"gap": pd.to_timedelta([1], unit="s")}), [0])


@pytest.mark.parametrize(
    "cls",
    [c for c in AUGMENTERS if c.card.kind == "table" and c.card.task is None and Need.UNLABELLED not in c.card.needs],
    ids=lambda c: c.card.key,
)
def test_every_augmenter_of_tables_is_a_sampler(cls: type[Augmenter]) -> None:
    frame = toy_table().frame.reset_index(drop=True)
    X, y = frame[["width", "height", "visits", "colour", "active"]], frame["label"]
    more, labels = as_sampler(cls(), target="count:25").fit_resample(X, y)
    assert (more.dtypes == X.dtypes).all() and labels.value_counts().to_dict() == {"common": 40, "some": 25, "rare": 25}
    assert not more.isna().any().any()


def test_smogn_adds_rows_to_rare_ranges_of_numbers() -> None:
    rng = rng_from("numbers")
    X = rng.normal(size=(300, 3))
    y = np.exp(X[:, 0] + rng.normal(0, 0.2, 300))
    sampler = as_sampler(Smogn())
    more, numbers = sampler.fit_resample(X, y)
    (name,) = sampler.samples_
    cut = float(name.split(">= ")[1].split()[0])
    assert len(more) == len(numbers) > 300 and (numbers[300:] >= cut).all() and (numbers[:300] == y).all()
    with pytest.raises(UserError, match="SMOGN needs numbers as y"):
        sampler.fit_resample(X, np.where(y > 1, "high", "low"))
