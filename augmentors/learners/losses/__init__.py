"""Losses for imbalanced classes: pure functions of logits, targets and class counts."""

from augmentors.learners.losses.balanced_softmax import balanced_softmax, log_priors, logit_adjusted
from augmentors.learners.losses.class_balanced import class_balanced_weights, effective_numbers
from augmentors.learners.losses.focal import focal
from augmentors.learners.losses.ldam import ldam, ldam_margins

__all__ = [
    "balanced_softmax",
    "class_balanced_weights",
    "effective_numbers",
    "focal",
    "ldam",
    "ldam_margins",
    "log_priors",
    "logit_adjusted",
]
