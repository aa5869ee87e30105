"""The contract of a selector: keeps or drops existing samples, each drop with a reason."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from pydantic import ValidationError

from augmentors.core.augmenter import Params, explain_invalid
from augmentors.core.card import SelectorCard as SelectorCard
from augmentors.core.dataset import Dataset
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.core.job import NO_JOB, Job
from augmentors.core.kinds import Stage as Stage


@dataclass(frozen=True)
class Candidates:
    """What a selector chooses from: samples of the training part, then new ones.

    Parameters
    ----------
    data : Dataset
        Rows of images may lack a file: only `vectors` looks at pixels.
    is_new : ndarray of bool, shape (n,)
    vectors_of : callable
        Computes one vector per sample; distances between samples are taken there.
    """

    data: Dataset
    is_new: np.ndarray
    vectors_of: Callable[[Job], np.ndarray]
    _kept: dict[str, np.ndarray] = field(default_factory=dict)

    def vectors(self, job: Job = NO_JOB) -> np.ndarray:
        """Return the vectors, float32, shape (n, d), computed once."""
        if "vectors" not in self._kept:
            self._kept["vectors"] = self.vectors_of(job)
        return self._kept["vectors"]

    @property
    def real_counts(self) -> dict[str, int]:
        """Samples per class without the new ones: which classes are rare is their matter."""
        names, counts = np.unique(self.data.labels[~self.is_new].astype(str), return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))


@dataclass(frozen=True)
class Selection:
    """What a selector decided.

    Parameters
    ----------
    keep : ndarray of bool, shape (n,)
    reasons : ndarray of object, shape (n,)
        Why a sample is dropped, in plain words; '' where it is kept.
    notes : tuple of str
        What was not done as asked.
    """

    keep: np.ndarray
    reasons: np.ndarray
    notes: tuple[str, ...] = ()


class Selector(ABC):
    """Keeps or drops samples of the training part.

    Authors declare `card` and a nested `Params`, and write `_select`.
    """

    card: ClassVar[SelectorCard]
    Params: ClassVar[type[Params]] = Params

    def __init__(self, **params: Any) -> None:
        try:
            self.params = self.Params(**params)
        except ValidationError as error:
            fields = list(self.Params.model_fields)
            raise InvalidParams(explain_invalid(self.card.title, error, fields)) from None
        self._notes: list[str] = []

    @property
    def entry(self) -> dict[str, Any]:
        """Key and parameters as plain data: what a recipe holds."""
        return {"selector": self.card.key, "params": self.params.model_dump(mode="json")}

    @final
    def select(self, candidates: Candidates, rng: np.random.Generator, job: Job = NO_JOB) -> Selection:
        """Return which samples stay. No class loses its last sample: one that would is left whole, with a note.

        Raises
        ------
        NotApplicable
            When the data is of another kind or lacks what is needed.
        """
        data = candidates.data
        if data.kind not in self.card.kinds:
            known = " and ".join(self.card.kinds)
            raise NotApplicable(f"{self.card.title} works on {known} data; this dataset is of kind {data.kind}.")
        self._notes = []
        job.check()
        reasons = self._select(candidates, rng, job) if len(data.class_counts) > 1 else np.full(len(data), "", object)
        keep = reasons == ""
        for name, count in data.class_counts.items():
            own = data.positions(name)
            if not keep[own].any():
                keep[own], reasons[own] = True, ""
                self._notes.append(
                    f"{self.card.title} would drop all {count:,} samples of '{name}'; the class is left as it is."
                )
        job.progress(1.0, f"{self.card.title} chose")
        return Selection(keep, reasons, tuple(self._notes))

    def expected(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return the class counts to expect afterwards, where they can be told beforehand; else as they are."""
        return dict(counts)

    @abstractmethod
    def _select(self, candidates: Candidates, rng: np.random.Generator, job: Job) -> np.ndarray:
        """Return why each sample is dropped, '' where it is kept: object array of str, shape (n,)."""


def larger_classes(counts: Mapping[str, int]) -> set[str]:
    """Return the classes of at least average size; cleaning that spares the rare takes from these alone.

    Examples
    --------
    >>> sorted(larger_classes({"ok": 90, "dent": 60, "rust": 3}))
    ['dent', 'ok']
    """
    average = sum(counts.values()) / max(len(counts), 1)
    return {name for name, count in counts.items() if count >= average}
