"""How many new samples each class gets, and from which augmenters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from augmentors.core.errors import UserError
from augmentors.core.kinds import TARGET_FORMS

AUTO_SHARE, AUTO_GROWTH = 0.5, 10


class MixPart(BaseModel):
    """One augmenter of a class's mix and its share of the new samples."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    augmenter: str
    share: float = Field(1.0, gt=0, le=1_000_000)
    params: dict[str, Any] = Field(default_factory=dict)


class PlanEntry(BaseModel):
    """What one class gets."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    target: str
    count: int = Field(ge=0, le=50_000_000)
    mix: tuple[MixPart, ...]

    def counts_by_part(self) -> list[int]:
        """Split `count` over the mix by largest remainder; ties go to the earlier part."""
        total = sum(part.share for part in self.mix)
        exact = [self.count * part.share / total for part in self.mix]
        counts = [int(value) for value in exact]
        by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
        for i in by_remainder[: self.count - sum(counts)]:
            counts[i] += 1
        return counts


Protected = dict[str, tuple[str, ...]]


class Plan(BaseModel):
    """The plan of a recipe: one entry per class that gets new samples.

    A plan without entries is completed from `target` and `mix` once the
    training part is known. `protected` names, by class, the augmenters
    (``flip``) or operators (``flip.VerticalFlip``) that would change what the
    class means; its mix may not hold them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    target: str = "auto"
    mix: tuple[MixPart, ...] = ()
    entries: tuple[PlanEntry, ...] = ()
    protected: Protected = Field(default_factory=dict)

    @model_serializer(mode="wrap")
    def _short(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave `protected` out where nothing is, as recipes did before it came."""
        document: dict[str, Any] = dump(self)
        if not document.get("protected"):
            document.pop("protected", None)
        return document


@dataclass(frozen=True)
class Targets:
    """Wanted count per class and why, in one sentence."""

    wanted: dict[str, int]
    reason: str


def resolve_target(spec: str, counts: Mapping[str, int]) -> Targets:
    """Return the wanted count of each class; never below what it has.

    Parameters
    ----------
    spec : str
        ``auto``, ``majority``, ``median``, ``ratio:R`` or ``count:N``.
    counts : mapping of str to int
        Training samples per class.

    Raises
    ------
    UserError
        When the spec is none of these forms.

    Examples
    --------
    >>> resolve_target("auto", {"ok": 1000, "rust": 20}).wanted
    {'ok': 1000, 'rust': 200}
    """
    largest = max(counts.values())
    form, _, argument = spec.partition(":")
    if form == "auto" and not argument:
        wanted = {c: min(int(AUTO_SHARE * largest), AUTO_GROWTH * n) for c, n in counts.items()}
        reason = (
            f"auto: half of the largest class ({largest // 2:,}), at most ten times a class's own count, because "
            "going all the way to 1:1 mostly adds near-copies and rarely adds skill"
        )
    elif form == "majority" and not argument:
        wanted, reason = (
            dict.fromkeys(counts, largest),
            f"majority: every class up to the largest ({largest:,})",
        )
    elif form == "median" and not argument:
        middle = int(median(counts.values()))
        wanted, reason = (
            dict.fromkeys(counts, middle),
            f"median: every class up to the median class ({middle:,})",
        )
    elif form == "ratio":
        ratio = _number(spec, argument, 0, 1)
        goal = int(ratio * largest)
        wanted, reason = (
            dict.fromkeys(counts, goal),
            f"ratio: every class up to {ratio:g} of the largest ({goal:,})",
        )
    elif form == "count":
        goal = int(_number(spec, argument, 0, 50_000_000, whole=True))
        wanted, reason = dict.fromkeys(counts, goal), f"count: every class up to {goal:,} samples"
    else:
        raise UserError(f"The target must be {TARGET_FORMS}; got '{spec}'.")
    return Targets({c: max(n, wanted[c]) for c, n in counts.items()}, reason)


def plan_from_target(spec: str, counts: Mapping[str, int], mix: tuple[MixPart, ...]) -> Plan:
    """Return a plan that brings every class to the target with the same mix."""
    wanted = resolve_target(spec, counts).wanted
    missing = {c: wanted[c] - n for c, n in counts.items() if wanted[c] > n}
    entries = tuple(PlanEntry(target=c, count=n, mix=mix) for c, n in sorted(missing.items()))
    return Plan(target=spec, mix=mix, entries=entries)


def _number(spec: str, argument: str, low: float, high: float, whole: bool = False) -> float:
    pattern = r"\d+" if whole else r"\d*\.?\d+"
    if not re.fullmatch(pattern, argument) or not low < float(argument) <= high:
        raise UserError(f"The target must be {TARGET_FORMS}; got '{spec}'.")
    return float(argument)
