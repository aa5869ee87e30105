"""The verdict's rules on cases whose answer is known, and its words."""

import numpy as np
import pytest

from augmentors.evaluate.free_arms import PLAIN, THRESHOLD
from augmentors.evaluate.statistics import Interval
from augmentors.evaluate.verdict import HARMS, HELPS, NOTHING, SAME, FoldScores, judge_arms, leading
from augmentors.evaluate.verdict_words import classes, next_step, result, threshold
from augmentors.evaluate.verdict_words import test_part as said_of_test_part

J = 10
# A spread without a mean: folds differ, arms do not.
WOBBLE = np.resize([-1.0, 1.0], J)


def folds(ap: dict[str, float], f1: dict[str, float], spread: float = 0.002) -> FoldScores:
    """Return arms with these changes against plain, ± spread on alternate folds."""
    hard = np.linspace(-0.05, 0.05, J)  # shared by all arms: pairing must take it out
    names = list(ap)

    def scored(base: float, changes: dict[str, float]) -> dict[str, np.ndarray]:
        return {
            name: base + hard + changes[name] + (0 if name in (PLAIN, THRESHOLD) else spread * WOBBLE) for name in names
        }

    tuned = scored(0.6 + f1.get(THRESHOLD, 0.0), dict.fromkeys(names, 0.0))
    return FoldScores(scored(0.5, ap), scored(0.6, f1), tuned, 0.25)


def label(ap: float, f1: float, moved: float = 0.0, spread: float = 0.002) -> str:
    scores = folds({PLAIN: 0, THRESHOLD: 0, "new": ap}, {PLAIN: 0, THRESHOLD: moved, "new": f1}, spread)
    return judge_arms(scores).arms["new"].label


@pytest.mark.parametrize(
    ("ap", "f1", "moved", "expected"),
    [
        (0.03, 0.05, 0.05, HELPS),  # whatever the threshold does, the ranking is better
        (-0.03, 0.05, 0.05, HARMS),  # macro-F1 up, but the ranking is worse
        (0.0, 0.05, 0.05, SAME),
        (0.0, 0.05, 0.0, SAME),  # F1 up with AP flat is a moved threshold, though ours found none
        (0.0, 0.0, 0.05, NOTHING),
        (0.005, 0.0, 0.0, NOTHING),  # significant, and less than the margin
        (-0.005, 0.0, 0.0, NOTHING),
        (0.0, -0.05, 0.0, NOTHING),
    ],
)
def test_golden_labels(ap, f1, moved, expected):
    assert label(ap, f1, moved) == expected


def test_too_much_spread_is_no_detectable_effect():
    assert label(0.03, 0.05, 0.05, spread=0.1) == NOTHING


def test_the_margin_is_one_point():
    assert label(0.0101, 0) == HELPS and label(0.0099, 0) == NOTHING
    assert label(-0.0101, 0) == HARMS and label(-0.0099, 0) == NOTHING


def test_numbers_by_hand():
    """Ten differences 0.02 ± 0.01: s² = 10/9 · 1e-4, error² = (1/10 + 1/4) s²."""
    scores = folds({PLAIN: 0, "new": 0.02}, {PLAIN: 0, "new": 0}, spread=0.01)
    one = judge_arms(scores).arms["new"]
    error = np.sqrt(0.35 * 1e-4 * 10 / 9)
    assert one.average_precision.gap.error == pytest.approx(error)
    # t = 3.207 with 9 degrees of freedom: p = .0107, below 5 %.
    assert one.average_precision.p == pytest.approx(0.0107, abs=2e-4) and one.label == HELPS
    assert one.smallest_detectable == pytest.approx((2.2622 + 0.8834) * error, rel=1e-3)


def test_more_arms_ask_for_more():
    """The same difference among six arms is no longer enough: Holm."""
    alone = folds({PLAIN: 0, "new": 0.02}, {PLAIN: 0, "new": 0}, spread=0.01)
    names = {PLAIN: 0.0, **{f"arm{i}": 0.0 for i in range(5)}, "new": 0.02}
    among = folds(names, dict.fromkeys(names, 0.0), spread=0.01)
    assert judge_arms(alone).arms["new"].label == HELPS and judge_arms(among).arms["new"].label == NOTHING
    assert judge_arms(among).arms["new"].average_precision.p == pytest.approx(6 * 0.0107, abs=1e-3)


def test_no_spread_and_too_few_folds():
    same = folds({PLAIN: 0, "new": 0}, {PLAIN: 0, "new": 0}, spread=0.0)
    one = judge_arms(same).arms["new"]
    assert one.label == NOTHING and one.smallest_detectable == 0
    single = {PLAIN: np.array([0.5]), "new": np.array([0.6])}
    assert not judge_arms(FoldScores(single, single, single, 1.0)).arms


def test_next_is_the_cheapest_arm_not_worse_than_the_best():
    # Cheapest first: weights are 0.2 points behind the best, bagging is the best, "new" is as good.
    ap = {PLAIN: 0, THRESHOLD: 0, "weights": 0.038, "bagging": 0.04, "new": 0.04}
    step = judge_arms(folds(ap, dict.fromkeys(ap, 0.0))).next
    assert step is not None and (step.arm, step.better) == ("weights", True)
    far = ap | {"weights": 0.02}
    step = judge_arms(folds(far, dict.fromkeys(far, 0.0))).next
    assert step is not None and step.arm == step.best == "bagging"


def test_next_is_plain_with_its_threshold_moved_where_nothing_is_better():
    ap = {PLAIN: 0, THRESHOLD: 0, "new": 0.0}
    scores = folds(ap, {PLAIN: 0, THRESHOLD: 0.06, "new": 0.05})
    step = judge_arms(scores).next
    assert step is not None and step.arm == PLAIN and not step.better and step.threshold.direction == 1
    said = next_step(step, {PLAIN: "Plain", "new": "SMOTE"})
    assert said == "Next: keep the plain model and move the thresholds (macro-F1 +6.0); no arm is shown to be better."


def test_the_best_label_speaks_for_several_recipes():
    ap = {PLAIN: 0, "a": -0.03, "b": 0.03, "c": 0.04}
    judged = judge_arms(folds(ap, dict.fromkeys(ap, 0.0))).arms
    assert [judged[arm].label for arm in "abc"] == [HARMS, HELPS, HELPS]
    assert leading([judged[arm] for arm in "abc"]).arm == "c" and leading([judged["a"]]).arm == "a"


def judged(ap: float, f1: float, **more):
    scores = folds({PLAIN: 0, THRESHOLD: 0, "new": ap}, {PLAIN: 0, THRESHOLD: 0.05, "new": f1}, **more)
    return judge_arms(scores).arms["new"]


def test_words():
    ends = Interval(0, -0.001, 0.001)
    assert result(judged(0.03, 0), "SMOTE", "Boosting", ends).startswith(
        "SMOTE raises the average precision of Boosting by 3.0 points (95 % interval"
    )
    same = result(judged(0, 0.05), "SMOTE", "Boosting", ends)
    assert "macro-F1 of Boosting by +5.0 points, but average precision stays where it was" in same
    assert threshold(judged(0, 0.05), 0.05) == "Moving the plain model's thresholds gives +5.0 points for free."
    assert "we could have seen 2" in result(judged(0, 0, spread=0.01), "SMOTE", "Boosting", ends)
    assert result(judged(0.005, 0), "SMOTE", "Boosting", ends).endswith("less than the declared margin of 1 point.")
    unsure = judged(0.02, 0.06, spread=0.03)
    assert unsure.label == NOTHING
    assert "that is a moved threshold" in threshold(judged(0.02, 0.2, spread=0.03), 0.05)


def test_the_test_part_confirms_or_not():
    assert (
        said_of_test_part(HELPS, Interval(0.02, 0.01, 0.03), 500)
        == "The test part confirms it: +2.0 points on its 500 samples."
    )
    assert "without settling" in said_of_test_part(HELPS, Interval(0.02, -0.01, 0.05), 500)
    assert "does not confirm" in said_of_test_part(HELPS, Interval(-0.02, -0.03, -0.01), 500)
    assert "confirms it" in said_of_test_part(HARMS, Interval(-0.02, -0.03, -0.01), 500)
    assert (
        said_of_test_part(NOTHING, Interval(0.0, -0.1, 0.1), 500)
        == "On the test part it is 0.0 points on its 500 samples."
    )


def test_classes_in_words():
    results = [
        {"class": "tiny", "support": 4, "result": "not decidable"},
        {"class": "rare", "support": 20, "result": "won", "average_precision": {"mean": 0.12}},
        {"class": "common", "support": 90, "result": "unclear", "average_precision": {"mean": 0.0}},
    ]
    assert classes(results) == "Won: 'rare' (+12.0). Not decidable with fewer than 10 test samples: 'tiny' (4)."
