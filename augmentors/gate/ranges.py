"""Rejects samples that break the schema or leave the range seen in training; real ones only where they are empty."""

import math
from typing import Any, Self

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.gate.check import Check, Measure, no_names
from augmentors.gate.near_copies import Looks


class Ranges(Check):
    """Types, ranges and categories of tables; empty texts; unusable images.

    A real row that is taken over may lie where no training row does: that is told, and rejects it no more than it
    would a training row. An empty text or a flat image is of no use, whoever made it.

    Parameters
    ----------
    margin : float
        Tolerated overshoot, as a share of the range seen in training.
    """

    key = "ranges"
    title = "Outside schema or range"

    def __init__(self, margin: float = 0.0) -> None:
        self.margin = margin

    def fit(self, train: Dataset, targets: list[str]) -> Self:
        self._kind, self._text = train.kind, train.schema.text
        self._rules: dict[str, dict[str, Any]] = {}
        for name in train.schema.features():
            if train.kind != "image" and name != self._text:
                self._rules[name] = self._rule(train.frame[name], train.schema.types[name])
        return self

    def _rule(self, column: pd.Series, kind: str) -> dict[str, Any]:
        rule: dict[str, Any] = {"kind": kind, "missing": bool(column.isna().any())}
        if kind in ("number", "integer", "date") and column.notna().any():
            low, high = column.min(), column.max()
            if kind == "integer" and column.dtype.kind in "iu":
                # As Python's own numbers: large ones would be rounded on the way through a float.
                low, high = int(low), int(high)
                slack = math.floor((high - low) * self.margin)
            else:
                slack = (high - low) * self.margin
            rule |= {"low": low - slack, "high": high + slack}
        elif kind in ("category", "boolean"):
            rule["known"] = set(column.dropna().unique().tolist())
        return rule

    def measure(self, samples: Samples, looks: Looks | None = None) -> Measure:
        detail, unlike = no_names(len(samples)), no_names(len(samples))
        if self._kind == "image":
            detail = (looks or Looks.of(samples.images or [])).faults.copy()
        else:
            if self._text is not None:
                texts = samples.frame[self._text].fillna("").astype(str)
                empty = ~texts.str.contains(r"\w", regex=True).to_numpy(dtype=bool)
                detail[empty] = f"'{self._text}' holds no word"
            for name, rule in self._rules.items():
                _mark(unlike, samples.frame[name], name, rule)
        excused = (detail == "") & (unlike != "")
        detail = np.where(excused, unlike, detail)
        fails = detail != ""
        return Measure(fails.astype(float), fails, 0.0, no_names(len(samples)), detail, excused)


def _mark(detail: np.ndarray, column: pd.Series, name: str, rule: dict[str, Any]) -> None:
    """Write a sentence for each value of a column that breaks its rule and has none yet."""
    missing = column.isna().to_numpy()
    if not rule["missing"]:
        _write(detail, missing, f"'{name}' is missing, which never happens in training")
    if "low" in rule:
        outside = ((column < rule["low"]) | (column > rule["high"])).to_numpy(dtype=bool, na_value=False)
        low, high = _short(rule["low"]), _short(rule["high"])
        _write(detail, outside & ~missing, f"'{name}' lies outside {low} to {high}, the range seen in training")
    if rule["kind"] == "integer" and column.dtype.kind == "f":
        _write(detail, ~missing & (column % 1 != 0).to_numpy(), f"'{name}' is not a whole number")
    if "known" in rule:
        unseen = ~column.isin(rule["known"]).to_numpy() & ~missing
        _write(detail, unseen, f"'{name}' holds a value never seen in training")


def _write(detail: np.ndarray, mask: np.ndarray, sentence: str) -> None:
    detail[mask & (detail == "")] = sentence


def _short(value: object) -> str:
    return f"{value:,.6g}" if isinstance(value, (int, float, np.number)) else str(value)
