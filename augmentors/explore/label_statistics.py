"""How many labels samples carry, how unequal the labels are, and how much rare ones stand beside frequent ones."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.label_sets import concurrence, imbalance_per_label

# From here on, making samples of a rare label makes many of a frequent one as well.
HIGH_CONCURRENCE = 0.1


@dataclass(frozen=True)
class LabelStatistics:
    """Measures of a multi-label dataset.

    Parameters
    ----------
    cardinality : float
        Labels per sample, mean.
    density : float
        The same as a share of all labels.
    sets : int
        Different sets of labels.
    without : int
        Samples without any label.
    imbalance : dict of str to float
        IRLbl: samples of the largest label over those of each.
    mean_imbalance : float
        MeanIR; MLSMOTE takes labels above it for minorities.
    concurrence : float
        SCUMBLE, 0 to 1.
    """

    cardinality: float
    density: float
    sets: int
    without: int
    imbalance: dict[str, float]
    mean_imbalance: float
    concurrence: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    @property
    def sentence(self) -> str:
        """The measures in words."""
        rare = [f"'{name}'" for name, ratio in self.imbalance.items() if ratio > self.mean_imbalance]
        told = f"Minority labels by MLSMOTE's rule (IRLbl above the mean of {self.mean_imbalance:.1f}): "
        told += f"{', '.join(rare) or 'none'}."
        mixed = (
            "rare labels mostly stand beside frequent ones"
            if self.concurrence >= HIGH_CONCURRENCE
            else ("rare labels seldom stand beside frequent ones")
        )
        return (
            f"{self.cardinality:.2f} labels per sample, {self.sets:,} different sets, {self.without:,} samples without "
            f"a label. {told} SCUMBLE {self.concurrence:.3f}: {mixed}."
        )


def label_statistics(dataset: Dataset) -> LabelStatistics:
    """Return the measures of a multi-label dataset.

    Examples
    --------
    >>> from augmentors.testing import toy_multilabel
    >>> found = label_statistics(toy_multilabel())
    >>> round(found.cardinality, 2), found.sets, round(found.imbalance["rare"], 2)
    (1.17, 6, 3.07)
    """
    matrix = dataset.label_matrix
    counts = matrix.sum(axis=0)
    assert dataset.schema.sets is not None, "only multilabel datasets have label sets"
    ratios = imbalance_per_label(counts)
    known = {name: float(r) for name, r in zip(dataset.schema.sets.names, ratios, strict=True) if np.isfinite(r)}
    return LabelStatistics(
        float(matrix.sum(axis=1).mean()),
        float(matrix.mean()),
        len(np.unique(matrix, axis=0)),
        int((~matrix.any(axis=1)).sum()),
        dict(sorted(known.items(), key=lambda item: (-item[1], item[0]))),
        float(np.mean(list(known.values()))),
        concurrence(matrix),
    )


@dataclass(frozen=True)
class Told:
    """What a profile says of the label beyond its counts.

    Parameters
    ----------
    noun : str
        What its parts are called.
    facts : dict
        For JSON; empty for classes.
    sentence : str
    """

    noun: str = "classes"
    facts: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""


def told_of_label(dataset: Dataset) -> Told:
    """Return what there is to say of ranges or of several labels."""
    schema = dataset.schema
    if schema.ranges is not None:
        facts = {"task": "regression", "ranges": schema.ranges.as_dict()}
        return Told(f"ranges of '{schema.label}'", facts, schema.ranges.sentence)
    if schema.sets is not None:
        found = label_statistics(dataset)
        return Told("labels", {"task": "multilabel", "labels": found.as_dict()}, found.sentence)
    return Told()
