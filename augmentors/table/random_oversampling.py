"""Random oversampling: exact copies of real rows."""

import numpy as np

from augmentors.core.augmenter import Augmenter, Card, Need
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made


class RandomOversampling(Augmenter):
    """Repeat rows of the class, drawn with replacement.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(RandomOversampling().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="random_oversampling",
        title="Random oversampling",
        kind="table",
        family="oversampling",
        summary="Repeats real rows of the class; the plain yardstick every other augmenter has to beat.",
        avoid="Avoid with learners that memorise single rows (1-nearest neighbour, deep trees).",
        references=("He & Garcia (2009), Learning from Imbalanced Data, IEEE TKDE 21(9).",),
        needs=frozenset({Need.COPIES}),
        aliases=("RandomOverSampler", "ROS", "upsampling", "duplicates"),
    )

    class Params(BaseParams):
        pass

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return Draws.one_parent(rng.choice(self.train.positions(target), n))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        features = self.train.frame.drop(columns=self.train.schema.label)
        return Made(features.iloc[draws.parents[:, 0]].reset_index(drop=True))
