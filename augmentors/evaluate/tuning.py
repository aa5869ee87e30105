"""Thresholds of one arm and learner, tuned on the folds that are not decided.

Offsets for a fold are tuned on the out-of-fold probabilities of the repeat's
other folds: training samples alone, none of which the offsets then decide.
The models behind those probabilities were trained on the decided fold, too;
tuning strictly inside every fold would cost a model per pair of folds, and a
test shows that on pure noise nothing is gained by not doing so. On the test
part the question does not arise.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.evaluate.contest import Contest, TuneTask
from augmentors.evaluate.free_arms import PLAIN
from augmentors.evaluate.scoring import Probabilities
from augmentors.evaluate.threshold import macro_f1, moved, tuned_offsets
from augmentors.learners.metrics import class_codes, scores


@dataclass(frozen=True)
class Tuned:
    """What tuned thresholds do in one fold.

    Parameters
    ----------
    macro_f1 : float
        On the held-out fold.
    fields : dict or None
        Fields of `FitScores` that change, for the arm that moves the plain model's thresholds.
    kept : Probabilities, optional
        Those that stay (see `decision_scores`).
    """

    macro_f1: float
    fields: dict[str, Any] | None
    kept: Probabilities | None = None


def tuned(contest: Contest, task: TuneTask) -> list[Tuned]:
    """Return what tuned thresholds do, per fold."""
    classes, of_sample = contest.test.classes, contest.folds[task.repeat]
    labels = contest.dataset.take(contest.split.train).labels
    codes = class_codes(labels, classes)
    proba = np.zeros((len(codes), len(classes)))
    for fold, found in zip(task.folds, task.probabilities, strict=True):
        proba[of_sample == fold] = found.held_out
    results = []
    for fold, found in zip(task.folds, task.probabilities, strict=True):
        contest.job.check()
        inside = of_sample == fold
        offsets = tuned_offsets(codes[~inside], proba[~inside])
        decided = moved(proba[inside], offsets)
        fields = None
        if found.test is not None and contest.moves_threshold and contest.arms[task.arm].name == PLAIN:
            held_out = scores(labels[inside], proba[inside], classes, decided, contest.test.costs)
            fields = {"held_out": held_out, **contest.test.decided(found.test, moved(found.test, offsets))}
        kept = found if contest.keeps_scores(task.repeat) else None
        results.append(Tuned(macro_f1(codes[inside], decided, len(classes)), fields, kept))
    return results
