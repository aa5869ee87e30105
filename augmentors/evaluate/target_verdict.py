"""The verdict where a target is a number: rules that are declared before anything is looked at.

1. One learner and one metric decide: histogram gradient boosting, and the mean
   absolute error in which each range counts the same, as each class does in
   macro average precision. SERA and the error in rare ranges stand beside it.
2. Only the held-out folds of the training part decide. The test part is
   reported and never chooses. Differences are paired by fold and divided by
   the plain model's mean error; standard errors carry Nadeau and Bengio's
   correction.
3. An arm differs from plain when the two-sided p-value, adjusted by Holm over
   all arms, is at most 5 % and the error changes by at least the margin of
   2 %. Helps: it falls. Harms: it rises.
4. No detectable effect: everything else, with the smallest true difference
   that rule 3 would have found with a power of 80 %.
5. A range won or lost when its error changes by rule 3, Holm over ranges; with
   fewer than 10 test rows it is not decidable.
6. Next: the plain arm where no arm is better by rule 3; else the cheapest arm
   whose error is shown, at 5 %, to be less than 2 % above the best arm's.

There is no threshold to move, so nothing is "the same as a threshold move";
relevance weights are the free alternative that new rows must beat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.inference import holm, p_different, p_not_worse, paired, smallest_detectable
from augmentors.evaluate.terms import REGRESSION, Terms
from augmentors.evaluate.verdict import HARMS, HELPS, NOTHING, Contrast

LEVEL = 0.05
ORDER = (HELPS, NOTHING, HARMS)


@dataclass(frozen=True)
class TargetJudgement:
    """What the rules say of one arm.

    Parameters
    ----------
    arm, label : str
    contrast : Contrast
        Gain on the terms of the task: above 0 is better.
    smallest_detectable : float
    """

    arm: str
    label: str
    contrast: Contrast
    smallest_detectable: float


def contrasts(gaps: Mapping[str, np.ndarray], left_out_ratio: float) -> dict[str, Contrast]:
    """Return paired differences with p-values adjusted over all of them."""
    found = {name: paired(values, left_out_ratio) for name, values in gaps.items()}
    adjusted = holm([p_different(gap) for gap in found.values()])
    return {name: Contrast(gap, float(p)) for (name, gap), p in zip(found.items(), adjusted, strict=True)}


def direction(one: Contrast, margin: float) -> int:
    """Return 1 where an arm is better by rule 3, −1 where it is worse, else 0."""
    if not one.p <= LEVEL or abs(one.gap.mean) < margin:
        return 0
    return 1 if one.gap.mean > 0 else -1


def judge_targets(
    values: Mapping[str, np.ndarray], left_out_ratio: float, terms: Terms = REGRESSION
) -> dict[str, TargetJudgement]:
    """Return the judgement of every arm but plain; empty where there are too few folds.

    Parameters
    ----------
    values : mapping of str to ndarray, shape (J,)
        The metric that decides by arm, cheapest first, on the same folds.
    """
    found = contrasts(terms.gains(values), left_out_ratio)
    if not all(np.isfinite(one.gap.error) for one in found.values()):
        return {}
    labels = {1: HELPS, 0: NOTHING, -1: HARMS}
    return {
        arm: TargetJudgement(
            arm, labels[direction(one, terms.margin)], one, smallest_detectable(one.gap, LEVEL / len(found))
        )
        for arm, one in found.items()
    }


def next_arm(
    values: Mapping[str, np.ndarray],
    judged: Mapping[str, TargetJudgement],
    left_out_ratio: float,
    terms: Terms = REGRESSION,
) -> str:
    """Return the cheapest arm that is good enough by rule 6."""
    if not any(one.label == HELPS for one in judged.values()):
        return PLAIN
    gains = {PLAIN: np.zeros(len(values[PLAIN]))} | terms.gains(values)
    best = max(gains, key=lambda arm: float(np.nanmean(gains[arm])))

    def good(arm: str) -> bool:
        gap = paired(gains[arm] - gains[best], left_out_ratio)
        return arm == best or p_not_worse(gap, terms.margin) <= LEVEL

    return next(arm for arm in values if good(arm))


def leading(judged: Sequence[TargetJudgement]) -> TargetJudgement:
    """Return the judgement that speaks for several: the best label, then the largest gain."""
    return min(judged, key=lambda one: (ORDER.index(one.label), -one.contrast.gap.mean))
