"""The smallest augmenter that keeps every promise: an example for authors, and what broken ones derive from."""

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Augmenter, Card
from augmentors.core.augmenter import Params as BaseParams
from augmentors.core.job import Job
from augmentors.core.samples import Draws, Made


class Honest(Augmenter):
    """Copies a row and moves its numbers a little: keeps every promise, and is in no catalogue.

    Examples
    --------
    >>> Honest.card.key
    'honest'
    """

    card = Card("honest", "Honest", "table", "classical", "Copies a row and moves its numbers a little.")

    class Params(BaseParams):
        amount: float = Field(
            1.0, ge=0, le=10, title="Amount", description="How far numbers move, as a share of their size."
        )

    params: Params

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        return Draws.one_parent(rng.choice(self.train.positions(target), n), noise=rng.random(n))

    def _apply(self, target: str, draws: Draws, job: Job) -> Made:
        train = self.train
        columns = train.frame[train.schema.features()].iloc[draws.parents[:, 0]].reset_index(drop=True)
        for name in train.schema.features("number"):
            columns[name] = columns[name] * (1 + self.params.amount * draws.values["noise"])
        return Made(columns)
