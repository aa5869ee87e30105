"""Semi-supervised arms in a comparison: inside folds, the same on any number of workers, refused without a pool."""

from dataclasses import replace
from pathlib import Path

import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB
from augmentors.core.split import Split, make_split
from augmentors.evaluate import compare
from augmentors.evaluate.free_arms import FREE_ARMS, free_arms
from augmentors.evaluate.semi_supervised import LONGER, fit_with_unlabelled
from augmentors.explore.unlabelled import attach
from augmentors.learners.features import FeatureCache
from augmentors.learners.mlp import TextNet
from augmentors.testing import Toys


@pytest.fixture(scope="module")
def table() -> tuple[Dataset, Split]:
    return prepared(Toys("table", unlabelled=True).ordinary({"common": 90, "rare": 30}))


def prepared(data: Dataset) -> tuple[Dataset, Split]:
    assert data.unlabelled is not None
    split = make_split(replace(data, unlabelled=None), n_folds=3)
    return attach(data, split, data.unlabelled).dataset, split


def test_arms_are_asked_for_as_a_group_and_cost_what_they_cost() -> None:
    assert [arm.key for arm in free_arms("text", ["semi_supervised"])] == ["crest", "fixmatch"]
    assert [arm.key for arm in free_arms("table", ["semi_supervised"])] == ["crest"]
    assert not {"crest", "fixmatch"} & {arm.key for arm in free_arms("image")}
    assert {arm.semi for arm in FREE_ARMS if arm.semi} == set(LONGER)
    assert {"crest", "fixmatch"} <= {arm.key for arm in free_arms("image", ["all"])}
    assert not [arm for arm in free_arms("image", ["all"], unlabelled=False) if arm.semi]
    assert [arm.key for arm in free_arms("image", ["crest"], unlabelled=False)] == ["crest"]


def test_crest_runs_in_every_fold_the_same_on_two_workers(table: tuple[Dataset, Split]) -> None:
    data, split = table
    one, two = (
        compare(data, split, learners=["logistic"], repeats=1, free=["crest"], workers=workers) for workers in (1, 2)
    )
    fits = [fit for fit in one.fits if fit.arm == "crest"]
    assert len(fits) == 3 and all(fit.used > 50 for fit in fits)
    assert [fit.held_out for fit in one.fits] == [fit.held_out for fit in two.fits]
    plain = {fit.fold: fit.held_out for fit in one.fits if fit.arm == "plain"}
    assert any(plain[fit.fold] != fit.held_out for fit in fits)


def test_without_unlabelled_data_the_arm_is_failed_with_its_reason(table: tuple[Dataset, Split]) -> None:
    data, split = table
    found = compare(replace(data, unlabelled=None), split, learners=["logistic"], repeats=1, free=["crest"])
    assert {failure.arm for failure in found.failures} == {"crest"}
    assert all("needs unlabelled data" in failure.reason for failure in found.failures)


def test_fixmatch_runs_on_texts_and_images(tmp_path: Path) -> None:
    texts = Toys("text", unlabelled=True).ordinary({"common": 24, "rare": 12})
    assert texts.unlabelled is not None
    texts = replace(texts, unlabelled=replace(texts.unlabelled, frame=texts.unlabelled.frame.iloc[::6]))
    images = Toys("image", tmp_path, unlabelled=True).ordinary({"common": 24, "rare": 12})
    for data, learner in ((texts, "minilm_mlp"), (images, "small_cnn")):
        assert data.unlabelled is not None
        split = make_split(replace(data, unlabelled=None), n_folds=2)
        found = compare(data, split, learners=[learner], repeats=1, free=["fixmatch"])
        assert not found.failures
        assert [fit.used for fit in found.fits if fit.arm == "fixmatch"] == [len(data.unlabelled)] * 2


def test_fixmatch_on_texts_uses_their_strong_views() -> None:
    data = Toys("text", unlabelled=True).ordinary({"common": 24, "rare": 12})
    assert data.unlabelled is not None
    data = replace(data, unlabelled=replace(data.unlabelled, frame=data.unlabelled.frame.iloc[::10]))
    cache = FeatureCache()
    (one, used), (two, _) = (fit_with_unlabelled("fixmatch", "minilm_mlp", 1, cache, data, NO_JOB) for _ in range(2))
    assert isinstance(one, TextNet) and isinstance(two, TextNet)
    assert one.losses_ == two.losses_ and used == len(data.unlabelled)
    plain = TextNet(1, None, cache).fit(data)
    assert one.losses_ != plain.losses_ and len(one.losses_) == len(plain.losses_)
