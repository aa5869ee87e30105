"""The verdict: rules that are declared before anything is looked at.

1. One learner and one metric decide: the primary learner of the kind (see
   `evidence.PRIMARY_LEARNERS`) and macro average precision, which no threshold
   can change. Macro-F1 stands beside it.
2. Only the held-out folds of the training part decide. The test part is
   reported and never chooses. Differences are paired by fold; standard errors
   carry Nadeau and Bengio's correction.
3. An arm differs from plain when the two-sided p-value, adjusted by Holm over
   all arms, is at most 5 % (2.5 % in each direction) and the mean difference
   is at least the margin of 1 point.
4. Helps: average precision is higher by rule 3. Harms: it is lower by rule 3.
5. Same as a threshold move: neither, but macro-F1 is higher by rule 3, and a
   test of equivalence within ± 1 point at 5 % shows that average precision is
   that of the plain arm, or that macro-F1 is that of the moved threshold.
6. No detectable effect: everything else, with the smallest true difference
   that rule 3 would have found with a power of 80 %.
7. A class won or lost when its average precision differs by rule 3, Holm over
   classes; with fewer than 10 test samples it is not decidable.
8. Next: the plain arm where no arm is better by rule 3; else the cheapest arm
   whose average precision is shown, at 5 %, to be less than 1 point below the
   best arm's. Its thresholds are to be moved where that lifts macro-F1 by rule 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from augmentors.evaluate.free_arms import PLAIN, THRESHOLD
from augmentors.evaluate.inference import (
    Paired,
    holm,
    p_different,
    p_equivalent,
    p_not_worse,
    paired,
    smallest_detectable,
)

LEVEL, SAME_LEVEL, MARGIN = 0.05, 0.05, 0.01
HELPS, SAME, NOTHING, HARMS = "Helps", "Same as a threshold move", "No detectable effect", "Harms"
# Which of several recipes speaks for the comparison.
ORDER = (HELPS, SAME, NOTHING, HARMS)


@dataclass(frozen=True)
class FoldScores:
    """Scores of every arm on the same folds, cheapest arm first.

    Parameters
    ----------
    average_precision, macro_f1, tuned_macro_f1 : dict of str to ndarray of shape (J,)
        By arm; `PLAIN` is among them, `THRESHOLD` may be.
    left_out_ratio : float
        n₂/n₁ of the correction.
    """

    average_precision: Mapping[str, np.ndarray]
    macro_f1: Mapping[str, np.ndarray]
    tuned_macro_f1: Mapping[str, np.ndarray]
    left_out_ratio: float

    def gap(self, scores: Mapping[str, np.ndarray], arm: str, against: str = PLAIN) -> Paired:
        """Return one arm minus another."""
        return paired(scores[arm] - scores[against], self.left_out_ratio)


@dataclass(frozen=True)
class Contrast:
    """A paired difference with its adjusted p-value.

    Parameters
    ----------
    gap : Paired
    p : float
        Adjusted by Holm over the family it belongs to.
    """

    gap: Paired
    p: float

    @property
    def direction(self) -> int:
        """1 where it is higher by rule 3, −1 where it is lower, else 0."""
        if not self.p <= LEVEL or abs(self.gap.mean) < MARGIN:
            return 0
        return 1 if self.gap.mean > 0 else -1


@dataclass(frozen=True)
class Judgement:
    """What the rules say of one arm against the plain one.

    Parameters
    ----------
    arm, label : str
    average_precision, macro_f1 : Contrast
    smallest_detectable : float
        True difference in average precision that would have been found with a power of 80 %.
    flat : bool
        Whether average precision is shown to be that of the plain arm.
    like_threshold : bool
        Whether macro-F1 is shown to be that of the moved threshold.
    """

    arm: str
    label: str
    average_precision: Contrast
    macro_f1: Contrast
    smallest_detectable: float
    flat: bool
    like_threshold: bool


@dataclass(frozen=True)
class Next:
    """The cheapest arm that is good enough.

    Parameters
    ----------
    arm, best : str
    better : bool
        Whether any arm is better than plain by rule 3.
    threshold : Contrast
        What tuned thresholds add to the arm's macro-F1.
    """

    arm: str
    best: str
    better: bool
    threshold: Contrast


@dataclass(frozen=True)
class Judged:
    """All arms against the plain one, and what to do next."""

    arms: Mapping[str, Judgement] = field(default_factory=dict)
    next: Next | None = None


def contrasts(gaps: Mapping[str, Paired]) -> dict[str, Contrast]:
    """Return differences with p-values adjusted over all of them."""
    adjusted = holm([p_different(gap) for gap in gaps.values()])
    return {name: Contrast(gap, float(p)) for (name, gap), p in zip(gaps.items(), adjusted, strict=True)}


def judge_arms(scores: FoldScores) -> Judged:
    """Return the judgement of every arm but plain and the moved threshold; empty where there are too few folds."""
    others = [arm for arm in scores.average_precision if arm != PLAIN]
    f1 = contrasts({arm: scores.gap(scores.macro_f1, arm) for arm in others})
    # A moved threshold leaves average precision as it is: there is nothing to test.
    trained = [arm for arm in others if arm != THRESHOLD]
    ap = contrasts({arm: scores.gap(scores.average_precision, arm) for arm in trained})
    if not all(np.isfinite(one.gap.error) for one in ap.values()):
        return Judged()
    arms = {arm: _judgement(scores, arm, ap[arm], f1[arm], len(trained)) for arm in trained}
    return Judged(arms, _next(scores, any(one.direction > 0 for one in ap.values())))


def _judgement(scores: FoldScores, arm: str, ap: Contrast, f1: Contrast, family: int) -> Judgement:
    flat = p_equivalent(ap.gap, MARGIN) <= SAME_LEVEL
    like = THRESHOLD in scores.macro_f1 and (
        p_equivalent(scores.gap(scores.macro_f1, arm, THRESHOLD), MARGIN) <= SAME_LEVEL
    )
    if ap.direction:
        label = HELPS if ap.direction > 0 else HARMS
    else:
        label = SAME if f1.direction > 0 and (flat or like) else NOTHING
    seen = smallest_detectable(ap.gap, LEVEL / family)
    return Judgement(arm, label, ap, f1, seen, flat, like)


def _next(scores: FoldScores, better: bool) -> Next:
    ap = {arm: values for arm, values in scores.average_precision.items() if arm != THRESHOLD}
    best = max(ap, key=lambda arm: float(np.nanmean(ap[arm])))
    arm = next(arm for arm in ap if arm == best or p_not_worse(scores.gap(ap, arm, best), MARGIN) <= SAME_LEVEL)
    arm = arm if better else PLAIN
    gain = paired(scores.tuned_macro_f1[arm] - scores.macro_f1[arm], scores.left_out_ratio)
    return Next(arm, best, better, Contrast(gain, p_different(gain)))


def leading(judged: Sequence[Judgement]) -> Judgement:
    """Return the judgement that speaks for several: the best label, then the highest average precision."""
    return min(judged, key=lambda one: (ORDER.index(one.label), -one.average_precision.gap.mean))
