"""NearMiss 1, 2 and 3: large classes keep the samples near the smallest class."""

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.job import Job
from augmentors.core.selector import Candidates, SelectorCard
from augmentors.explore.neighbours import CHUNK, nearest
from augmentors.selection.under_sampler import CeilingParams, UnderSampler


class NearMissParams(CeilingParams):
    """Parameters of NearMiss."""

    version: Literal[1, 2, 3] = Field(
        1,
        title="Version",
        description="1: near to their nearest rare samples; 2: near to the farthest; 3: around each rare sample",
    )
    n_neighbors: int = Field(3, ge=1, le=50, title="Neighbours", description="rare samples whose mean distance counts")
    n_around: int = Field(
        3,
        ge=1,
        le=200,
        title="Around each (version 3)",
        description="samples of the large class that are considered around each rare sample",
        json_schema_extra={"advanced": True, "only_with": {"version": 3}},
    )


class NearMiss(UnderSampler):
    """Keep those samples of large classes that lie near the smallest class."""

    card = SelectorCard(
        key="near_miss",
        title="NearMiss",
        family="under-sampling",
        summary="Keeps the samples of large classes that lie near the smallest class and drops those far from it.",
        stages=("before",),
        avoid="Avoid with noisy labels: it prefers exactly the samples in the overlap.",
        references=("Mani & Zhang (2003), kNN approach to unbalanced data distributions, ICML workshop.",),
    )
    Params = NearMissParams
    params: NearMissParams

    def _choose(self, candidates: Candidates, target: str, most: int, rng: np.random.Generator, job: Job) -> np.ndarray:
        vectors, data = candidates.vectors(job), candidates.data
        own, rare = vectors[data.positions(target)], vectors[data.positions(self._rare(candidates))]
        k = min(self.params.n_neighbors, len(rare))
        if self.params.version == 2:
            return np.argsort(farthest_mean(own, rare, k, job), kind="stable")[:most]
        if self.params.version == 1:
            return np.argsort(nearest(rare, own, k, job)[0].mean(axis=1), kind="stable")[:most]
        around = np.unique(nearest(own, rare, self.params.n_around, job)[1])
        if len(around) < most:
            self._notes.append(
                f"NearMiss-3 found only {len(around):,} samples of '{target}' around the rare ones and keeps those, "
                f"not {most:,}; raise 'Around each' to keep more."
            )
        distance = nearest(rare, own[around], k, job)[0].mean(axis=1)
        return around[np.argsort(-distance, kind="stable")[:most]]

    def _why(self, target: str, most: int) -> str:
        how = {1: "farther from the rare class", 2: "farther from all of the rare class", 3: "not around a rare sample"}
        return f"{how[self.params.version]} than the samples that '{target}' keeps (NearMiss-{self.params.version})"

    def _rare(self, candidates: Candidates) -> str:
        return list(candidates.data.class_counts)[-1]


def farthest_mean(queries: np.ndarray, reference: np.ndarray, k: int, job: Job) -> np.ndarray:
    """Return each query's mean distance to its k farthest reference rows, shape (m,)."""
    from scipy.spatial.distance import cdist

    means = np.empty(len(queries))
    step = max(1, CHUNK * 4_000 // max(len(reference), 1))
    for start in range(0, len(queries), step):
        job.check()
        gaps = cdist(queries[start : start + step], reference)
        means[start : start + step] = np.partition(gaps, -k, axis=1)[:, -k:].mean(axis=1)
    return means
