"""Thresholds of one arm and learner, tuned on the folds that are not decided.

Offsets for a fold are tuned on the out-of-fold probabilities of the repeat's
other folds: training samples alone, none of which the offsets then decide, and
each by a model that never saw it (cross-fitting). The models behind those
probabilities were trained on the decided fold, too. Tuning strictly inside
every fold (nested: three more fits per fold) would avoid that, so both were
simulated: 300 rows, 8 columns, 5 folds twice, 200 to 1,000 repetitions, the truth
being what the same model and offsets do to fresh folds of the same class counts.

======================  ==========  ================  ================  ===========
gain in macro-F1        true gain   bias ± s.e.,      bias ± s.e.,      overstated
over plain, in points   (cross /    cross-fitted      nested            (nominal
                        nested)                                         2.5 %)
======================  ==========  ================  ================  ===========
no effect, 8 % rare
  logistic (1,000)      0.96, 0.94  −0.01 ± 0.08      +0.01 ± 0.07      0.6, 0.2 %
  boosting (200)        0.51, 0.58  +0.01 ± 0.16      −0.05 ± 0.13      0.5, 0 %
  forest (200)          1.08, 1.08  −0.03 ± 0.18      −0.07 ± 0.16      0, 0.5 %
effect, 8 % rare
  logistic (1,000)      6.20, 6.16  −0.10 ± 0.13      +0.08 ± 0.12      0.6, 0.4 %
  boosting (200)        3.20, 3.21  +0.15 ± 0.24      +0.20 ± 0.20      0.5, 0 %
effect, halves
  logistic (1,000)      −0.63,      −0.04 ± 0.04      +0.04 ± 0.04      0.6, 0.1 %
                        −0.64
three classes, 8 % rare
  logistic (500)        2.82, 2.80  −0.25 ± 0.12      +0.11 ± 0.11      0.6, 0.4 %
======================  ==========  ================  ================  ===========

"Overstated": the interval that the verdict uses lies wholly above the truth.
Cross-fitting is as honest, its thresholds are as good, and it costs no fit, so
nothing else is offered; offsets tuned on the rows they decide are off by many
points, as a test shows. On the test part the question does not arise.
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
