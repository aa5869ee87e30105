"""The gate: all checks on a batch of samples, the first broken rule decides."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.core.seeds import canonical_json
from augmentors.gate.check import Check
from augmentors.gate.constraints import Constraints
from augmentors.gate.copies import Copies
from augmentors.gate.near_copies import Looks, content_keys
from augmentors.gate.ranges import Ranges
from augmentors.gate.target_range import TargetRange

TWIN_RULE = "twin"
WORDS = ("rule", "nearest", "detail", "remark")


@dataclass(frozen=True)
class Judgement:
    """What the gate says of some samples.

    Parameters
    ----------
    table : DataFrame indexed by sample id
        ``rule`` ('' when kept), ``value``, ``threshold``, ``nearest``,
        ``detail``, ``remark`` (what is told of a real sample that is kept) and ``gate`` (all values as JSON).
    keys : ndarray of uint64
        Content hashes: equal content, equal key.
    """

    table: pd.DataFrame
    keys: np.ndarray


class Gate:
    """Fitted on the training part; judges new samples one by one.

    Parameters
    ----------
    copies, ranges, constraints : bool
        Which checks run.
    range_margin : float
        See `Ranges`.
    """

    def __init__(
        self, *, copies: bool = True, ranges: bool = True, constraints: bool = True, range_margin: float = 0.0
    ) -> None:
        self.checks: list[Check] = []
        if copies:
            self.checks.append(Copies())
        if ranges:
            self.checks += [TargetRange(), Ranges(range_margin)]
        if constraints:
            self.checks.append(Constraints())
        self.rejects_twins = copies

    def fit(self, train: Dataset, targets: list[str]) -> Self:
        """Learn from the training part what each check needs."""
        self._kind, self._schema = train.kind, train.schema
        for check in self.checks:
            check.fit(train, targets)
        return self

    def judge(
        self, samples: Samples, *, looks: Looks | None = None, copies_allowed: bool = False, are_real: bool = False
    ) -> Judgement:
        """Judge samples.

        Parameters
        ----------
        samples : Samples
        looks : Looks, optional
            Of images whose pixels the samples no longer hold.
        copies_allowed : bool
            Skip the copy check, for augmenters that copy on purpose.
        are_real : bool
            The samples are real ones that are taken over: none is rejected for being unlike the training rows.
        """
        n = len(samples)
        if looks is None and self._kind == "image":
            looks = Looks.of(samples.images or [])
        table = pd.DataFrame(
            {"rule": "", "value": np.nan, "threshold": np.nan, "nearest": "", "detail": "", "remark": ""},
            index=samples.frame.index,
        ).astype(dict.fromkeys(WORDS, object))
        scores: dict[str, list[float]] = {}
        for check in self.checks:
            if check.idle or (copies_allowed and isinstance(check, Copies)):
                continue
            measure = check.measure(samples, looks)
            scores[check.key] = measure.value.tolist()
            rejected, told = measure.split(are_real)
            told &= (table["remark"] == "").to_numpy()
            if told.any():
                table.loc[told, "remark"] = measure.detail[told]
            new = rejected & (table["rule"] == "").to_numpy()
            table.loc[new, "rule"] = check.key
            table.loc[new, "value"] = measure.value[new]
            table.loc[new, "threshold"] = measure.threshold
            table.loc[new, "nearest"] = measure.nearest[new]
            table.loc[new, "detail"] = measure.detail[new]
        table["gate"] = _scores_as_json(scores, n)
        keys = content_keys(samples, looks, self._schema.text, self._schema.label)
        if copies_allowed or not self.rejects_twins:
            keys = np.zeros(n, dtype=np.uint64)
        return Judgement(table, keys)


def reject_twins(judgement: Judgement, seen: set[int]) -> None:
    """Reject, in order, kept samples whose content was accepted before; extends `seen`. Key 0 is never compared."""
    kept = np.flatnonzero((judgement.table["rule"] == "").to_numpy() & (judgement.keys != 0))
    twins = []
    for position in kept.tolist():
        key = int(judgement.keys[position])
        if key in seen:
            twins.append(position)
        seen.add(key)
    if twins:
        rows = judgement.table.index[twins]
        judgement.table.loc[rows, "rule"] = TWIN_RULE
        judgement.table.loc[rows, "detail"] = "is the same as a new sample accepted before"


def _scores_as_json(scores: dict[str, list[float]], n: int) -> list[str]:
    """One JSON text per sample; the few distinct ones are made once (inf: nothing real is near)."""
    if not scores:
        return ["{}"] * n
    names = list(scores)
    known: dict[tuple[float, ...], str] = {}
    rows = []
    for values in zip(*scores.values(), strict=True):
        if values not in known:
            plain = {k: (None if np.isinf(v) else round(v, 6)) for k, v in zip(names, values, strict=True)}
            known[values] = canonical_json(plain)
        rows.append(known[values])
    return rows
