"""The same models before and after, on the same folds, with the statistics done right."""

from augmentors.evaluate.arms import AugmentedArm
from augmentors.evaluate.compare import compare
from augmentors.evaluate.comparison import Comparison
from augmentors.evaluate.safe_folds import SafeFold, safe_folds

__all__ = ["AugmentedArm", "Comparison", "SafeFold", "compare", "safe_folds"]
