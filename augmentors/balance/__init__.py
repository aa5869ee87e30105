"""Plan + training part → rounds of blocks → gated samples."""

from augmentors.balance.rounds import Balanced, balance_training_part

__all__ = ["Balanced", "balance_training_part"]
