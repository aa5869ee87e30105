"""Random under-sampling: large classes lose samples drawn at random."""

import numpy as np

from augmentors.core.job import Job
from augmentors.core.selector import Candidates, SelectorCard
from augmentors.selection.under_sampler import UnderSampler


class RandomUndersampling(UnderSampler):
    """Keep a random part of the classes above the ceiling.

    Examples
    --------
    >>> import numpy as np
    >>> from augmentors.explore.candidates import candidates_of
    >>> from augmentors.testing import toy_table
    >>> train = toy_table({"common": 60, "rare": 20})
    >>> selection = RandomUndersampling(share=0.5).select(candidates_of(train), np.random.default_rng(0))
    >>> int(selection.keep.sum())
    50
    """

    card = SelectorCard(
        key="random_undersampling",
        title="Random under-sampling",
        family="under-sampling",
        summary="Drops samples of large classes at random; the plain yardstick of under-sampling.",
        stages=("before",),
        avoid="Avoid where the large class is varied: what is dropped may hold its rarer forms.",
        references=("He & Garcia (2009), Learning from Imbalanced Data, IEEE TKDE 21(9).",),
    )

    def _choose(self, candidates: Candidates, target: str, most: int, rng: np.random.Generator, job: Job) -> np.ndarray:
        return rng.choice(candidates.data.class_counts[target], most, replace=False)

    def _why(self, target: str, most: int) -> str:
        return f"not drawn among the {most:,} that '{target}' keeps"
