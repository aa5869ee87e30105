"""How a net may be trained for rare classes, by name; what needs no net is not here."""

from typing import Literal

Objective = Literal[
    "focal",
    "class_balanced_focal",
    "balanced_softmax",
    "logit_adjustment",
    "ldam_drw",
    "crt",
]
# Class-balanced focal loss takes β from `weighting`; LDAM-DRW the one of its paper.
DRW_BETA = 0.9999
# Share of the steps after which re-weighting sets in: epoch 160 of 200 in the paper.
DRW_START = 0.8
# Steps of the second stage of decoupled training relative to the first, and at least so many.
HEAD_SHARE, HEAD_MIN_STEPS = 0.25, 100
