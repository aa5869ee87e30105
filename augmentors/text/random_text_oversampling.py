"""Random oversampling of texts: exact copies of real ones."""

import numpy as np

from augmentors.core.augmenter import Augmenter, Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made


class RandomTextOversampling(Augmenter):
    """Repeat texts of the class, drawn with replacement.

    Examples
    --------
    >>> from augmentors.testing import toy_text
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomTextOversampling().fit(toy_text(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_text_oversampling",
        title="Random oversampling of texts",
        kind="text",
        family="oversampling",
        summary="Repeats real texts of the class; the plain yardstick every other augmenter has to beat.",
        avoid="Avoid with learners that memorise single texts.",
        references=("He & Garcia (2009), Learning from Imbalanced Data, IEEE TKDE 21(9).",),
        needs=frozenset({Need.COPIES}),
        aliases=("RandomOverSampler", "upsampling", "duplicates"),
    )

    class Params(BaseParams):
        pass

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return Draws.one_parent(rng.choice(self.train.positions(target), n))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        text = self.train.schema.text
        return Made(self.train.frame[[text]].iloc[draws.parents[:, 0]].reset_index(drop=True))
