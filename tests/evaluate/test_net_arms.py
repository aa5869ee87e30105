"""Arms for nets in a comparison: chosen by name or group, on every fold, without a leak, failing alone."""

import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.evaluate import compare
from augmentors.evaluate.arms import all_arms
from augmentors.evaluate.chosen import chosen_learners, missing_learners, partial_arms
from augmentors.evaluate.free_arms import FREE_ARMS, GROUPS, free_arms
from augmentors.evaluate.verdict import ORDER
from augmentors.learners import learners_for
from augmentors.learners.base import Learner
from augmentors.learners.mlp import TableNet
from augmentors.learners.nets import training

OF_NETS = [arm.key for arm in FREE_ARMS if arm.objective is not None]


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(TableNet, "min_steps", 40)
    monkeypatch.setattr(TableNet, "max_steps", 60)
    monkeypatch.setattr(training, "HEAD_MIN_STEPS", 20)


def clouds(n: int = 240, gap: float = 2.0, rare: float = 0.2, seed: int = 0) -> Dataset:
    """Return two overlapping clouds, one rare."""
    rng = rng_from("clouds", seed)
    label = rng.random(n) < rare
    frame = pd.DataFrame(rng.normal(size=(n, 3)) + gap * label[:, None], columns=list("abc"))
    frame["label"] = pd.Series(np.where(label, "rare", "common"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(n)], dtype="str")
    return Dataset("table", frame, Schema("label", dict.fromkeys("abc", "number")), f"clouds {n} {gap} {seed}")


def test_arms_are_asked_for_by_key_or_group():
    assert [arm.key for arm in free_arms("table", ["losses"])] == OF_NETS
    assert {arm.group for arm in FREE_ARMS} == set(GROUPS)
    usual = free_arms("image")
    assert not any(arm.objective for arm in usual) and [arm.by_default for arm in usual] == [True] * len(usual)
    asked = free_arms("image", ["crt", "default", "weights"])
    assert [arm.key for arm in asked] == [arm.key for arm in FREE_ARMS if arm in usual or arm.key == "crt"]
    assert free_arms("table", ["all"]) == tuple(arm for arm in FREE_ARMS if "table" in arm.kinds)
    assert free_arms("text", ["none"]) == ()
    with pytest.raises(UserError, match=r"no arm 'easy_ensemble' for text data.*the groups decision, weights"):
        free_arms("text", ["focal", "easy_ensemble"])
    for arm in FREE_ARMS:
        assert arm.title and arm.summary.endswith(".") and (arm.reference or arm.group in ("decision", "resampling"))


def test_every_arm_can_be_trained_with_some_learner_of_its_kinds():
    for arm in FREE_ARMS:
        for kind in arm.kinds:
            assert any(arm.suits(card) for card in learners_for(kind)), (arm.key, kind)


@pytest.mark.parametrize(("kind", "net"), [("table", "mlp"), ("text", "minilm_mlp")])
def test_a_net_joins_where_an_arm_needs_it(kind, net):
    plain, focal = (all_arms([], free_arms(kind, keys)) for keys in (None, ["focal"]))
    usual = [card.key for card in chosen_learners(kind, None, plain)]
    assert net not in usual and len(usual) == 3
    assert {card.key for card in chosen_learners(kind, None, focal)} == {*usual, net}
    assert [card.key for card in missing_learners(kind, learners_for(kind)[:1], focal)] == [net]
    with pytest.raises(
        UserError, match=rf"'focal' cannot be trained with {usual[0]}.*Add one of these learners: {net}"
    ):
        chosen_learners(kind, usual[:1], focal, ["focal"])
    # What only belongs to a group that was asked for is left out and said.
    cards = chosen_learners(kind, usual[:1], focal, ["losses"])
    assert partial_arms(focal, cards) == ["None of the models can be trained with: Focal loss."]


def test_images_have_a_net_from_the_start():
    focal = all_arms([], free_arms("image", ["focal"]))
    cards = chosen_learners("image", None, focal)
    assert [card.key for card in cards] == [card.key for card in learners_for("image")]
    assert partial_arms(focal, cards) == ["Only Small CNN can be trained with: Focal loss."]


@pytest.fixture(scope="module")
def watched():
    """Compare once by every arm for nets; keep what each fit saw."""
    seen = []
    learn = Learner.fit

    def watching(self, train, extra=None, job=None):
        seen.append((self.card.key, self.objective, self.seed, frozenset(train.ids)))
        return learn(self, train, extra)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TableNet, "min_steps", 40)
        patch.setattr(TableNet, "max_steps", 60)
        patch.setattr(training, "HEAD_MIN_STEPS", 20)
        patch.setattr(Learner, "fit", watching)
        data = clouds()
        split = make_split(data)
        found = compare(data, split, learners=["logistic", "mlp"], repeats=1, free=["losses", "class_weight"])
    return data, split, found, seen


def test_every_arm_on_every_fold_with_the_net_alone(watched):
    _, split, found, _ = watched
    fits = {(fit.arm, fit.learner, fit.fold) for fit in found.fits}
    of_all = {(arm, learner) for arm in ("plain", "class_weight") for learner in ("logistic", "mlp")}
    pairs = of_all | {(arm, "mlp") for arm in OF_NETS}
    assert fits == {(*pair, fold) for pair in pairs for fold in np.unique(split.folds)}
    assert any(note.startswith("Only Small neural net can be trained with: Logit adjustment, ") for note in found.notes)
    result = found.to_json()
    assert {a["name"] for a in result["arms"] if a["learner"] == "mlp"} == {"plain", "class_weight", *OF_NETS}
    verdict = result["verdict"]
    (other,) = verdict["other_learners"]
    assert verdict["learner"] == "logistic" and [one["arm"] for one in verdict["arms"]] == ["class_weight"]
    assert other["learner"] == "mlp" and {one["arm"] for one in other["arms"]} == {"class_weight", *OF_NETS}
    assert all(one["label"] in ORDER and one["difference"]["p"] <= 1 for one in other["arms"])
    briers = [a["metrics"]["brier"]["mean"] for a in result["arms"]]
    assert all(0 <= brier <= 2 for brier in briers) and result["failed"] == []


def test_no_arm_of_a_net_sees_a_held_out_or_test_sample_and_all_share_one_seed(watched):
    _, split, _, seen = watched
    of_fold = [frozenset(split.train[split.folds != fold]) for fold in np.unique(split.folds)]
    net = [(objective, seed, ids) for key, objective, seed, ids in seen if key == "mlp"]
    assert len(net) == len(of_fold) * (2 + len(OF_NETS))
    for ids in of_fold:
        own = [(objective, seed) for objective, seed, found in net if found == ids]
        assert {objective for objective, _ in own} == {None, *OF_NETS} and len({seed for _, seed in own}) == 1
        assert ids.isdisjoint(split.test)


def test_the_same_contest_twice_is_the_same(watched):
    data, split, found, _ = watched
    again = compare(data, split, learners=["logistic", "mlp"], repeats=1, free=["losses", "class_weight"])
    for metric in ("average_precision", "log_loss", "macro_f1"):
        for arm in OF_NETS:
            assert [f.held_out[metric] for f in again.of(arm, "mlp")] == [
                f.held_out[metric] for f in found.of(arm, "mlp")
            ]


def test_a_net_that_fails_in_one_arm_is_told_and_the_rest_goes_on(monkeypatch):
    from augmentors.learners.nets import criteria

    def refuse(counts):
        raise ValueError("margins of  nothing")

    monkeypatch.setattr(criteria, "ldam_margins", refuse)
    data = clouds(120)
    result = compare(data, make_split(data), learners=["mlp"], repeats=1, free=["focal", "ldam_drw"]).to_json()
    assert [(f["arm"], f["learner"], f["fits"], f["reason"]) for f in result["failed"]] == [
        ("ldam_drw", "mlp", 5, "ValueError: margins of nothing")
    ]
    assert {a["name"] for a in result["arms"]} == {"plain", "focal"}


def test_labels_that_nothing_predicts_stay_unpredicted():
    """Were a held-out label to leak into a net's arm, its average precision would rise above chance."""
    gaps: dict[str, list[float]] = {key: [] for key in ("plain", *OF_NETS)}
    for seed in range(4):
        data = clouds(200, gap=0.0, rare=0.3, seed=seed)
        found = compare(data, make_split(data, seed=seed), learners=["mlp"], repeats=1, free=["losses"])
        for arm, values in gaps.items():
            fits = found.of(arm, "mlp")
            values += [fit.held_out["balanced_accuracy"] - 0.5 for fit in fits]
    for arm, values in gaps.items():
        assert abs(np.mean(values)) < 4 * np.std(values, ddof=1) / np.sqrt(len(values)), arm
