"""Semi-supervised arms in a comparison: inside folds, the same on any number of workers, refused without a pool."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable, UserError
from augmentors.core.job import NO_JOB
from augmentors.core.split import Split, make_split
from augmentors.evaluate import compare
from augmentors.evaluate.arms import Arm
from augmentors.evaluate.final_fit import fit_final
from augmentors.evaluate.free_arms import FREE_ARMS, free_arms
from augmentors.evaluate.semi_supervised import LONGER, fit_with_unlabelled
from augmentors.explore.unlabelled import attach
from augmentors.learners import features
from augmentors.learners.features import FeatureCache
from augmentors.learners.mlp import TextNet
from augmentors.testing import Toys
from augmentors.text.apertium import installed_pairs
from augmentors.text.strong_views import VIEWS, text_views


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
    views = text_views(data.unlabelled.texts, "eda")
    (one, used), (two, _) = (
        fit_with_unlabelled("fixmatch", "minilm_mlp", 1, cache, data, NO_JOB, views) for _ in range(2)
    )
    assert isinstance(one, TextNet) and isinstance(two, TextNet)
    assert one.losses_ == two.losses_ and used == len(data.unlabelled)
    plain = TextNet(1, None, cache).fit(data)
    assert one.losses_ != plain.losses_ and len(one.losses_) == len(plain.losses_)


@pytest.fixture(scope="module")
def texts() -> tuple[Dataset, Split]:
    """Few texts with some words in common, beside which lie unlabelled ones."""
    data = Toys("text", unlabelled=True).ordinary({"common": 40, "rare": 20})
    assert data.unlabelled is not None
    return prepared(replace(data, unlabelled=replace(data.unlabelled, frame=data.unlabelled.frame.iloc[::5])))


def test_texts_and_their_views_are_embedded_once_for_all_fits(
    texts: tuple[Dataset, Split], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, split = texts
    asked: list[str] = []
    real = features.FEATURES["minilm"]

    def counted(some: list) -> np.ndarray:
        asked.extend(some)
        return real(some)

    monkeypatch.setitem(features.FEATURES, "minilm", counted)
    assert data.unlabelled is not None
    learners = ["minilm_logistic", "minilm_mlp"]
    found = compare(data, split, learners=learners, repeats=1, free=["semi_supervised"], strong_views="eda")
    assert {(fit.arm, fit.learner) for fit in found.fits} >= {("crest", "minilm_mlp"), ("fixmatch", "minilm_mlp")}
    assert len(asked) == len(split.train) + len(split.test) + (1 + VIEWS) * len(data.unlabelled)


def test_two_workers_read_what_was_embedded_and_say_the_same(texts: tuple[Dataset, Split]) -> None:
    data, split = texts
    one, two = (
        compare(data, split, learners=["minilm_mlp"], repeats=1, free=["semi_supervised"], workers=workers)
        for workers in (1, 2)
    )
    assert [fit.held_out for fit in one.fits] == [fit.held_out for fit in two.fits]
    assert one.notes == two.notes


def test_the_notes_tell_how_texts_are_changed(texts: tuple[Dataset, Split], monkeypatch: pytest.MonkeyPatch) -> None:
    data, split = texts
    settings = {"learners": ["minilm_mlp"], "repeats": 1, "free": ["fixmatch"]}
    told = compare(data, split, **settings, strong_views="eda").notes
    assert "FixMatch: Strong views of texts are changed by EDA: as was asked for." in told
    with pytest.raises(UserError, match=r"no strong view .translate. of texts"):
        compare(data, split, **settings, strong_views="translate")
    if installed_pairs():
        other = compare(data, split, **settings)
        assert any("back-translated by Apertium (eng to spa and back)" in note for note in other.notes)
        assert [fit.held_out for fit in other.fits if fit.arm == "fixmatch"] != [
            fit.held_out for fit in compare(data, split, **settings, strong_views="eda").fits if fit.arm == "fixmatch"
        ]


def test_kept_fits_depend_on_how_texts_are_changed(texts: tuple[Dataset, Split], tmp_path: Path) -> None:
    data, split = texts
    settings = {"learners": ["minilm_mlp"], "repeats": 1, "free": ["fixmatch"], "keep_in": tmp_path}
    compare(data, split, **settings, strong_views="eda")
    before = set(tmp_path.iterdir())
    compare(data, split, **settings, strong_views="eda")
    assert set(tmp_path.iterdir()) == before
    if installed_pairs():
        compare(data, split, **settings, strong_views="apertium")
        new = set(tmp_path.iterdir()) - before
        # The plain fits, the features of texts as they are and their thresholds stay; FixMatch's are made anew.
        assert len(new) >= split.n_folds + VIEWS


@pytest.mark.parametrize(("key", "learner"), [("crest", "minilm_logistic"), ("vector_smote", "minilm_logistic")])
def test_the_final_model_of_an_arm_is_trained_as_the_arm_was(
    key: str, learner: str, texts: tuple[Dataset, Split]
) -> None:
    data, split = texts
    (free,) = free_arms("text", [key])
    done = fit_final(data, split, Arm(key, free.title, free=free), learner, 0, None)
    plain = fit_final(data, split, Arm("plain", "Plain"), learner, 0, None)
    test = data.take(split.test)
    assert plain.extra is None and done.extra is not None and len(done.extra) > 5
    assert not np.allclose(done.learner.predict_proba(test), plain.learner.predict_proba(test))


def test_the_final_model_of_an_arm_with_unlabelled_data_needs_it(table: tuple[Dataset, Split]) -> None:
    data, split = table
    (free,) = free_arms("table", ["crest"])
    with pytest.raises(NotApplicable, match="needs unlabelled data"):
        fit_final(replace(data, unlabelled=None), split, Arm("crest", free.title, free=free), "logistic", 0, None)
