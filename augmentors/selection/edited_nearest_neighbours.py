"""Edited nearest neighbours: samples that their neighbours contradict."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from augmentors.core.job import Job
from augmentors.core.late import pd
from augmentors.core.selector import Candidates, Selector, SelectorCard, larger_classes
from augmentors.core.selector import Params as BaseParams
from augmentors.explore.neighbours import nearest


class EditedParams(BaseParams):
    """Parameters of edited nearest neighbours."""

    n_neighbors: int = Field(3, ge=1, le=50, title="Neighbours", description="nearest samples that are asked")
    drop_when: Literal["majority", "any"] = Field(
        "majority",
        title="Drop when",
        description="most neighbours are of one other class, or any neighbour is of another class",
    )
    spare_rare: bool = Field(
        True,
        title="Spare rare classes",
        description="never drop a real sample of a class below average size; new samples are not spared",
    )


class EditedNearestNeighbours(Selector):
    """Drop samples whose nearest neighbours are of another class."""

    card = SelectorCard(
        key="edited_nearest_neighbours",
        title="Edited nearest neighbours (ENN)",
        family="cleaning",
        summary="Drops samples that their nearest neighbours would put into another class.",
        stages=("before", "after"),
        avoid="Avoid where classes overlap widely: it clears the whole border.",
        references=(
            "Wilson (1972), Asymptotic properties of nearest neighbor rules using edited data, IEEE SMC 2(3).",
        ),
    )
    Params = EditedParams
    params: EditedParams

    def _select(self, candidates: Candidates, rng: np.random.Generator, job: Job) -> np.ndarray:
        data, asked = candidates.data, self.params
        codes, names = pd.factorize(data.labels, sort=True)
        around = codes[nearest(candidates.vectors(job), k=asked.n_neighbors, job=job)[1]]
        votes = np.stack([(around == code).sum(axis=1) for code in range(len(names))], axis=1)
        rows = np.arange(len(data))
        own = votes[rows, codes]
        others = votes.copy()
        others[rows, codes] = -1
        against = others.argmax(axis=1)
        dropped = own < others.max(axis=1) if asked.drop_when == "majority" else own < around.shape[1]
        if asked.spare_rare:
            large = np.isin(data.labels, list(larger_classes(candidates.real_counts)))
            dropped &= large | candidates.is_new
        reasons = np.full(len(data), "", dtype=object)
        for i in np.flatnonzero(dropped).tolist():
            most = int(others[i, against[i]])
            reasons[i] = f"{most} of its {around.shape[1]} nearest samples are of class '{names[against[i]]}'"
        return reasons
