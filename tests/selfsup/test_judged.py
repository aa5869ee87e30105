"""What an embedding is worth per class, against numbers worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from augmentors.core.dataset import Dataset, Schema
from augmentors.selfsup.judged import (
    BETTER,
    FEW,
    SEEN,
    UNCLEAR,
    UNDECIDABLE,
    WORSE,
    compared_in_words,
    judge,
    learning_in_words,
    mcnemar,
    wilson,
)

NAMES = ("the built-in embedding", "The learnt embedding")


def samples(**counts: int) -> Dataset:
    labels = [name for name, n in counts.items() for _ in range(n)]
    frame = pd.DataFrame({"label": labels}, index=[f"s{i:03d}" for i in range(len(labels))])
    return Dataset("table", frame, Schema("label"), "print")


def apart(train: Dataset, rng: np.random.Generator) -> np.ndarray:
    """Return one far cloud per class."""
    codes = pd.factorize(train.labels)[0]
    return (20.0 * np.eye(codes.max() + 1)[codes] + rng.normal(size=(len(train), codes.max() + 1))).astype(np.float32)


def test_clouds_apart_beside_noise() -> None:
    train, rng = samples(common=60, rare=30), np.random.default_rng(0)
    folds = np.arange(90) % 5
    noise = rng.normal(size=(90, 2)).astype(np.float32)
    found = judge(train, folds, noise, noise, apart(train, rng), NAMES)
    assert [one["class"] for one in found.classes] == ["rare", "common"]
    assert [one["after"]["recall"] for one in found.classes] == [1.0, 1.0]
    assert found.after == {"neighbours": 1.0, "recall": 1.0}
    assert [one["result"] for one in found.classes] == [BETTER, BETTER]
    assert found.sentence.startswith("The learnt embedding is better than the built-in embedding:")
    assert found.right_after.all()
    assert found.near_after.shape == (90, 6)
    swapped = judge(train, folds, apart(train, rng), noise, noise, NAMES)
    assert [one["result"] for one in swapped.classes] == [WORSE, WORSE]
    assert swapped.sentence.startswith("The learnt embedding is worse than the built-in embedding:")


def test_the_same_embedding_twice_is_no_difference() -> None:
    train, rng = samples(common=40, rare=12), np.random.default_rng(1)
    vectors = rng.normal(size=(52, 3)).astype(np.float32)
    found = judge(train, np.arange(52) % 4, vectors, vectors, vectors, NAMES)
    assert {one["result"] for one in found.classes} == {UNCLEAR}
    assert found.before == found.untrained == found.after
    assert "learning itself added nothing that counts." in found.sentence
    assert "does about as well as" in found.sentence
    assert found.to_json()["seen"] == SEEN


def test_what_is_there_before_training_is_no_merit_of_learning() -> None:
    """Noise, then clouds apart, then the same clouds: all that is better was there before the first step."""
    train, rng = samples(common=60, rare=30), np.random.default_rng(0)
    noise, clouds = rng.normal(size=(90, 2)).astype(np.float32), apart(train, rng)
    found = judge(train, np.arange(90) % 5, noise, clouds, clouds, NAMES)
    assert found.untrained == found.after == {"neighbours": 1.0, "recall": 1.0}
    assert [one["untrained"] for one in found.classes] == [one["after"] for one in found.classes]
    assert [one["result"] for one in found.classes] == [BETTER, BETTER]
    assert "nothing that counts: most of the gain in recall and neighbours is there before training." in found.sentence
    assert found.to_json()["untrained"] == found.untrained
    learnt = judge(train, np.arange(90) % 5, noise, noise, clouds, NAMES)
    assert learnt.untrained == learnt.before
    assert "learning itself changed that by +" in learnt.sentence
    assert "most of the gain" not in learnt.sentence


@pytest.mark.parametrize(
    ("untrained", "after", "said"),
    [
        (
            (0.70, 0.60),
            (0.705, 0.605),
            "added nothing that counts: most of the gain in recall and neighbours is there before training.",
        ),
        (
            (0.70, 0.60),
            (0.68, 0.60),
            "made it worse: most of the gain in recall and neighbours is there before training.",
        ),
        ((0.51, 0.50), (0.70, 0.60), "changed that by +19.0 and +10.0 points."),
        (
            (0.66, 0.50),
            (0.70, 0.60),
            "changed that by +4.0 and +10.0 points: most of the gain in recall is there before",
        ),
        ((0.50, 0.50), (0.505, 0.50), "added nothing that counts."),
        ((0.50, 0.50), (0.45, 0.50), "made it worse."),
    ],
)
def test_what_learning_added_in_words(untrained: tuple[float, float], after: tuple[float, float], said: str) -> None:
    built_in, start, learnt = (
        {"recall": recall, "neighbours": near} for recall, near in ((0.5, 0.5), untrained, after)
    )
    told = learning_in_words(built_in, start, learnt)
    assert told.startswith(f"Before training the same net finds {untrained[0]:.1%}, and {untrained[1]:.1%} of")
    assert f"; learning itself {said}" in told


def test_neighbours_are_counted_without_the_sample_itself() -> None:
    """On a line, seven of a class then seven of another: by hand the share is 1 but for the ends that meet."""
    train = samples(a=7, b=7)
    line = np.concatenate([np.arange(7), 100 + np.arange(7)])[:, None].astype(np.float32)
    found = judge(train, np.arange(14) % 2, line, line, line, NAMES)
    assert [one["before"]["neighbours"] for one in found.classes] == [1.0, 1.0]
    mixed = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 50], dtype=np.float32)[:, None]
    alone = judge(train, np.arange(14) % 2, mixed, mixed, mixed, NAMES)
    # All but the last are equal; ties go to the first, so everyone's neighbours begin with the seven of a.
    assert alone.near_before[13].tolist() == [0, 1, 2, 3, 4, 5]


def test_too_few_samples_are_not_decided() -> None:
    train, rng = samples(common=40, rare=FEW - 1), np.random.default_rng(2)
    noise = rng.normal(size=(len(train), 2))
    found = judge(train, np.arange(len(train)) % 3, noise, noise, apart(train, rng), NAMES)
    assert found.classes[0] | {"result": UNDECIDABLE, "count": FEW - 1} == found.classes[0]


def test_a_class_in_one_fold_alone_is_never_found() -> None:
    train, rng = samples(common=20, rare=2), np.random.default_rng(3)
    folds = np.array([*(np.arange(20) % 2), 0, 0])
    vectors = apart(train, rng)
    found = judge(train, folds, vectors, vectors, vectors, NAMES)
    assert found.classes[0]["before"]["found"] == 0


@pytest.mark.parametrize(("found", "n"), [(0, 5), (3, 10), (16, 16), (250, 400)])
def test_intervals_are_wilsons(found: int, n: int) -> None:
    expected = binomtest(found, n).proportion_ci(method="wilson")
    assert wilson(found, n) == pytest.approx((expected.low, expected.high), abs=1e-6)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (1, 7), (6, 2), (5, 5)])
def test_mcnemar_is_the_exact_binomial(gained: int, lost: int) -> None:
    n, few = gained + lost, min(gained, lost)
    p = min(1.0, 2 * sum(math.comb(n, k) for k in range(few + 1)) / 2**n)
    assert mcnemar(gained, lost) == pytest.approx(p)


@pytest.mark.parametrize(
    ("gap", "better", "worse", "words"),
    [
        (2.7, False, False, "is not clearly different from"),
        (-9.0, False, False, "is not clearly different from"),
        (0.4, True, False, "does about as well as"),
        (3.0, True, False, "is better than"),
        (-3.0, False, True, "is worse than"),
        (5.2, True, True, "finds more of some classes and less of others than"),
    ],
)
def test_no_embedding_is_called_better_while_no_class_shows_it(
    gap: float, better: bool, worse: bool, words: str
) -> None:
    assert compared_in_words(gap, better, worse) == words


def test_no_change_has_no_sign_of_loss() -> None:
    net, learnt = {"recall": 0.5, "neighbours": 0.8}, {"recall": 0.53, "neighbours": 0.7999}
    assert "changed that by +3.0 and +0.0 points" in learning_in_words(net, net, learnt)
