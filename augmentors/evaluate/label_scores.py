"""The verdict where a sample carries several labels: rules that are declared before anything is looked at.

1. One learner and one metric decide: histogram gradient boosting, one per
   label, and average precision in which each label counts the same, which no
   threshold can change. F1 at a threshold of 0.5 and Hamming loss stand beside.
2. Only the held-out folds of the training part decide. The test part is
   reported and never chooses. Differences are paired by fold; standard errors
   carry Nadeau and Bengio's correction.
3. An arm differs from plain when the two-sided p-value, adjusted by Holm over
   all arms, is at most 5 % and average precision changes by at least the
   margin of 1 point. Helps: it rises. Harms: it falls.
4. No detectable effect: everything else, with the smallest true difference
   that rule 3 would have found with a power of 80 %.
5. A label won or lost when its average precision changes by rule 3, Holm over
   labels; borne by fewer than 10 test samples it is not decidable.
6. Next: the plain arm where no arm is better by rule 3; else the cheapest arm
   whose average precision is shown, at 5 %, to be less than 1 point below the
   best arm's.

Thresholds are not moved here: F1 may rise by one label's threshold alone, so
it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.learners.label_metrics import label_scores, per_label


@dataclass(frozen=True)
class LabelTest:
    """The untouched test part, and bootstraps of it that all fits share.

    Parameters
    ----------
    data : Dataset
    draws : ndarray of float32, shape (B, n)
        How often each sample is in each bootstrap.
    """

    data: Dataset
    draws: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The labels."""
        assert self.data.schema.sets is not None, "only multilabel datasets have label sets"
        return self.data.schema.sets.names

    @property
    def support(self) -> list[int]:
        """Test samples that bear each label."""
        return [int(n) for n in self.data.label_matrix.sum(axis=0)]

    @property
    def rare(self) -> tuple[bool, ...]:
        """No label is called rare by name."""
        return (False,) * len(self.names)

    @property
    def notes(self) -> list[str]:
        """What to know of these scores."""
        return ["F1 and Hamming loss decide each label at a probability of 0.5; average precision needs no threshold."]

    def measured(self, predicted: np.ndarray, held_out: Dataset, held_predicted: np.ndarray) -> dict[str, Any]:
        """Return the fields of `TargetFit` that come from predictions."""
        true, held = self.data.label_matrix, held_out.label_matrix
        return {
            "test": _of_all(true, predicted),
            "held_out": _of_all(held, held_predicted),
            "per_class": per_label(true, predicted, self.names),
            "fold_per_class": per_label(held, held_predicted, self.names)["average_precision"],
            "resampled": label_scores(true, predicted, self.draws),
        }


def _of_all(true: np.ndarray, proba: np.ndarray) -> dict[str, float]:
    return {name: float(value[0]) for name, value in label_scores(true, proba, np.ones((1, len(true)))).items()}
