"""The public suite that every augmenter passes, and the small datasets it runs on."""

from augmentors.testing.honest import Honest
from augmentors.testing.suite import CHECKS, Check, check_augmenter
from augmentors.testing.toys import (
    feature_array,
    numeric_table,
    odd_table,
    toy_images,
    toy_multilabel,
    toy_regression,
    toy_table,
    toy_text,
)
from augmentors.testing.trial import CheckFailed, Toys

__all__ = [
    "CHECKS",
    "Check",
    "CheckFailed",
    "Honest",
    "Toys",
    "check_augmenter",
    "feature_array",
    "numeric_table",
    "odd_table",
    "toy_images",
    "toy_multilabel",
    "toy_regression",
    "toy_table",
    "toy_text",
]
