"""Nets: trained by every objective, each to the same loss twice, and to what its paper says."""

import random
from typing import get_args

import numpy as np
import pytest
import torch

from augmentors.core.errors import Cancelled
from augmentors.core.job import NO_JOB, Job
from augmentors.learners import LEARNERS, FeatureCache, learners_for, make_learner
from augmentors.learners.losses import class_balanced_weights, log_priors
from augmentors.learners.nets import criteria, training
from augmentors.learners.nets.batches import Batches
from augmentors.learners.nets.parts import cosine_head, hidden_layers
from augmentors.learners.nets.training import FittedNet, Schedule, fit_net
from augmentors.learners.neural import NeuralLearner
from augmentors.learners.objectives import DRW_START, Objective
from augmentors.testing import toy_images, toy_table, toy_text

OBJECTIVES = get_args(Objective)
NETS = [cls for cls in LEARNERS if cls.card.is_net]
COUNTS = {"common": 60, "some": 20, "rare": 6}


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """A small dataset per kind, with embeddings that need no model."""
    text, cache = toy_text(COUNTS), FeatureCache()
    letters = [[t.count(c) for c in "abcdefghijklmnopqrstuvwxyz"] for t in text.texts]
    cache.put("minilm", text, np.array(letters, np.float32))
    images = toy_images(tmp_path_factory.mktemp("images"), counts=COUNTS)
    return {"table": toy_table(COUNTS), "text": text, "image": images}, cache


@pytest.fixture(autouse=True)
def short(monkeypatch):
    for cls in NETS:
        monkeypatch.setattr(cls, "min_steps", 25)
        monkeypatch.setattr(cls, "max_steps", 40)
    monkeypatch.setattr(training, "HEAD_MIN_STEPS", 10)


def blobs(counts=(90, 10), seed=0, gap=1.5):
    """Return overlapping clouds and their classes."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(len(counts)), counts)
    X = rng.normal(size=(len(codes), 5)) + gap * codes[:, None]
    return X.astype(np.float32), codes


def fitted(objective=None, weighting=None, seed=0, steps=50, data=None) -> FittedNet:
    X, codes = blobs() if data is None else data
    build = lambda generator: hidden_layers(X.shape[1], 16, generator)  # noqa: E731
    return fit_net(build, X, codes, Schedule(steps, 1e-2), seed, NO_JOB, weighting, objective)


def test_each_kind_has_a_net():
    assert {card.kind for kind in ("table", "text", "image") for card in learners_for(kind) if card.is_net} == {
        "table",
        "text",
        "image",
    }


@pytest.mark.parametrize("objective", [None, *OBJECTIVES])
@pytest.mark.parametrize("net", [cls.card.key for cls in NETS])
def test_one_seed_twice_gives_the_same_loss_and_the_same_bytes(net, objective, toys):
    data, cache = toys
    train = data[next(cls.card.kind for cls in NETS if cls.card.key == net)]
    state = (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes())
    threads = torch.get_num_threads()
    one, two, other = (make_learner(net, seed, features=cache, objective=objective).fit(train) for seed in (7, 7, 8))
    assert one.losses_ == two.losses_ and one.losses_ != other.losses_
    proba = one.predict_proba(train)
    assert proba.tobytes() == two.predict_proba(train).tobytes()
    assert np.isfinite(one.losses_).all() and proba.sum(axis=1) == pytest.approx(1)
    assert (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes()) == state
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("objective", [None, *OBJECTIVES])
def test_training_lowers_the_loss_and_tells_the_classes_apart(objective):
    net = fitted(objective, steps=200, data=blobs((90, 30), gap=3.0))
    stage = net.losses[:200]
    assert np.mean(stage[-20:]) < np.mean(stage[:20]) or objective == "ldam_drw"
    X, codes = blobs((90, 30), seed=1, gap=3.0)
    assert (net.proba(X, NO_JOB).argmax(axis=1) == codes).mean() > 0.95


def test_single_precision_on_the_processor():
    net = fitted()
    assert {p.dtype for p in (*net.body.parameters(), *net.head.parameters())} == {torch.float32}
    assert {p.device.type for p in net.head.parameters()} == {"cpu"}


@pytest.mark.parametrize("objective", [o for o in OBJECTIVES if o != "focal"])
def test_the_rare_class_gains_probability(objective):
    # LDAM's cosines take longer to part than logits do.
    X, codes = blobs((190, 10))
    plain, lifted = (fitted(o, steps=300, data=(X, codes)).proba(X, NO_JOB)[:, 1] for o in (None, objective))
    assert lifted[codes == 1].mean() > plain[codes == 1].mean() + 0.01 and lifted.mean() > plain.mean() + 0.005


def test_focal_loss_is_less_sure():
    X, _ = blobs()
    sure, unsure = (fitted(o, steps=200).proba(X, NO_JOB).max(axis=1).mean() for o in (None, "focal"))
    assert unsure < sure


def test_logit_adjustment_divides_the_plain_nets_probabilities_by_the_shares():
    X, codes = blobs((80, 20))
    plain, adjusted = (fitted(o, data=(X, codes)).proba(X, NO_JOB) for o in (None, "logit_adjustment"))
    expected = plain / [0.8, 0.2]
    assert adjusted == pytest.approx(expected / expected.sum(axis=1, keepdims=True), abs=1e-6)


def test_balanced_softmax_adds_the_shares_in_training_alone():
    X, codes = blobs()
    counts = np.bincount(codes)
    criterion = criteria.criterion_of(counts, None, "balanced_softmax")
    logits = torch.zeros((1, 2))
    assert criterion(logits, torch.tensor([1])).item() == pytest.approx(-np.log(0.1), rel=1e-6)
    net = fitted("balanced_softmax")
    features = net.features(X, NO_JOB)
    with torch.inference_mode():
        logits = net.head(features).double()
    assert net.proba(X, NO_JOB) == pytest.approx(logits.softmax(1).numpy(), abs=1e-9)


def test_decoupled_training_freezes_the_plain_body_and_trains_a_new_head():
    plain, two_stage = fitted(steps=80), fitted("crt", steps=80)
    for ours, theirs in zip(two_stage.body.parameters(), plain.body.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert two_stage.losses[:80] == plain.losses and len(two_stage.losses) == 80 + 20
    assert not torch.equal(two_stage.head.weight, plain.head.weight)


def test_deferred_weights_set_in_after_four_fifths_of_the_steps(monkeypatch):
    deferred = fitted("ldam_drw", steps=50)
    monkeypatch.setattr(criteria, "DRW_START", 2.0)
    never = fitted("ldam_drw", steps=50)
    start = int(DRW_START * 50)
    assert deferred.losses[:start] == never.losses[:start] and start == 40
    assert deferred.losses[start] != never.losses[start]


def test_deferred_weights_are_those_of_the_paper():
    counts = np.array([300, 30])
    callback = criteria.DeferredWeights(counts, 10)

    class Net:
        criterion_ = criteria.criterion_of(counts, None, "ldam_drw")

    callback.on_train_begin(Net)
    for _ in range(8):
        callback.on_batch_begin(Net)
        assert Net.criterion_.weight is None
    callback.on_batch_begin(Net)
    assert Net.criterion_.weight.numpy() == pytest.approx(class_balanced_weights(counts, 0.9999))


def test_ldam_reads_cosines():
    head = cosine_head(3, 2, torch.Generator().manual_seed(0))
    with torch.inference_mode():
        cosines = head(torch.randn(50, 3, generator=torch.Generator().manual_seed(1)) * 100)
        along = head(5 * head.weight)
    assert cosines.abs().max() <= 1 + 1e-6 and along.diagonal().numpy() == pytest.approx(1)
    net, (X, _) = fitted("ldam_drw"), blobs()
    with torch.inference_mode():
        expected = (30 * net.head(net.features(X, NO_JOB))).double().softmax(1).numpy()
    assert net.proba(X, NO_JOB) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("objective", "loss"), [(None, -np.log(0.1)), ("focal", -(0.9**2) * np.log(0.1))])
def test_criterion_by_hand(objective, loss):
    logits = torch.tensor([[0.9, 0.1]]).log()
    criterion = criteria.criterion_of(np.array([90, 10]), None, objective)
    assert criterion(logits, torch.tensor([1])).item() == pytest.approx(loss, rel=1e-5)


def test_class_balanced_focal_weighs_by_effective_numbers():
    criterion = criteria.criterion_of(np.array([3000, 30]), None, "class_balanced_focal")
    rare, common = criterion.weight[1].item(), criterion.weight[0].item()
    assert rare / common == pytest.approx((1 - 0.999**3000) / (1 - 0.999**30), rel=1e-5)


class _Rows:
    def __init__(self, y):
        self.X, self.y = torch.arange(len(y)), torch.tensor(y)


def test_passes_go_through_all_samples_before_any_comes_again():
    batches = Batches(_Rows([0] * 150), 64, 15, torch.Generator().manual_seed(0))
    counts = np.bincount(torch.cat([rows for rows, _ in batches]).numpy(), minlength=150)
    assert counts.sum() == 960 and counts.max() - counts.min() <= 1


def test_balanced_batches_draw_classes_alike_and_samples_within_alike():
    y = [2] * 4 + [0] * 200 + [1] * 30
    batches = list(Batches(_Rows(y), 64, 300, torch.Generator().manual_seed(0), balanced=True))
    rows, drawn = (torch.cat(parts).numpy() for parts in zip(*batches, strict=True))
    assert np.array_equal(np.array(y)[rows], drawn)
    # 6,400 expected per class; five standard deviations are 330.
    assert np.abs(np.bincount(drawn) - 6400).max() < 330
    of_rarest = np.bincount(rows, minlength=len(y))[:4]
    assert np.abs(of_rarest - 1600).max() < 5 * np.sqrt(1600) and len(set(rows)) == len(y)


class StopsAfter(Job):
    def __init__(self, calls: int, error: BaseException) -> None:
        self.calls, self.error = calls, error

    def check(self) -> None:
        self.calls -= 1
        if self.calls < 0:
            raise self.error


@pytest.mark.parametrize("error", [Cancelled("stopped"), KeyboardInterrupt()])
def test_stopped_between_steps(toys, error):
    job = StopsAfter(20, error)
    with pytest.raises(type(error)):
        make_learner("mlp", 0).fit(toys[0]["table"], None, job)
    assert job.calls == -1


def test_as_many_steps_whatever_an_arm_repeats(toys):
    train = toys[0]["table"]
    more = train.take(np.concatenate([train.ids, train.ids]))
    one, two = (make_learner("mlp", 0).fit(data) for data in (train, more))
    assert len(one.losses_) == len(two.losses_)


def test_objectives_are_for_nets_alone(toys):
    with pytest.raises(ValueError, match="Logistic regression is no net and cannot be trained by focal"):
        make_learner("logistic", 0, objective="focal")
    assert all(issubclass(cls, NeuralLearner) for cls in NETS)


def test_shares_are_those_of_real_and_new_samples_together():
    assert np.exp(log_priors(np.array([30, 10]))) == pytest.approx([0.75, 0.25])
