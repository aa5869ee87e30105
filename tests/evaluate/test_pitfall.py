"""The known pitfall, as imbalanced-learn's guide shows it: resampled before the split, scores promise too much.

The data have the guide's shape: facts about people, a rare outcome that is hard to tell (the lending sample). The
honest score is that of re-sampling inside the folds; held-out rows that nothing touched settle it.
"""

import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import cross_val_score, train_test_split

from augmentors.core.dataset import Dataset, Schema
from augmentors.explore.duplicates import duplicate_pairs
from augmentors.explore.health_leaks import leak_findings
from augmentors.ingest import load, sample


@pytest.fixture(scope="module")
def lending() -> tuple[pd.DataFrame, pd.Series]:
    """The numbers of 4,000 loans, without holes."""
    chosen = sample("lending")
    data = load(chosen.path, label=chosen.label).dataset
    numbers = data.frame[data.schema.features("number", "integer")].dropna(axis=1).astype(float)
    return numbers.iloc[:4000].reset_index(drop=True), data.frame[data.schema.label].iloc[:4000].reset_index(drop=True)


def model() -> RandomForestClassifier:
    return RandomForestClassifier(30, random_state=0)


@pytest.mark.parametrize("sampler", [RandomOverSampler(random_state=0), SMOTE(random_state=0)], ids=["copies", "smote"])
def test_before_the_split_it_looks_good_and_inside_the_folds_it_is_honest(lending, sampler) -> None:
    X, y = lending
    train, rest, y_train, y_rest = train_test_split(X, y, stratify=y, test_size=0.4, random_state=0)
    resampled, labels = sampler.fit_resample(train, y_train)
    before = cross_val_score(model(), resampled, labels, scoring="balanced_accuracy", cv=5).mean()
    inside = make_pipeline(sampler, model())
    honest = cross_val_score(inside, train, y_train, scoring="balanced_accuracy", cv=5).mean()
    truth = balanced_accuracy_score(y_rest, inside.fit(train, y_train).predict(rest))
    print(f"balanced accuracy before {before:.3f}, inside {honest:.3f}, on untouched rows {truth:.3f}")
    assert before > 0.9
    assert abs(honest - truth) < 0.07 and before - truth > 0.3
    (told,) = leak_findings(*with_pairs(resampled, labels))
    assert told.code == "oversampled_before" and told.classes == (y_train.value_counts().index[-1],)
    assert leak_findings(*with_pairs(train, y_train)) == []


def with_pairs(X: pd.DataFrame, y: pd.Series):
    frame = X.reset_index(drop=True)
    types = dict.fromkeys(frame.columns, "number")
    frame["outcome"] = y.reset_index(drop=True)
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    data = Dataset("table", frame, Schema("outcome", types), f"pitfall {len(frame)}")
    return data, duplicate_pairs(data)
