"""How often the verdict is wrong when nothing is there, and right when much is: simulated, then with real models."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.seeds import rng_from
from augmentors.core.split import make_split
from augmentors.evaluate import AugmentedArm, compare
from augmentors.evaluate.evidence import judge
from augmentors.evaluate.free_arms import PLAIN, THRESHOLD
from augmentors.evaluate.verdict import HARMS, HELPS, NOTHING, SAME, FoldScores, judge_arms
from augmentors.table.random_oversampling import RandomOversampling

FOLDS, REPEATS, RATIO = 5, 2, 0.25
OTHERS = ("class_weight", "effective_weight", "random_under", "random_over", "balanced_bagging")


def repeated_folds(rng: np.random.Generator, spread: float) -> np.ndarray:
    """Return differences over repeated folds whose training parts overlap.

    Their correlation is n₂/(n₁ + n₂), what Nadeau and Bengio's correction rests on.
    """
    share = 1 / FOLDS
    luck = rng.normal(size=1) * np.sqrt(share) + rng.normal(size=FOLDS * REPEATS) * np.sqrt(1 - share)
    return spread * luck


def drawn(rng: np.random.Generator, ap: float = 0.0, f1: float = 0.0, moved: float = 0.0) -> FoldScores:
    """Return scores of all arms; "new" differs from plain by these true effects, the others by nothing."""
    hard = rng.normal(size=FOLDS * REPEATS) * 0.05
    names = (PLAIN, THRESHOLD, *OTHERS, "new")
    noise = {name: repeated_folds(rng, 0.01) for name in names} | {PLAIN: 0.0, THRESHOLD: 0.0}
    shift = {name: repeated_folds(rng, 0.01) + noise[name] for name in names} | {PLAIN: 0.0}
    ap_scores = {name: 0.5 + hard + noise[name] + (ap if name == "new" else 0) for name in names}
    f1_scores = {name: 0.6 + hard + shift[name] + {"new": f1, THRESHOLD: moved}.get(name, 0) for name in names}
    return FoldScores(ap_scores, f1_scores, f1_scores, RATIO)


def share_of(label: tuple[str, ...], times: int, **effects: float) -> tuple[float, float]:
    """Return how often the verdict is one of these, with the lower 95 % bound."""
    rng = np.random.default_rng(7)
    hits = sum(judge_arms(drawn(rng, **effects)).arms["new"].label in label for _ in range(times))
    return hits / times, binomtest(hits, times).proportion_ci(0.95).low


def test_the_false_alarm_rate_of_one_arm_is_the_nominal_one():
    """Alone, without a margin to hide behind: 5 % in all, 2.5 % in each direction."""
    rng = np.random.default_rng(3)
    seen = []
    for _ in range(1500):
        gaps = repeated_folds(rng, 0.5)
        scores = {PLAIN: np.zeros(len(gaps)), "new": gaps}
        seen.append(judge_arms(FoldScores(scores, scores, scores, RATIO)).arms["new"].label)
    for label in (HELPS, HARMS):
        assert binomtest(seen.count(label), len(seen)).proportion_ci(0.95).low <= 0.025
        assert seen.count(label) > 0.01 * len(seen)  # and the test is not merely silent


def test_without_an_effect_the_verdict_seldom_sees_one():
    assert share_of((HELPS, HARMS), 300)[1] <= 0.05
    assert share_of((SAME,), 300)[1] <= 0.05


@pytest.mark.parametrize(("effect", "label"), [(0.05, HELPS), (-0.05, HARMS)])
def test_a_large_effect_is_seen(effect, label):
    assert share_of((label,), 200, ap=effect)[0] >= 0.9


def test_a_moved_threshold_is_called_one_and_never_a_help():
    assert share_of((HELPS, HARMS), 200, f1=0.08, moved=0.08)[1] <= 0.05


def clouds(seed: int, n: int = 300) -> Dataset:
    """Return two overlapping clouds, one rare."""
    rng = rng_from("clouds", seed)
    rare = rng.random(n) < 0.15
    return table(rng.normal(size=(n, 4)) + rare[:, None] * [1.0, 1.0, 0, 0], rare, f"clouds {seed}")


def islands(seed: int, n: int, rare: int) -> Dataset:
    """Return a rare class on 64 small islands: more of its samples are worth much."""
    rng = rng_from("islands", seed)
    points = rng.uniform(-3, 3, (n, 6))
    centres = np.stack(np.meshgrid(*[[-2.4, -0.8, 0.8, 2.4]] * 3), axis=-1).reshape(64, 3)
    points[:rare, :3] = centres[rng.integers(0, 64, rare)] + rng.normal(size=(rare, 3)) * 0.15
    return table(points, np.arange(n) < rare, f"islands {seed} {n}")


def table(points: np.ndarray, rare: np.ndarray, name: str) -> Dataset:
    frame = pd.DataFrame(points, columns=list("abcdef")[: points.shape[1]])
    types = dict.fromkeys(frame.columns, "number")
    frame["label"] = pd.Series(np.where(rare, "rare", "common"), dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(len(frame))], dtype="str")
    return Dataset("table", frame, Schema("label", types), name)


def copies(data: Dataset, split, n: int, seed: int):
    rng = np.random.default_rng(seed)
    return RandomOversampling().fit(data.take(split.train), rng).augment("rare", n, rng)


def label_of_two_seeds(seed: int, learner: str) -> str:
    """Return the verdict on one recipe against itself with another seed."""
    data = clouds(seed)
    split = make_split(data, seed=seed)
    arms = [AugmentedArm(str(i), copies(data, split, 60, i)) for i in range(2)]
    found = compare(data, split, arms, [learner], REPEATS, seed, free=["none"])
    as_plain = [replace(fit, arm=PLAIN) for fit in found.of("0", learner)]
    return judge(replace(found, fits=as_plain + found.of("1", learner))).label


def label_of_true_samples(seed: int) -> str:
    """Return the verdict on new samples from the true distribution: the best there could be."""
    data = islands(seed, 1200, 240)
    split = make_split(data, seed=seed)
    made = copies(data, split, 2000, seed)
    true = islands(seed + 10_000, 2000, 2000).frame.set_axis(made.frame.index)
    return judge(
        compare(data, split, [AugmentedArm("true", replace(made, frame=true))], ["forest"], free=["none"])
    ).label


def test_real_models_quick_share():
    assert label_of_two_seeds(0, "logistic") == NOTHING
    assert label_of_true_samples(0) == HELPS


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("learner", ["logistic", "forest"])
def test_real_models_without_an_effect(learner):
    labels = [label_of_two_seeds(seed, learner) for seed in range(200)]
    wrong = labels.count(HELPS) + labels.count(HARMS)
    print(f"{learner}: {labels.count(HELPS)} Helps, {labels.count(HARMS)} Harms of 200")
    assert binomtest(wrong, 200).proportion_ci(0.95).low <= 0.05


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_real_models_with_a_large_effect():
    labels = [label_of_true_samples(seed) for seed in range(200)]
    print(f"{labels.count(HELPS)} Helps of 200")
    assert labels.count(HELPS) >= 180
