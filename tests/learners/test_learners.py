"""Every learner does what the protocol says, on ordinary and odd data of its kind."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import Cancelled, NotFitted, UserError
from augmentors.core.job import Job
from augmentors.core.samples import Samples
from augmentors.learners import LEARNERS, FeatureCache, features, learners_for, make_learner
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.weighting import class_weights
from augmentors.testing import toy_images, toy_table, toy_text

KEYS = [cls.card.key for cls in LEARNERS]
FAST_KEYS = [key for key in KEYS if not key.startswith(("minilm", "efficientnet"))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("images")


def toy(key: str, folder: Path, seed: int = 0, **choices) -> Dataset:
    kind = next(cls.card.kind for cls in LEARNERS if cls.card.key == key)
    if kind == "image":
        place = folder / f"{seed}-{sorted(choices.items())!r}".replace("/", "_")
        return toy_images(place, seed=seed, **choices)
    return (toy_table if kind == "table" else toy_text)(seed=seed, **choices)


@pytest.fixture(autouse=True)
def light_embeddings(monkeypatch):
    """Plain counts instead of nets, and a short training: what is tested here is the learner."""

    def texts(items):
        letters = np.array([[t.count(c) for c in "abcdefghijklmnopqrstuvwxyz"] for t in items], np.float32)
        return letters / (letters.sum(axis=1, keepdims=True) + 1)

    def images(items):
        return features.thumbnails(items)[:, ::7].astype(np.float32)

    monkeypatch.setitem(features.FEATURES, "minilm", texts)
    monkeypatch.setitem(features.FEATURES, "efficientnet", images)
    monkeypatch.setattr(SmallCnn, "min_steps", 25)


def as_samples(dataset: Dataset, n: int, entry: str = "e") -> Samples:
    """Return n copies of the rarest class as new samples."""
    own = dataset.positions("rare")[:n]
    frame = dataset.frame.iloc[own].copy()
    frame.index = pd.Index([f"new-{i}" for i in range(len(own))], dtype="str")
    images = None
    if dataset.kind == "image":
        from augmentors.explore.images import read_pixels

        images = [read_pixels(dataset.image_path(int(i))) for i in own]
    parents = dataset.ids[own].reshape(-1, 1)
    certificate = pd.DataFrame({"entry": entry}, index=frame.index)
    return Samples(frame, parents, np.ones(parents.shape), certificate, images)


@pytest.mark.parametrize("kind", ["table", "text", "image"])
def test_three_learners_per_kind_and_a_net_among_all(kind):
    cards = learners_for(kind)
    assert all(card.kind == kind and card.title and card.summary for card in cards)
    assert sum(card.by_default for card in cards) == 3 and sum(card.is_net for card in cards) == 1


def test_keys_are_unique_and_unknown_ones_are_refused():
    assert len(set(KEYS)) == len(KEYS)
    with pytest.raises(UserError, match="no learner 'svm'"):
        make_learner("svm", 0)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("weighted", [None, "balanced", "effective"])
def test_protocol(key, weighted, folder):
    train, other = toy(key, folder), toy(key, folder, seed=1)
    learner = make_learner(key, 3, weighted)
    with pytest.raises(NotFitted):
        learner.predict_proba(other)
    assert learner.fit(train, as_samples(train, 5)) is learner
    proba = learner.predict_proba(other)
    assert learner.classes_.tolist() == ["common", "rare", "some"]
    assert proba.shape == (len(other), 3) and proba.dtype == np.float64
    assert np.allclose(proba.sum(axis=1), 1) and (proba >= 0).all()
    right = learner.classes_[proba.argmax(axis=1)] == other.labels
    # Guessing the largest class is right for 0.56 of them; the toy table is hard.
    assert right.mean() > (0.45 if train.kind == "table" else 0.6)


@pytest.mark.parametrize("key", KEYS)
def test_same_seed_same_bytes_and_global_state_untouched(key, folder):
    import torch

    train = toy(key, folder)
    before = (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes())
    threads = torch.get_num_threads()
    first, again = (make_learner(key, 5).fit(train).predict_proba(train).tobytes() for _ in range(2))
    assert first == again
    after = (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes())
    assert before == after and torch.get_num_threads() == threads


@pytest.mark.parametrize("key", ["forest", "mlp", "small_cnn", "pixel_forest"])
def test_seed_matters_where_there_is_chance(key, folder):
    train = toy(key, folder)
    a, b = (make_learner(key, seed).fit(train).predict_proba(train) for seed in (0, 1))
    assert not np.array_equal(a, b)


@pytest.mark.parametrize("key", KEYS)
def test_class_weight_and_new_samples_change_the_model(key, folder):
    train = toy(key, folder)
    proba = make_learner(key, 0).fit(train).predict_proba(train)
    weighted = make_learner(key, 0, "balanced").fit(train).predict_proba(train)
    grown = make_learner(key, 0).fit(train, as_samples(train, 12)).predict_proba(train)
    assert weighted[:, 1].mean() > proba[:, 1].mean() - 1e-3
    assert not np.array_equal(weighted, proba) and not np.array_equal(grown, proba)


@pytest.mark.parametrize("key", FAST_KEYS)
def test_odd_data(key, folder):
    kind = next(cls.card.kind for cls in LEARNERS if cls.card.key == key)
    train = toy(key, folder, **({"missing": True} if kind == "table" else {"odd": True}))
    proba = make_learner(key, 0).fit(train).predict_proba(train)
    assert np.isfinite(proba).all()


@pytest.mark.parametrize("key", FAST_KEYS)
def test_two_samples_per_class_and_one_class(key, folder):
    tiny = toy(key, folder, counts={"a": 2, "b": 2})
    assert make_learner(key, 0).fit(tiny).predict_proba(tiny).shape == (4, 2)
    one = toy(key, folder, counts={"a": 3})
    assert (make_learner(key, 0).fit(one).predict_proba(one) == 1).all()
    assert make_learner(key, 0).fit(tiny).predict_proba(tiny.take([])).shape == (0, 2)


@pytest.mark.parametrize("labels", ["integer", "boolean"])
def test_labels_of_other_types_are_text(labels):
    train = toy_table(labels=labels)
    learner = make_learner("logistic", 0).fit(train, None)
    assert set(learner.classes_) == set(train.labels)


def test_texts_without_a_word():
    train = toy_text({"a": 3, "b": 3})
    blank = Dataset("text", train.frame.assign(text=""), train.schema, "blank")
    for key in ("tfidf_logistic", "naive_bayes"):
        assert np.isfinite(make_learner(key, 0).fit(blank).predict_proba(train)).all()


class StopsAfter(Job):
    def __init__(self, calls: int) -> None:
        self.calls = calls

    def check(self) -> None:
        self.calls -= 1
        if self.calls < 0:
            raise Cancelled("stopped")


@pytest.mark.parametrize("key", KEYS)
def test_cancelled_before_the_fit(key, folder):
    with pytest.raises(Cancelled):
        make_learner(key, 0).fit(toy(key, folder), None, StopsAfter(0))


def test_shared_cache_computes_each_sample_once(folder, monkeypatch):
    calls = []
    monkeypatch.setitem(
        features.FEATURES, "minilm", lambda items: calls.extend(items) or np.ones((len(items), 3), np.float32)
    )
    train, cache = toy_text(), FeatureCache()
    extra = as_samples(train, 4)
    for _ in range(3):
        make_learner("minilm_logistic", 0, features=cache).fit(train, extra).predict_proba(train)
    assert len(calls) == len(train) + 4
    make_learner("minilm_logistic", 0, features=cache).fit(train, as_samples(train, 4, entry="other"))
    assert len(calls) == len(train) + 8  # the same ids made with other parameters are other samples


def test_cache_takes_features_computed_elsewhere():
    train, cache = toy_text(), FeatureCache()
    matrix = np.arange(len(train) * 2.0).reshape(-1, 2)
    cache.put("minilm", train, matrix)
    assert np.array_equal(cache.of("minilm", train.take(train.ids[[5, 2]])), matrix[[5, 2]])


def test_cache_reports_progress_and_stops():
    seen = []

    class Watching(Job):
        def progress(self, fraction, message="", **counts):
            seen.append(fraction)

    FeatureCache().of("minilm", toy_text({"a": 300, "b": 10}), None, Watching())
    assert seen == sorted(seen) and seen[-1] == 1 and len(seen) > 1
    with pytest.raises(Cancelled):
        FeatureCache().of("minilm", toy_text(), None, StopsAfter(0))


def test_new_images_of_any_mode_become_rgb():
    grey = np.full((2, 2), 7, np.uint8)
    clear = np.zeros((2, 2, 4), np.uint8)
    assert features.as_rgb(grey).tolist() == np.full((2, 2, 3), 7).tolist()
    assert features.as_rgb(grey[:, :, None]).shape == (2, 2, 3)
    assert (features.as_rgb(clear) == 255).all()  # what is transparent is white


@pytest.mark.slow
@pytest.mark.parametrize("key", ["minilm_logistic", "minilm_mlp", "efficientnet_logistic"])
def test_real_embeddings_tell_the_toys_apart(key, folder, monkeypatch):
    monkeypatch.undo()
    train, other = toy(key, folder), toy(key, folder, seed=1)
    learner = make_learner(key, 0).fit(train, as_samples(train, 3))
    assert (learner.classes_[learner.predict_proba(other).argmax(axis=1)] == other.labels).mean() > 0.8


ENSEMBLES = [(card.key, ensemble) for card in learners_for("table") for ensemble in card.ensembles]


@pytest.mark.parametrize(("key", "ensemble"), ENSEMBLES)
def test_ensembles_on_balanced_parts_lift_the_rare_class(key, ensemble, folder):
    train = toy(key, folder, counts={"common": 120, "some": 40, "rare": 8}, missing=True)
    plain, lifted = (make_learner(key, 0, ensemble=one).fit(train).predict_proba(train) for one in (None, ensemble))
    assert lifted.sum(axis=1) == pytest.approx(1)
    at = list(make_learner(key, 0).fit(train).classes_).index("rare")
    assert lifted[:, at].mean() > plain[:, at].mean()
    again = make_learner(key, 0, ensemble=ensemble).fit(train).predict_proba(train)
    assert np.array_equal(lifted, again)


def test_ensembles_are_known():
    assert ("boosting", "easy_ensemble") in ENSEMBLES and ("logistic", "balanced_bagging") in ENSEMBLES
    with pytest.raises(ValueError, match="Small CNN cannot be fitted as balanced_bagging"):
        make_learner("small_cnn", 0, ensemble="balanced_bagging")


def test_class_weights_by_hand():
    codes = np.repeat([0, 1], [3000, 30])
    balanced, effective = class_weights(codes, "balanced"), class_weights(codes, "effective")
    assert balanced == pytest.approx([0.505, 50.5])
    # Effective numbers 950.3 and 29.57: a ratio of 32.1 in place of 100.
    assert effective[1] / effective[0] == pytest.approx((1 - 0.999**3000) / (1 - 0.999**30))
    assert balanced[codes].mean() == pytest.approx(1) and effective[codes].mean() == pytest.approx(1)
