"""Plan + training part → rounds of blocks → gated samples."""

from augmentors.balance.rounds import Balanced, balance_training_part, thin
from augmentors.balance.selecting import Selected

__all__ = ["Balanced", "Selected", "balance_training_part", "thin"]
