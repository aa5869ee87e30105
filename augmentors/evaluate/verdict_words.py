"""The verdict in words: one sentence for each thing there is to say."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from augmentors.evaluate.statistics import Interval
from augmentors.evaluate.verdict import HARMS, HELPS, NOTHING, PLAIN, SAME, Judgement, Next

if TYPE_CHECKING:
    from augmentors.evaluate.comparison import Comparison

NOT_JUDGED = "not yet judged"
NAMED = 5


def points(difference: float) -> str:
    """Return a difference in points with its sign.

    Examples
    --------
    >>> points(0.0123), points(-0.0001)
    ('+1.2', '0.0')
    """
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f}" if rounded else "0.0"


def why_not(has_recipes: bool, found: "Comparison") -> str:
    """Say why there is no verdict."""
    if has_recipes:
        return f"{found.facts['folds']} folds gone through {found.facts['repeats']} times are too few to judge by."
    return "No new samples could be compared, so there is nothing to judge; the free alternatives are shown."


def result(one: Judgement, arm: str, learner: str, interval: Interval) -> str:
    """Say what happened to average precision, and why that gives the label."""
    change = one.average_precision.gap.mean
    ends = f"95 % interval {points(interval.low)} to {points(interval.high)}"
    if one.label in (HELPS, HARMS):
        moved = "raises" if one.label == HELPS else "lowers"
        return f"{arm} {moved} the average precision of {learner} by {abs(100 * change):.1f} points ({ends})."
    if one.label == SAME:
        proof = (
            "average precision stays where it was, within a point"
            if one.flat
            else "macro-F1 is what moved thresholds give, within a point"
        )
        rise = points(one.macro_f1.gap.mean)
        return f"{arm} changes the macro-F1 of {learner} by {rise} points, but {proof} ({points(change)}; {ends})."
    if one.smallest_detectable == 0:
        return f"{arm} changes nothing in the average precision of {learner}."
    seen = f"we could have seen {100 * one.smallest_detectable:.1f} points or more"
    small = " That is less than the declared margin of 1 point." if one.average_precision.p <= 0.05 else ""
    return f"{arm} changes the average precision of {learner} by {points(change)} points ({ends}); {seen}.{small}"


def threshold(one: Judgement, gain: float | None) -> str:
    """Say what a rise of macro-F1 without average precision is, and what moved thresholds give."""
    free = "" if gain is None else f"Moving the plain model's thresholds gives {points(gain)} points for free."
    if one.label == SAME:
        return free
    if one.label == NOTHING and one.macro_f1.direction > 0:
        rise = points(one.macro_f1.gap.mean)
        return f"Macro-F1 rises by {rise} points while average precision does not: that is a moved threshold. {free}"
    if one.label == NOTHING and one.macro_f1.direction < 0:
        return f"Macro-F1 falls by {abs(100 * one.macro_f1.gap.mean):.1f} points: the threshold moved the wrong way."
    return ""


def test_part(label: str, test: Interval, samples: int) -> str:
    """Say whether the test part confirms; it never chooses."""
    if test.mean != test.mean:
        return ""
    told = f"{points(test.mean)} points on its {samples:,} samples"
    if label not in (HELPS, HARMS):
        return f"On the test part it is {told}."
    turned = test.mean if label == HELPS else -test.mean
    sure = test.low > 0 if label == HELPS else test.high < 0
    if turned > 0:
        return f"The test part {'confirms it' if sure else 'points the same way without settling it'}: {told}."
    return f"The test part does not confirm it: {told}."


def classes(results: Sequence[Mapping[str, Any]]) -> str:
    """Say which classes won and lost, and which have too few test samples to tell."""
    parts = []
    for outcome, said in (("won", "Won"), ("lost", "Lost")):
        own = [r for r in results if r["result"] == outcome]
        named = [f"'{r['class']}' ({points(r['average_precision']['mean'])})" for r in own]
        if own:
            parts.append(f"{said}: {_some(named)}.")
    few = [f"'{r['class']}' ({r['support']})" for r in results if r["result"] == "not decidable"]
    if few:
        parts.append(f"Not decidable with fewer than 10 test samples: {_some(few)}.")
    return " ".join(parts)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED:,} more"


def calibration(told: Mapping[str, Any]) -> str:
    """Say what happened to the probabilities, where that is more than chance."""
    brier = told["brier"]
    low, high = brier["difference"]["low"], brier["difference"]["high"]
    if low is None or low <= 0 <= high:
        return ""
    worse = "worse" if low > 0 else "better"
    beside = f"Brier score {brier['arm']:.3f} against {brier['plain']:.3f} plain"
    return f"Its probabilities are {worse} ({beside}, lower is better" + (
        ", before recalibration)." if low > 0 else ")."
    )


def next_step(step: Next, titles: Mapping[str, str]) -> str:
    """Say what to do next."""
    move = ""
    if step.threshold.direction > 0:
        move = (
            f" and move {'its' if step.arm != PLAIN else 'the'} thresholds (macro-F1 {points(step.threshold.gap.mean)})"
        )
    if step.arm == PLAIN:
        why = "no arm is shown to be better" if not step.better else "it is not worse than the best"
        return f"Next: keep the plain model{move}; {why}."
    if step.arm == step.best:
        return f"Next: {titles[step.arm]}{move}, the best arm; no cheaper one is shown to be as good."
    return f"Next: {titles[step.arm]}{move}, the cheapest arm that is not worse than the best ({titles[step.best]})."
