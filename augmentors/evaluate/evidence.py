"""From a comparison to its verdict: what the rules read, and what is reported beside their answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.evaluate import verdict_words as words
from augmentors.evaluate.comparison import FEW, TUNED, Comparison, fit_values
from augmentors.evaluate.free_arms import FREE_ARMS, PLAIN
from augmentors.evaluate.inference import Paired, paired
from augmentors.evaluate.statistics import Interval, corrected_interval, plain
from augmentors.evaluate.verdict import (
    LEVEL,
    MARGIN,
    Contrast,
    FoldScores,
    Judged,
    Judgement,
    contrasts,
    judge_arms,
    leading,
)
from augmentors.learners.base import LearnerCard

PRIMARY_METRIC = "average_precision"
# The learner that decides: the first of these that was chosen, whatever it scores.
PRIMARY_LEARNERS = {
    "table": ("boosting", "forest", "logistic"),
    "text": ("minilm_logistic", "tfidf_logistic", "naive_bayes"),
    "image": ("efficientnet_logistic", "small_cnn", "pixel_forest"),
}
WON, LOST, UNCLEAR, NOT_DECIDABLE = "won", "lost", "unclear", "not decidable"


@dataclass(frozen=True)
class Verdict:
    """What a comparison comes to.

    Parameters
    ----------
    label : str
        One of `verdict.ORDER`, or "not yet judged".
    sentence : str
        The whole answer for people, reason included.
    details : dict
        ``learner``, ``metric``, ``margin``; of the arm that speaks: ``arm``, ``difference`` and
        ``macro_f1_difference`` on the folds ({mean, low, high, p}), ``smallest_detectable``, ``test_difference``,
        ``classes``, ``calibration``; ``next``; ``arms``: label and numbers of every arm; ``other_learners``: the
        same for each learner that does not decide, judged by the same rules on its own; ``sentences``: the answer
        in pieces.
    """

    label: str
    sentence: str
    details: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {"label": self.label, "sentence": self.sentence, **self.details}


def judge(found: Comparison) -> Verdict:
    """Return the verdict of a comparison."""
    card = primary_learner(found)
    recipes = [arm for arm in found.arms if arm.augmented is not None and found.of(arm.name, card.key)]
    judged = judge_arms(fold_scores(found, card))
    if not recipes or not judged.arms:
        arms = _arms_json(found, judged)
        details = {"learner": card.key, "arms": arms, "other_learners": _other_learners(found, card)}
        return Verdict(words.NOT_JUDGED, words.why_not(bool(recipes), found), details)
    lead = leading([judged.arms[arm.name] for arm in recipes])
    return Verdict(lead.label, *_told(found, card, judged, lead))


def primary_learner(found: Comparison) -> LearnerCard:
    """Return the learner that decides: declared by kind, never chosen by its scores."""
    order = PRIMARY_LEARNERS[found.facts["kind"]]
    return min(found.learners, key=lambda card: order.index(card.key) if card.key in order else len(order))


def fold_scores(found: Comparison, card: LearnerCard) -> FoldScores:
    """Return what the rules read, the cheapest arm first."""
    cost = {PLAIN: 0} | {arm.key: i for i, arm in enumerate(FREE_ARMS, 1)}
    measured = [arm for arm in found.arms if found.of(arm.name, card.key)]
    ordered = sorted(measured, key=lambda arm: (cost.get(arm.name, len(cost)), arm.given))

    def on_folds(metric: str) -> dict[str, np.ndarray]:
        return {arm.name: fit_values(found.of(arm.name, card.key), (metric, None), "held_out") for arm in ordered}

    return FoldScores(on_folds(PRIMARY_METRIC), on_folds("macro_f1"), on_folds(TUNED), found.left_out_ratio)


def _told(found: Comparison, card: LearnerCard, judged: Judged, lead: Judgement) -> tuple[str, dict[str, Any]]:
    titles = {arm.name: arm.title for arm in found.arms}
    classes, calibration = class_results(found, card, lead.arm), _calibration(found, card, lead.arm)
    test = found.difference(lead.arm, card.key, PRIMARY_METRIC)
    interval = corrected_interval(found.fold_gaps(lead.arm, card.key, PRIMARY_METRIC), found.left_out_ratio)
    sentences = {
        "result": words.result(lead, titles[lead.arm], card.title, interval),
        "threshold": words.threshold(lead, _threshold_gain(found, card)),
        "test": words.test_part(lead.label, test, found.facts["test"]),
        "classes": words.classes(classes),
        "calibration": words.calibration(calibration),
        "next": words.next_step(judged.next, titles) if judged.next else "",
    }
    details = {
        "arm": lead.arm,
        "learner": card.key,
        "metric": PRIMARY_METRIC,
        "margin": MARGIN,
        **_numbers(found, lead),
        "test_difference": test.to_json(),
        "classes": classes,
        "calibration": calibration,
        "next": None if judged.next is None else {"arm": judged.next.arm, "best": judged.next.best},
        "arms": _arms_json(found, judged),
        "other_learners": _other_learners(found, card),
        "sentences": sentences,
    }
    return " ".join(part for part in sentences.values() if part), details


def _arms_json(found: Comparison, judged: Judged) -> list[dict[str, Any]]:
    return [{"arm": one.arm, "label": one.label, **_numbers(found, one)} for one in judged.arms.values()]


def _other_learners(found: Comparison, primary: LearnerCard) -> list[dict[str, Any]]:
    """Return what the rules say of the arms of each other learner, Holm over that learner's own arms."""
    others = (card for card in found.learners if card.key != primary.key)
    return [{"learner": card.key, "arms": _arms_json(found, judge_arms(fold_scores(found, card)))} for card in others]


def _numbers(found: Comparison, one: Judgement) -> dict[str, Any]:
    return {
        "difference": _contrast_json(one.average_precision),
        "macro_f1_difference": _contrast_json(one.macro_f1),
        "smallest_detectable": plain(one.smallest_detectable),
    }


def _contrast_json(one: Contrast) -> dict[str, float | None]:
    return {**_interval(one.gap).to_json(), "p": plain(one.p)}


def _interval(gap: Paired) -> Interval:
    from scipy.stats import t

    reach = float(t.ppf(1 - LEVEL / 2, gap.freedom)) * gap.error if gap.freedom else float("nan")
    return Interval(gap.mean, gap.mean - reach, gap.mean + reach)


def _threshold_gain(found: Comparison, card: LearnerCard) -> float | None:
    """Return what moving the plain model's thresholds adds to macro-F1 on the folds."""
    plain_fits = found.of(PLAIN, card.key)
    gains = fit_values(plain_fits, (TUNED, None), "held_out") - fit_values(plain_fits, ("macro_f1", None), "held_out")
    return plain(float(np.mean(gains)))


def class_results(found: Comparison, card: LearnerCard, arm: str) -> list[dict[str, Any]]:
    """Return per class, rarest first, whether an arm won or lost it on the folds, with the changes."""
    ordered = sorted(found.classes, key=lambda label: (found.support[label], label))
    decidable = [label for label in ordered if found.support[label] >= FEW]
    gaps = {
        label: paired(found.fold_gaps(arm, card.key, PRIMARY_METRIC, label), found.left_out_ratio)
        for label in decidable
    }
    tested = contrasts(gaps)
    return [
        {
            "class": label,
            "support": found.support[label],
            "result": _class_result(tested.get(label)),
            "average_precision": None if label not in tested else _contrast_json(tested[label]),
            "recall": plain(_mean(found.fold_gaps(arm, card.key, "recall", label))),
        }
        for label in ordered
    ]


def _class_result(one: Contrast | None) -> str:
    if one is None:
        return NOT_DECIDABLE
    return {1: WON, -1: LOST, 0: UNCLEAR}[one.direction]


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _calibration(found: Comparison, card: LearnerCard, arm: str) -> dict[str, Any]:
    """Return Brier score and calibration error of an arm beside the plain one's, before any recalibration."""
    told: dict[str, Any] = {}
    for metric in ("brier", "ece"):
        gap = paired(found.fold_gaps(arm, card.key, metric), found.left_out_ratio)
        told[metric] = {
            "arm": plain(found.fold_score(arm, card.key, metric).mean),
            "plain": plain(found.fold_score(PLAIN, card.key, metric).mean),
            "difference": _interval(gap).to_json(),
        }
    return told
