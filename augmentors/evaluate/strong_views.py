"""Strong views of unlabelled texts in a comparison: their features are computed once, like those of real samples."""

from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.learners.features import FEATURES, Key, Source
from augmentors.text.strong_views import VIEWS, text_views
from augmentors.text.strong_views import TextViews as TextViews


class ChangedTexts(Source):
    """Unlabelled texts, each as one of its strong views.

    Parameters
    ----------
    pool : Dataset
    views : TextViews
    number : int
        Of the view.
    """

    def __init__(self, pool: Dataset, views: TextViews, number: int) -> None:
        super().__init__(pool)
        self._pool, self._views, self.number = pool, views, number

    def __getstate__(self) -> dict[str, Any]:
        """Travel to other processes without what can be found again there."""
        return super().__getstate__() | {"_pool": self._pool, "_views": self._views, "number": self.number}

    @property
    def keys(self) -> list[Key]:
        """What names each view in the cache."""
        return [(f"strong view {self.number}", self._pool.fingerprint, str(i)) for i in self._pool.ids]

    def compute(self, name: str, at: np.ndarray) -> np.ndarray:
        """Return features of the views at these positions, shape (len(at), d)."""
        texts = self._pool.texts
        return FEATURES[name](self._views.of([texts[int(i)] for i in at], self.number))


def changed(pool: Dataset, views: TextViews) -> tuple[ChangedTexts, ...]:
    """Return all strong views of a pool."""
    return tuple(ChangedTexts(pool, views, number) for number in range(VIEWS))


def views_for(dataset: Dataset, choice: str) -> TextViews | None:
    """Return how strong views of unlabelled texts are made; None where there are none.

    Raises
    ------
    UserError
        When there is no such choice, or what was asked for is not on this machine.
    """
    pool = dataset.unlabelled
    return text_views(pool.texts, choice) if dataset.kind == "text" and pool is not None and len(pool) else None
