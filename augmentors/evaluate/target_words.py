"""The verdict on a numeric target as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from augmentors.evaluate.comparison import FEW
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.statistics import Interval, corrected_interval, plain
from augmentors.evaluate.target_verdict import (
    MARGIN,
    PRIMARY_LEARNER,
    TargetJudgement,
    contrasts,
    direction,
    judge_targets,
    leading,
    next_arm,
)
from augmentors.evaluate.verdict import HARMS, HELPS
from augmentors.evaluate.verdict_words import NOT_JUDGED
from augmentors.learners.target_metrics import MACRO

if TYPE_CHECKING:
    from augmentors.evaluate.target_comparison import TargetComparison

NAMED = 5
WORDS = {1: "won", 0: "no detectable change", -1: "lost"}


def judged_json(found: TargetComparison) -> dict[str, Any]:
    """Return the verdict by the rules of `target_verdict`, or why there is none, as JSON."""
    new = [arm.name for arm in found.arms if arm.augmented is not None and found.of_arm(arm.name, PRIMARY_LEARNER)]
    if PRIMARY_LEARNER not in {card.key for card in found.learners} or not new:
        return _unjudged("The verdict rests on histogram gradient boosting with new rows; that was not among the fits.")
    names = [arm.name for arm in found.arms if found.of_arm(arm.name, PRIMARY_LEARNER)]
    errors = {name: found.fold_values(name, PRIMARY_LEARNER, MACRO) for name in names}
    judged = judge_targets(errors, found.left_out_ratio)
    if not judged:
        return _unjudged("There are too few folds to judge by.")
    one = leading([judged[name] for name in new])
    ranges = _range_results(found, one.arm)
    titles = {arm.name: arm.title for arm in found.arms}
    step = next_arm(errors, judged, found.left_out_ratio)
    sentences = {
        "result": _result(one, titles[one.arm], found),
        "test": _test_part(one.label, found.difference(one.arm, PRIMARY_LEARNER, MACRO), found.facts["test"]),
        "classes": _ranges(ranges),
        "next": _next(step, titles, judged),
    }
    return {
        "label": one.label,
        "sentence": " ".join(said for said in sentences.values() if said),
        "sentences": sentences,
        "arm": one.arm,
        "learner": PRIMARY_LEARNER,
        "metric": MACRO,
        "margin": MARGIN,
        "p": plain(one.contrast.p),
        "smallest_detectable": plain(one.smallest_detectable),
        "classes": ranges,
        "next": step,
        "arms": {name: {"label": j.label, "p": plain(j.contrast.p)} for name, j in judged.items()},
    }


def _unjudged(why: str) -> dict[str, Any]:
    return {"label": NOT_JUDGED, "sentence": why, "sentences": {"result": why}, "learner": None, "classes": []}


def percent(share: float) -> str:
    """Return a share as per cent with its sign.

    Examples
    --------
    >>> percent(-0.0312), percent(0.0001)
    ('-3.1 %', '0.0 %')
    """
    rounded = round(100 * share, 1)
    return f"{rounded:+.1f} %" if rounded else "0.0 %"


def _result(one: TargetJudgement, arm: str, found: TargetComparison) -> str:
    interval = found.fold_difference(one.arm, PRIMARY_LEARNER, MACRO)
    ends = f"95 % interval {percent(interval.low)} to {percent(interval.high)}"
    change = abs(100 * one.contrast.gap.mean)
    what = "the error of histogram gradient boosting, each range counting the same,"
    if one.label in (HELPS, HARMS):
        return f"{arm} {'lowers' if one.label == HELPS else 'raises'} {what} by {change:.1f} % ({ends})."
    if one.smallest_detectable == 0:
        return f"{arm} changes nothing in {what.rstrip(',')}."
    seen = f"we could have seen {100 * one.smallest_detectable:.1f} % or more"
    small = " That is less than the declared margin of 2 %." if one.contrast.p <= 0.05 else ""
    return f"{arm} changes {what} by {percent(-one.contrast.gap.mean)} ({ends}); {seen}.{small}"


def _test_part(label: str, test: Interval, rows: int) -> str:
    if not np.isfinite(test.mean):
        return ""
    told = f"{percent(test.mean)} on its {rows:,} rows"
    if label not in (HELPS, HARMS):
        return f"On the test part it is {told}."
    turned, sure = (-test.mean, test.high < 0) if label == HELPS else (test.mean, test.low > 0)
    if turned > 0:
        return f"The test part {'confirms it' if sure else 'points the same way without settling it'}: {told}."
    return f"The test part does not confirm it: {told}."


def _range_results(found: TargetComparison, arm: str) -> list[dict[str, Any]]:
    """Return what each range got by rule 5."""
    scale = {name: np.nanmean(_values(found, PLAIN, name)) for name in found.ranges if found.support[name] >= FEW}
    gaps = {
        name: (_values(found, PLAIN, name) - _values(found, arm, name)) / mean
        for name, mean in scale.items()
        if np.isfinite(mean) and mean > 0
    }
    judged = contrasts(gaps, found.left_out_ratio) if gaps else {}
    results = []
    for name in found.ranges:
        result = WORDS[direction(judged[name])] if name in judged else "not decidable"
        change = corrected_interval(-gaps[name], found.left_out_ratio).to_json() if name in gaps else None
        results.append({"class": name, "support": found.support[name], "result": result, "mae": change})
    return results


def _values(found: TargetComparison, arm: str, name: str) -> np.ndarray:
    values = found.range_values(arm, PRIMARY_LEARNER, name)
    return values if np.isfinite(values).any() else np.zeros(len(values))


def _ranges(results: list[dict[str, Any]]) -> str:
    parts = []
    for outcome, said in (("won", "Won"), ("lost", "Lost")):
        named = [f"'{r['class']}' ({percent(r['mae']['mean'])})" for r in results if r["result"] == outcome]
        if named:
            parts.append(f"{said}: {', '.join(named[:NAMED])}.")
    few = [f"'{r['class']}' ({r['support']})" for r in results if r["result"] == "not decidable"]
    if few:
        parts.append(f"Not decidable with fewer than {FEW} test rows: {', '.join(few[:NAMED])}.")
    return " ".join(parts)


def _next(step: str, titles: dict[str, str], judged: dict[str, TargetJudgement]) -> str:
    if step == PLAIN:
        better = any(one.label == HELPS for one in judged.values())
        why = "it is not worse than the best" if better else "no arm is shown to be better"
        return f"Next: keep the plain model; {why}."
    return f"Next: {titles[step]}, the cheapest arm that is not shown to be worse than the best."
