"""What all under-samplers share: a ceiling for the large classes."""

import math
from abc import abstractmethod
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from augmentors.core.job import Job
from augmentors.core.selector import Candidates, Selector
from augmentors.core.selector import Params as BaseParams


class CeilingParams(BaseParams):
    """Parameters of every under-sampler."""

    share: float = Field(
        0.5,
        gt=0,
        le=1,
        title="Ceiling",
        description="no class keeps more than this share of the largest class; never fewer than the smallest has",
        json_schema_extra={"tune": {}},
    )


class UnderSampler(Selector):
    """Cuts classes above a ceiling down to it; which samples stay is its subclasses' matter."""

    Params = CeilingParams
    params: CeilingParams

    def ceiling(self, counts: Mapping[str, int]) -> int:
        """Return what a class may keep at most."""
        return max(math.ceil(self.params.share * max(counts.values())), min(counts.values()))

    def expected(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return the counts afterwards."""
        most = self.ceiling(counts)
        return {name: min(count, most) for name, count in counts.items()}

    def _select(self, candidates: Candidates, rng: np.random.Generator, job: Job) -> np.ndarray:
        data = candidates.data
        reasons = np.full(len(data), "", dtype=object)
        most = self.ceiling(data.class_counts)
        large = [name for name in sorted(data.class_counts) if data.class_counts[name] > most]
        for i, name in enumerate(large):
            job.check()
            job.progress(i / len(large), f"Thinning out '{name}'")
            own = data.positions(name)
            kept = self._choose(candidates, name, most, rng, job)
            dropped = np.setdiff1d(np.arange(len(own)), kept)
            reasons[own[dropped]] = self._why(name, most)
        return reasons

    @abstractmethod
    def _choose(self, candidates: Candidates, target: str, most: int, rng: np.random.Generator, job: Job) -> np.ndarray:
        """Return which of the class's samples stay, as positions within the class."""

    @abstractmethod
    def _why(self, target: str, most: int) -> str:
        """Return why the others are dropped."""
