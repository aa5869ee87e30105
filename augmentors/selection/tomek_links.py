"""Tomek links: pairs of different classes that are each other's nearest sample."""

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.job import Job
from augmentors.core.selector import Candidates, Selector, SelectorCard
from augmentors.core.selector import Params as BaseParams
from augmentors.explore.neighbours import nearest


class TomekParams(BaseParams):
    """Parameters of Tomek links."""

    drop: Literal["larger", "both"] = Field(
        "larger",
        title="Drop",
        description="of each link the sample of the class with more real samples, or both",
    )


class TomekLinks(Selector):
    """Drop samples that form a Tomek link."""

    card = SelectorCard(
        key="tomek_links",
        title="Tomek links",
        family="cleaning",
        summary="Drops one or both of two samples of different classes that are each other's nearest.",
        stages=("before", "after"),
        avoid="It drops few samples; alone it hardly changes the balance.",
        references=("Tomek (1976), Two modifications of CNN, IEEE Transactions on Systems, Man, and Cybernetics 6.",),
    )
    Params = TomekParams
    params: TomekParams

    def _select(self, candidates: Candidates, rng: np.random.Generator, job: Job) -> np.ndarray:
        data = candidates.data
        partner = links(candidates.vectors(job), data.labels, job)
        linked = np.flatnonzero(partner >= 0)
        reasons = np.full(len(data), "", dtype=object)
        counts = candidates.real_counts
        size = np.array([counts.get(name, 0) for name in data.labels])
        for i in linked.tolist():
            other = int(partner[i])
            # Of two equally large classes the new sample goes, else both.
            mine, theirs = (size[i], candidates.is_new[i]), (size[other], candidates.is_new[other])
            if self.params.drop == "both" or mine >= theirs:
                reasons[i] = f"forms a Tomek link with '{data.ids[other]}' of class '{data.labels[other]}'"
        return reasons


def links(vectors: np.ndarray, labels: np.ndarray, job: Job) -> np.ndarray:
    """Return the position of each sample's partner in a Tomek link, -1 where it has none, shape (n,)."""
    found = nearest(vectors, k=1, job=job)[1][:, 0]
    mutual = found[found] == np.arange(len(found))
    return np.where(mutual & (labels[found] != labels), found, -1)
