"""A comparison as plain, documented JSON."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from augmentors.evaluate.arms import Arm
from augmentors.evaluate.comparison import METHOD, Comparison, Name, fit_values, known_mean
from augmentors.evaluate.evidence import judge
from augmentors.evaluate.free_arms import PLAIN, THRESHOLD, FreeArm
from augmentors.evaluate.scoring import FitScores
from augmentors.evaluate.statistics import Interval, plain
from augmentors.evaluate.threshold import tuned_offsets
from augmentors.learners.base import LearnerCard
from augmentors.learners.metrics import CLASS_METRICS, LOWER_IS_BETTER, METRIC_TITLES

MAX_MATRIX, MAX_CALIBRATION = 100, 20


def as_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison as JSON.

    Returns
    -------
    dict
        ``arms``: per arm and learner ``about`` ({group, summary, reference} of
        a free alternative, else None), ``metrics`` and ``fold_metrics``
        ({metric: {mean, low, high}}; the latter also ``tuned_macro_f1``),
        ``per_class`` ({label: {support, recall, precision, f1,
        average_precision}}), ``confusion`` (mean counts, rows are true classes
        in the order of ``classes``; None beyond 100 classes), ``pr_curves``
        ({label: {recall, precision}}), ``calibration`` ({label: {predicted,
        observed, samples}}, ten bins over all fits, none beyond 20 classes),
        ``brier_parts`` ({reliability, resolution, uncertainty, within_bins}),
        ``offsets`` ({label: what to add to its log-probability for the best
        macro-F1 out of fold}, or None)
        and ``synthetic`` ({given: new samples from the whole training part;
        used, least, most: those a fit was trained on, mean and ends;
        originals: real samples beside them, mean; how: "made anew" from each
        fold's training part, "taken over" without the children of held-out
        samples, or None}). ``failed``: arms that could not be trained, with
        learner and reason. ``differences``: arm minus plain on the test part,
        per metric and, with ``class``, per class; ``fold_differences``: the
        same on the held-out folds. ``verdict``: see `verdict.Verdict`.
    """
    return {
        **found.facts,
        "classes": found.classes,
        "support": found.support,
        "metrics": [
            {"key": m, "title": METRIC_TITLES[m], "lower_is_better": m in LOWER_IS_BETTER} for m in found.metrics
        ],
        "learners": [{"key": c.key, "title": c.title, "summary": c.summary} for c in found.learners],
        "arms": [_arm_json(found, arm, card) for arm, card in found.runs()],
        "failed": _failed(found),
        "differences": list(_differences(found)),
        "fold_differences": list(_fold_differences(found)),
        "method": METHOD,
        "notes": found.notes,
        "verdict": judge(found).to_json(),
    }


def _arm_json(found: Comparison, arm: Arm, card: LearnerCard) -> dict[str, Any]:
    fits = found.of(arm.name, card.key)
    matrix = np.mean([fit.confusion for fit in fits], axis=0).round(3).tolist()
    return {
        "name": arm.name,
        "title": arm.title,
        "learner": card.key,
        "learner_title": card.title,
        "about": _about(arm.free),
        "metrics": {m: found.score(arm.name, card.key, m).to_json() for m in found.metrics},
        "fold_metrics": {m: found.fold_score(arm.name, card.key, m).to_json() for m in found.fold_metrics},
        "per_class": {label: _class_json(found, fits, label) for label in found.classes},
        "confusion": matrix if len(found.classes) <= MAX_MATRIX else None,
        "pr_curves": {label: _curve_json(found, fits, label) for label in fits[0].curves},
        "calibration": _calibration_json(found, fits),
        "brier_parts": _brier_parts(fits),
        "offsets": _offsets_json(found, arm, card),
        "synthetic": _synthetic_json(arm, fits),
    }


def _class_json(found: Comparison, fits: list[FitScores], label: str) -> dict[str, Any]:
    means = {m: plain(known_mean(fit_values(fits, (m, label), "test"))) for m in CLASS_METRICS}
    return {"support": found.support[label], **means}


def _curve_json(found: Comparison, fits: list[FitScores], label: str) -> dict[str, list[float]]:
    precision = np.mean([fit.curves[label] for fit in fits], axis=0)
    return {"recall": found.recall_grid.round(4).tolist(), "precision": precision.round(5).tolist()}


def _calibration_json(found: Comparison, fits: list[FitScores]) -> dict[str, dict[str, list[float]]]:
    """Return the calibration curve of each class, bins without a sample left out; counts are means per fit."""
    if len(found.classes) > MAX_CALIBRATION:
        return {}
    sums = np.sum([fit.reliability for fit in fits], axis=0)
    curves = {}
    for i, label in enumerate(found.classes):
        count, predicted, happened = sums[i][sums[i, :, 0] > 0].T
        curves[label] = {
            "predicted": (predicted / count).round(5).tolist(),
            "observed": (happened / count).round(5).tolist(),
            "samples": (count / len(fits)).round(1).tolist(),
        }
    return curves


def _about(free: FreeArm | None) -> dict[str, str] | None:
    return None if free is None else {"group": free.group, "summary": free.summary, "reference": free.reference}


def _brier_parts(fits: list[FitScores]) -> dict[str, float | None]:
    parts = [fit.test["brier_parts"] for fit in fits]
    return {name: plain(float(np.mean([one[name] for one in parts]))) for name in parts[0]}


def _offsets_json(found: Comparison, arm: Arm, card: LearnerCard) -> dict[str, float] | None:
    """Return the offset of each class's log-probability that gives the best macro-F1 out of fold."""
    name = PLAIN if arm.name == THRESHOLD else arm.name
    if found.decisions is None or (name, card.key) not in found.decisions.held_out:
        return None
    offsets = tuned_offsets(found.decisions.truth, found.decisions.held_out[name, card.key].astype(np.float64))
    return dict(zip(found.decisions.classes, offsets.round(6).tolist(), strict=True))


def _synthetic_json(arm: Arm, fits: list[FitScores]) -> dict[str, Any]:
    used = [fit.used for fit in fits]
    how = None if not arm.given else "made anew" if arm.recipe is not None else "taken over"
    return {
        "given": arm.given,
        "used": round(float(np.mean(used)), 1),
        "least": min(used),
        "most": max(used),
        "originals": round(float(np.mean([fit.n_fit for fit in fits])), 1),
        "how": how,
    }


def _failed(found: Comparison) -> list[dict[str, Any]]:
    """Return one entry per arm and learner that failed, with its first reason."""
    titles = {arm.name: arm.title for arm in found.arms}
    entries: dict[tuple[str, str], dict[str, Any]] = {}
    for one in found.failures:
        entry = {"arm": one.arm, "title": titles[one.arm], "learner": one.learner, "reason": one.reason, "fits": 0}
        entries.setdefault((one.arm, one.learner), entry)["fits"] += 1
    return list(entries.values())


def _differences(found: Comparison) -> Iterable[dict[str, Any]]:
    measured = [label for label in found.classes if found.support[label]]
    names: list[Name] = [(m, None) for m in found.metrics]
    names += [(m, label) for label in measured for m in CLASS_METRICS]
    for arm, card in found.contrasts():
        for metric, label in names:
            interval = found.difference(arm.name, card.key, metric, label)
            yield _difference_json(arm, card, metric, label, interval)


def _fold_differences(found: Comparison) -> Iterable[dict[str, Any]]:
    for arm, card in found.contrasts():
        for metric in found.fold_metrics:
            interval = found.fold_difference(arm.name, card.key, metric)
            yield _difference_json(arm, card, metric, None, interval)


def _difference_json(arm: Arm, card: LearnerCard, metric: str, label: str | None, interval: Interval) -> dict[str, Any]:
    return {"arm": arm.name, "learner": card.key, "metric": metric, "class": label, **interval.to_json()}
