"""A plan while it is being made: targets and mixes per class, kept as plain JSON until it becomes a recipe."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from augmentors import catalog
from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.plan import MixPart, Plan, PlanEntry, Protected, resolve_target
from augmentors.protection import allowed
from augmentors.recipe import (
    GateSettings,
    Recipe,
    RecipeData,
    RecipeSplit,
    SelectorChoice,
    WhenNotApplicable,
    with_full_params,
)
from augmentors.suitability import default_mix

CUSTOM = "custom"
CUSTOM_REASON = "custom: counts chosen class by class"


class PlanDraft(BaseModel):
    """What the plan screen edits.

    Parameters
    ----------
    target : str
        A target of `resolve_target`, or ``custom``.
    wanted : dict of str to int
        Wanted samples per class, for ``custom``; a class left out keeps its own count.
    mix : dict of str to tuple of MixPart
        Augmenters per class with their shares.
    seed : int
    gate : GateSettings
    before, after : tuple of SelectorChoice
        What is thinned out before new samples are made, and cleaned after.
    when_not_applicable : {"stop", "skip", "repeat"}
    protected : dict of str to tuple of str
        Per class, augmenters or operators that its samples are not made with.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    target: str = "auto"
    wanted: dict[str, int] = Field(default_factory=dict)
    mix: dict[str, tuple[MixPart, ...]] = Field(default_factory=dict)
    seed: int = Field(0, ge=0, lt=2**53)
    gate: GateSettings = GateSettings()
    before: tuple[SelectorChoice, ...] = ()
    after: tuple[SelectorChoice, ...] = ()
    when_not_applicable: WhenNotApplicable = "stop"
    protected: Protected = Field(default_factory=dict)

    @classmethod
    def from_note(cls, note: dict[str, Any] | None) -> Self:
        """Return the draft kept in a workspace; an empty one when there is none or it is of another version."""
        try:
            return cls.model_validate(note or {})
        except ValidationError:
            return cls()

    def thinned(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return what thinning out leaves of each class, as far as that can be told beforehand."""
        left = dict(counts)
        for choice in self.before:
            left = catalog.get_selector(choice.selector)(**choice.params).expected(left)
        return left

    def wanted_counts(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return the wanted count of every class, never below what it has."""
        if self.target == CUSTOM:
            return {name: max(n, self.wanted.get(name, n)) for name, n in counts.items()}
        left = self.thinned(counts)
        wanted = resolve_target(self.target, left).wanted
        return {name: n + wanted[name] - left[name] for name, n in counts.items()}

    def reason(self, counts: Mapping[str, int]) -> str:
        """Return why the plan aims at this, in one sentence."""
        return CUSTOM_REASON if self.target == CUSTOM else resolve_target(self.target, self.thinned(counts)).reason

    def entries(self, counts: Mapping[str, int]) -> tuple[PlanEntry, ...]:
        """Return one plan entry per class that gets new samples, by name."""
        wanted = self.wanted_counts(counts)
        return tuple(
            PlanEntry(target=name, count=wanted[name] - n, mix=self.mix.get(name, ()))
            for name, n in sorted(counts.items())
            if wanted[name] > n
        )

    def with_target(self, target: str) -> Self:
        """Return the draft with a preset; counts chosen by hand are forgotten."""
        return self.model_copy(update={"target": target, "wanted": {}})

    def with_wanted(self, counts: Mapping[str, int], name: str, wanted: int) -> Self:
        """Return the draft with one class's count chosen by hand; the other classes stay as they are."""
        every = self.wanted_counts(counts) | {name: max(wanted, counts[name])}
        kept = {n: c for n, c in every.items() if c > counts[n]}
        return self.model_copy(update={"target": CUSTOM, "wanted": kept})

    def with_part(self, name: str, part: MixPart) -> Self:
        """Return the draft with an augmenter in a class's mix; the same one before gives way."""
        others = tuple(p for p in self.mix.get(name, ()) if p.augmenter != part.augmenter)
        return self.with_mix(name, (*others, part))

    def with_mix(self, name: str, mix: tuple[MixPart, ...]) -> Self:
        """Return the draft with another mix for a class."""
        return self.model_copy(update={"mix": self.mix | {name: mix}})

    def with_protected(self, name: str, names: Sequence[str]) -> Self:
        """Return the draft with a class protected from these and no others; its mix loses what it is protected from."""
        protected = {target: of for target, of in self.protected.items() if target != name}
        if names:
            protected[name] = tuple(dict.fromkeys(names))
        draft = self.model_copy(update={"protected": protected})
        return draft.with_mix(name, allowed(self.mix[name], names)) if name in self.mix else draft

    def completed(self, train: Dataset) -> Self:
        """Return the draft in which classes that get samples and have no mix yet have one that suits them."""
        counts = train.class_counts
        lacking = [e.target for e in self.entries(counts) if e.target not in self.mix]
        return self.model_copy(
            update={
                "mix": self.mix | {name: default_mix(train, name, self.protected.get(name, ())) for name in lacking}
            }
        )

    def recipe(self, counts: Mapping[str, int], data: RecipeData, split: RecipeSplit) -> Recipe:
        """Return the recipe of this draft.

        Raises
        ------
        UserError
            When no class gets new samples, or one of them has no augmenter.
        """
        entries = self.entries(counts)
        if not entries:
            raise UserError("The plan makes no new samples.", "Raise the target of at least one class.")
        bare = next((e.target for e in entries if not e.mix), None)
        if bare is not None:
            raise UserError(
                f"'{bare}' is to get new samples but has no augmenter.",
                "Choose one for it, or lower its target to what it has.",
            )
        plan = Plan(target=self.target, entries=entries, protected=self.protected)
        chosen = Recipe(seed=self.seed, data=data, split=split, plan=plan, gate=self.gate)
        return with_full_params(chosen.model_copy(update=_selection(self)))


def _selection(source: PlanDraft | Recipe) -> dict[str, Any]:
    """Return what drafts and recipes hold alike on selectors and on classes that cannot be helped."""
    return {name: getattr(source, name) for name in ("before", "after", "when_not_applicable")}


def draft_of(recipe: Recipe, train: Dataset) -> PlanDraft:
    """Return the draft that a recipe stands for on a training part.

    Raises
    ------
    UserError
        When it names a class or uses augmenters that do not fit this data.
    """
    plan, counts = recipe.plan, train.class_counts
    unknown = next((e.target for e in plan.entries if e.target not in counts), None)
    if unknown is not None:
        raise UserError(
            f"The recipe plans for class '{unknown}', which this training part does not have.",
            "Use it with the data it was made for.",
        )
    for part in [*plan.mix, *(p for e in plan.entries for p in e.mix)]:
        card = catalog.get(part.augmenter).card
        if card.kind != train.kind:
            raise UserError(
                f"The recipe uses {card.title}, which makes {card.kind} samples; this is {train.kind} data."
            )
    if not plan.entries:
        mix = {name: allowed(plan.mix, plan.protected.get(name, ())) for name in counts}
        return PlanDraft(
            target=plan.target,
            mix=mix,
            seed=recipe.seed,
            gate=recipe.gate,
            protected=plan.protected,
            **_selection(recipe),
        )
    draft = PlanDraft(
        target=CUSTOM,
        wanted={e.target: counts[e.target] + e.count for e in plan.entries},
        mix={e.target: e.mix for e in plan.entries},
        seed=recipe.seed,
        gate=recipe.gate,
        **_selection(recipe),
        protected=plan.protected,
    )
    named = None if plan.target == CUSTOM else draft.with_target(plan.target)
    # A preset that gives exactly these counts keeps its name, and so the recipe its hash.
    same = named is not None and named.wanted_counts(counts) == draft.wanted_counts(counts)
    return named if named is not None and same else draft
