"""The verdict on a numeric target, or on several labels, as JSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from augmentors.evaluate.comparison import FEW
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.statistics import corrected_interval, plain
from augmentors.evaluate.target_verdict import (
    TargetJudgement,
    contrasts,
    direction,
    judge_targets,
    leading,
    next_arm,
)
from augmentors.evaluate.terms import PRIMARY_LEARNER
from augmentors.evaluate.verdict import HARMS, HELPS
from augmentors.evaluate.verdict_words import NOT_JUDGED

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
    terms = found.terms
    values = {name: found.fold_values(name, PRIMARY_LEARNER, terms.primary) for name in names}
    judged = judge_targets(values, found.left_out_ratio, terms)
    if not judged:
        return _unjudged("There are too few folds to judge by.")
    one = leading([judged[name] for name in new])
    ranges = _range_results(found, one.arm)
    titles = {arm.name: arm.title for arm in found.arms}
    step = next_arm(values, judged, found.left_out_ratio, terms)
    sentences = {
        "result": _result(one, titles[one.arm], found),
        "test": _test_part(one.label, found, one.arm),
        "classes": _ranges(ranges, found),
        "next": _next(step, titles, judged),
    }
    return {
        "label": one.label,
        "sentence": " ".join(said for said in sentences.values() if said),
        "sentences": sentences,
        "arm": one.arm,
        "learner": PRIMARY_LEARNER,
        "metric": terms.primary,
        "margin": terms.margin,
        "p": plain(one.contrast.p),
        "smallest_detectable": plain(one.smallest_detectable),
        "classes": ranges,
        "next": step,
        "arms": {name: {"label": j.label, "p": plain(j.contrast.p)} for name, j in judged.items()},
    }


def _unjudged(why: str) -> dict[str, Any]:
    return {"label": NOT_JUDGED, "sentence": why, "sentences": {"result": why}, "learner": None, "classes": []}


def _result(one: TargetJudgement, arm: str, found: TargetComparison) -> str:
    terms = found.terms
    interval = found.fold_difference(one.arm, PRIMARY_LEARNER, terms.primary)
    ends = f"95 % interval {terms.said(interval.low)} to {terms.said(interval.high)}"
    change = terms.sign * one.contrast.gap.mean
    if one.label in (HELPS, HARMS):
        moved = "raises" if change > 0 else "lowers"
        return f"{arm} {moved} {terms.what} by {abs(100 * change):.1f} {terms.unit} ({ends})."
    if one.smallest_detectable == 0:
        return f"{arm} changes nothing in {terms.what.rstrip(',')}."
    seen = f"we could have seen {100 * one.smallest_detectable:.1f} {terms.unit} or more"
    margin = f"{100 * terms.margin:.0f} {terms.unit if terms.relative else 'point'}"
    small = f" That is less than the declared margin of {margin}." if one.contrast.p <= 0.05 else ""
    return f"{arm} changes {terms.what} by {terms.said(change)} ({ends}); {seen}.{small}"


def _test_part(label: str, found: TargetComparison, arm: str) -> str:
    terms = found.terms
    test = found.difference(arm, PRIMARY_LEARNER, terms.primary)
    if not np.isfinite(test.mean):
        return ""
    told = f"{terms.said(test.mean)} on its {found.facts['test']:,} rows"
    if label not in (HELPS, HARMS):
        return f"On the test part it is {told}."
    wanted = terms.sign if label == HELPS else -terms.sign
    if wanted * test.mean > 0:
        sure = test.low > 0 if wanted > 0 else test.high < 0
        return f"The test part {'confirms it' if sure else 'points the same way without settling it'}: {told}."
    return f"The test part does not confirm it: {told}."


def _range_results(found: TargetComparison, arm: str) -> list[dict[str, Any]]:
    """Return what each range or label got by rule 5."""
    terms = found.terms
    before = {name: _values(found, PLAIN, name) for name in found.ranges if found.support[name] >= FEW}
    gaps = {
        name: terms.sign * (_values(found, arm, name) - plain) / terms.scale(plain)
        for name, plain in before.items()
        if np.nanmean(plain) > 0
    }
    judged = contrasts(gaps, found.left_out_ratio) if gaps else {}
    results = []
    for name in found.ranges:
        result = WORDS[direction(judged[name], terms.margin)] if name in judged else "not decidable"
        change = None
        if name in gaps:
            change = corrected_interval(terms.sign * gaps[name], found.left_out_ratio).to_json()
        results.append({"class": name, "support": found.support[name], "result": result, terms.own: change})
    return results


def _values(found: TargetComparison, arm: str, name: str) -> np.ndarray:
    values = found.range_values(arm, PRIMARY_LEARNER, name)
    return values if np.isfinite(values).any() else np.zeros(len(values))


def _ranges(results: list[dict[str, Any]], found: TargetComparison) -> str:
    parts, terms = [], found.terms
    for outcome, said in (("won", "Won"), ("lost", "Lost")):
        named = [f"'{r['class']}' ({terms.said(r[terms.own]['mean'])})" for r in results if r["result"] == outcome]
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
