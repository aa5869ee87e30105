"""What the augmenters that mix images of one class share: several parents, each with its share."""

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.image.image_augmenter import ImageAugmenter, evenly, others

LEAST_SHARE: Any = Field(
    0.1,
    ge=0,
    le=0.5,
    title="Least share",
    description="How much of the new image comes from each of the two at least; 0.5 mixes both alike.",
    json_schema_extra={"tune": {"low": 0.0, "high": 0.4}, "advanced": True},
)


class MixingAugmenter(ImageAugmenter):
    """Mixes images of one class; the first parent gives size and colours.

    Authors write `_shares`, which draws how much each parent counts and
    whatever else is random, and `_each_image`.
    """

    #: Images that one sample is made of.
    n_parents: ClassVar[int] = 2

    def _shares(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the share of each parent, shape (n, n_parents), and other drawn values."""
        raise NotImplementedError

    def _applies_to_target(self, train: Dataset, target: str) -> None:
        count = len(train.positions(target))
        if count < 2:
            raise NotApplicable(f"{self.card.title} needs 2 images of a class; '{target}' has {count}.")

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        positions = self.train.positions(target)
        first = evenly(positions, n, rng)
        rest = [others(first, positions, rng) for _ in range(self.n_parents - 1)]
        shares, values = self._shares(n, rng)
        return Draws(np.column_stack([first, *rest]), shares, values)


def beta_shares(n: int, alpha: float, least: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the shares of two parents from a Beta distribution, each at least `least`, shape (n, 2)."""
    return two_shares(rng.beta(alpha, alpha, n).clip(least, 1 - least))


def two_shares(first: np.ndarray) -> np.ndarray:
    """Return the shares of two parents from that of the first, shape (n, 2).

    Examples
    --------
    >>> two_shares(np.array([0.25])).tolist()
    [[0.25, 0.75]]
    """
    return np.column_stack([first, 1 - first])
