"""CReST: the sampling rates of the paper, whom it believes, and that it learns from unlabelled samples."""

from dataclasses import replace

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.learners.crest import GENERATIONS, believed, sampling_rates, self_trained
from augmentors.learners.features import FeatureCache
from augmentors.learners.pool_samples import labelled
from augmentors.learners.registry import make_learner
from augmentors.table.pseudo_labelling import TablePseudoLabelling
from augmentors.testing import Toys, numeric_table
from augmentors.testing.trial import with_unlabelled


def test_sampling_rates_are_those_of_the_paper() -> None:
    # Three classes of 500, 50 and 5: (5/500)^(1/3), (50/500)^(1/3) and (500/500)^(1/3).
    assert sampling_rates(np.array([500, 50, 5])) == pytest.approx([0.01 ** (1 / 3), 0.1 ** (1 / 3), 1.0])
    # In any order of the classes; with alpha 0 all are believed alike.
    assert sampling_rates(np.array([5, 500, 50])) == pytest.approx([1.0, 0.01 ** (1 / 3), 0.1 ** (1 / 3)])
    assert sampling_rates(np.array([5, 500, 50]), 0.0).tolist() == [1.0, 1.0, 1.0]


def test_the_surest_share_of_each_class_is_believed() -> None:
    proba = np.array([[0.6, 0.4], [0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.45, 0.55], [0.6, 0.4]])
    at, codes = believed(proba, np.array([0.6, 1.0]), np.array(["f", "b", "c", "d", "e", "a"]))
    # Of four predictions of the first class 2.4, rounded up to 3: of the two equally sure ones that with the lower id.
    assert at.tolist() == [1, 2, 3, 4, 5]
    assert codes.tolist() == [0, 0, 1, 1, 0]


@pytest.fixture(scope="module")
def few_labels() -> Dataset:
    """Forty labelled rows of two overlapping classes and two thousand without a label."""
    train, others = numeric_table(rows=200, share=0.3), numeric_table(rows=2000, share=0.3, seed=1)
    return with_unlabelled(train.take(train.ids[:40]), others)


def test_it_learns_from_unlabelled_samples_and_the_same_each_time(few_labels: Dataset) -> None:
    cache = FeatureCache()
    one, two = (self_trained(lambda: make_learner("logistic", 0, None, cache), few_labels) for _ in range(2))
    assert one.extra is not None and len(one.extra) > 1000
    assert few_labels.unlabelled is not None and set(one.extra.frame.index) <= set(few_labels.unlabelled.ids)
    plain = make_learner("logistic", 0).fit(few_labels)
    test = numeric_table(rows=500, share=0.3, seed=2)
    assert np.array_equal(one.learner.predict_proba(test), two.learner.predict_proba(test))
    assert not np.allclose(one.learner.predict_proba(test), plain.predict_proba(test))
    other = replace(few_labels, unlabelled=replace(few_labels.unlabelled, frame=few_labels.unlabelled.frame.iloc[:300]))
    fewer = self_trained(lambda: make_learner("logistic", 0), other)
    assert not np.allclose(one.learner.predict_proba(test), fewer.learner.predict_proba(test))


def test_each_generation_begins_anew(few_labels: Dataset) -> None:
    fitted = []

    def make():  # type: ignore[no-untyped-def]
        fitted.append(make_learner("logistic", 0))
        return fitted[-1]

    assert self_trained(make, few_labels).learner is fitted[-1]
    assert len(fitted) == GENERATIONS + 1


def test_embeddings_of_unlabelled_texts_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    train = Toys("text", unlabelled=True).ordinary({"common": 30, "rare": 15})
    assert train.unlabelled is not None
    train = replace(train, unlabelled=replace(train.unlabelled, frame=train.unlabelled.frame.iloc[::10]))
    from augmentors.learners import features

    asked: list[str] = []
    real = features.FEATURES["minilm"]

    def counted(texts: list) -> np.ndarray:
        asked.extend(texts)
        return real(texts)

    monkeypatch.setitem(features.FEATURES, "minilm", counted)
    cache = FeatureCache()
    self_trained(lambda: make_learner("minilm_logistic", 0, None, cache), train)
    assert train.unlabelled is not None
    assert len(asked) == len(train) + len(train.unlabelled)


def test_without_unlabelled_samples_it_says_so() -> None:
    with pytest.raises(NotApplicable, match="needs unlabelled data"):
        self_trained(lambda: make_learner("logistic", 0), numeric_table())


def test_labels_are_given_to_some_of_the_pool() -> None:
    train = Toys.of(TablePseudoLabelling).ordinary()
    assert train.unlabelled is not None
    some = labelled(train, train.unlabelled, np.array([3, 1]), np.array(["rare", "some"], dtype=object))
    assert some.frame.index.tolist() == ["unlabelled:r3", "unlabelled:r1"]
    assert some.parents[:, 0].tolist() == ["unlabelled:r3", "unlabelled:r1"]
    assert some.frame["label"].tolist() == ["rare", "some"]
    assert list(some.frame.columns) == list(train.frame.columns)
