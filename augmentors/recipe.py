"""YAML ⇄ recipe: the unit of reproduction, data only (no paths, addresses or code)."""

import itertools
from collections.abc import Sequence
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from augmentors import catalog
from augmentors.core.augmenter import Need, explain_invalid
from augmentors.core.dataset import ColumnType, Dataset
from augmentors.core.errors import UserError
from augmentors.core.kinds import WHEN_NOT_APPLICABLE, Kind, Stage, Task, WhenNotApplicable
from augmentors.core.plan import MixPart, Plan, PlanEntry, plan_from_target, resolve_target
from augmentors.core.ranges import Ranges, RangesRule
from augmentors.core.seeds import digest
from augmentors.core.split import Split
from augmentors.protection import canonical, check_plan, without_protected

SEED_LIMIT = 2**53


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecipeRanges(_Part):
    """The ranges of a numeric target, as they were frozen with the split; see `core.ranges.Ranges`."""

    cuts: tuple[float, ...]
    rare: tuple[bool, ...]
    rule: RangesRule
    relevance: tuple[tuple[float, float], ...] = ()

    @model_validator(mode="after")
    def _fit_together(self) -> "RecipeRanges":
        if len(self.rare) != len(self.cuts) + 1:
            raise ValueError(f"{len(self.cuts)} cuts make {len(self.cuts) + 1} ranges, but rare has {len(self.rare)}")
        rising = all(a < b for a, b in zip(self.cuts, self.cuts[1:], strict=False))
        points = [at for at, _ in self.relevance]
        if not rising or any(a >= b for a, b in itertools.pairwise(points)) or len(points) == 1:
            raise ValueError("cuts and relevance must ascend")
        return self

    def of(self, target: str) -> Ranges:
        """Return them as the ranges of a target."""
        return Ranges(target, self.cuts, self.rare, self.rule, self.relevance)


class RecipeUnlabelled(_Part):
    """The unlabelled samples beside a dataset, how they were read, and which ones a reviewer rejected."""

    fingerprint: str
    delimiter: str | None = None
    encoding: str | None = None
    rejected: tuple[str, ...] = ()


class RecipeData(_Part):
    """The dataset and the choices made at ingest."""

    fingerprint: str
    kind: Kind
    label: str
    text: str | None = None
    group: str | None = None
    types: dict[str, ColumnType] = Field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    # Left out unless chosen, so that recipes without the choice keep their hash.
    decimal: Literal[".", ","] | None = Field(None, exclude_if=lambda sign: sign is None)
    merge_spellings: bool = Field(False, exclude_if=lambda merge: not merge)
    task: Task = Field("classification", exclude_if=lambda task: task == "classification")
    ranges: RecipeRanges | None = Field(None, exclude_if=lambda ranges: ranges is None)
    # Named where the plan uses it alone: nothing else depends on it.
    unlabelled: RecipeUnlabelled | None = Field(None, exclude_if=lambda data: data is None)


class RecipeSplit(_Part):
    """How the split is made, and the hash of what came out."""

    test_size: float = Field(0.2, ge=0.05, le=0.5)
    folds: int = Field(5, ge=2, le=10)
    seed: int = Field(0, ge=0, lt=SEED_LIMIT)
    near_duplicates: bool = Field(True, description="keep near-duplicates on one side, not only exact ones")
    hash: str | None = None


class GateSettings(_Part):
    """Which checks judge new samples."""

    copies: bool = Field(True, description="reject exact or near copies of real training samples and of each other")
    ranges: bool = Field(True, description="reject values outside the schema and the range seen in training")
    constraints: bool = Field(True, description="reject rows that break a rule which all training rows obey (a ≤ b …)")
    leak_check: bool = Field(True, description="at the very end, drop copies of test samples")
    range_margin: float = Field(0.0, ge=0.0, le=1.0, description="tolerated overshoot, as a share of the seen range")

    @staticmethod
    def off() -> "GateSettings":
        """No check but the last one, `leak_check`, which is always honest to keep."""
        return GateSettings(copies=False, ranges=False, constraints=False, leak_check=True)


class SelectorChoice(_Part):
    """A selector and its parameters."""

    selector: str
    params: dict[str, Any] = Field(default_factory=dict)


class Recipe(_Part):
    """Everything needed to make the same bytes again."""

    counterweight: Literal[1] = 1
    seed: int = Field(0, ge=0, lt=SEED_LIMIT)
    data: RecipeData | None = None
    split: RecipeSplit = RecipeSplit()
    before: tuple[SelectorChoice, ...] = Field((), max_length=8, description="selectors run before samples are made")
    plan: Plan
    when_not_applicable: WhenNotApplicable = Field(
        "stop", description="what to do for a class that its augmenters cannot work on"
    )
    gate: GateSettings = GateSettings()
    after: tuple[SelectorChoice, ...] = Field((), max_length=8, description="selectors run over originals and new")
    notes: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Hash of the recipe without its notes, which are comments; fields added later count once they are used."""
        facts = self.model_dump(mode="json", exclude={"notes"})
        added = {"before": [], "after": [], "when_not_applicable": "stop"}
        return digest({name: value for name, value in facts.items() if added.get(name) != value})


def to_yaml(recipe: Recipe) -> str:
    """Return the recipe as YAML, in reading order."""
    document = recipe.model_dump(mode="json", exclude_none=True)
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Writes texts with Unicode's own line breaks in double quotes: elsewhere YAML reads them back as others."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if any(mark in value for mark in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def from_yaml(text: str) -> Recipe:
    """Return the recipe of a YAML document.

    Raises
    ------
    UserError
        When it is not YAML, has unknown fields or invalid values.
    """
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 1}" if where else ""
        raise UserError(f"The recipe is not valid YAML{line}.", "Export it again or correct that line.") from None
    if not isinstance(document, dict):
        raise UserError("The recipe must be a YAML mapping with at least 'plan'; got something else.")
    try:
        recipe = Recipe.model_validate(document)
    except ValidationError as error:
        raise UserError(explain_invalid("the recipe", error, list(Recipe.model_fields))) from None
    return with_full_params(recipe)


def parse_mix(keys: list[str], settings: dict[str, dict[str, Any]] | None = None) -> tuple[MixPart, ...]:
    """Return equal shares of the named augmenters, with their parameters validated and filled in."""
    given = settings or {}
    unused = set(given) - set(keys)
    if unused:
        raise UserError(f"Parameters were set for '{sorted(unused)[0]}', which is not among the augmenters used.")
    return tuple(_full_part(MixPart(augmenter=key, params=given.get(key, {}))) for key in keys)


def with_full_params(recipe: Recipe) -> Recipe:
    """Return the recipe with every parameter written out, so that new defaults never change it."""
    plan = recipe.plan
    chosen = {stage: tuple(_full_choice(c) for c in getattr(recipe, stage)) for stage in ("before", "after")}
    mix = tuple(_full_part(part) for part in plan.mix)
    entries = tuple(e.model_copy(update={"mix": tuple(_full_part(p) for p in e.mix)}) for e in plan.entries)
    return recipe.model_copy(update={"plan": plan.model_copy(update={"mix": mix, "entries": entries}), **chosen})


def uses_unlabelled(recipe: Recipe) -> bool:
    """Whether an augmenter of the plan takes unlabelled samples over."""
    parts = [*recipe.plan.mix, *(part for entry in recipe.plan.entries for part in entry.mix)]
    return any(Need.UNLABELLED in catalog.get(part.augmenter).card.needs for part in parts)


def resolve(recipe: Recipe, dataset: Dataset, split: Split, train: Dataset | None = None) -> Recipe:
    """Return the recipe completed for a dataset and its frozen split.

    Fills in data, split hash and, for a plan without entries, one entry per
    class below the target, counted in `train` (what selectors left of the
    training part; all of it by default).

    Raises
    ------
    UserError
        When the plan has neither entries nor a mix, or names an unknown class.
    """
    train = dataset.take(split.train) if train is None else train
    plan = recipe.plan
    if not plan.entries:
        if not plan.mix:
            raise UserError("The plan is empty: it needs entries, or a target and a mix of augmenters.")
        made = plan_from_target(plan.target, train.class_counts, plan.mix)
        plan = without_protected(made.model_copy(update={"protected": plan.protected}))
    check_plan(plan, train.class_counts)
    _check_entries(plan, train, dataset.kind)
    data = data_of(dataset) if recipe.data is None else _checked_data(recipe.data, dataset)
    data = data.model_copy(update={"unlabelled": _unlabelled_of(recipe, dataset)})
    part = RecipeSplit(
        test_size=split.test_size,
        folds=split.n_folds,
        seed=split.seed,
        near_duplicates=recipe.split.near_duplicates,
        hash=split.hash,
    )
    completed = with_full_params(recipe.model_copy(update={"plan": plan, "data": data, "split": part}))
    return completed.model_copy(update={"plan": canonical(completed.plan)})


def data_of(
    dataset: Dataset,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    merge_spellings: bool = False,
) -> RecipeData:
    """Return the data part of a recipe for a dataset."""
    schema = dataset.schema
    return RecipeData(
        fingerprint=dataset.fingerprint,
        kind=dataset.kind,
        label=schema.label,
        text=schema.text,
        group=schema.group,
        types=schema.types,
        delimiter=delimiter,
        encoding=encoding,
        decimal=decimal,
        merge_spellings=merge_spellings,
        task=schema.task,
        ranges=None if schema.ranges is None else recipe_ranges(schema.ranges),
    )


def recipe_ranges(ranges: Ranges) -> RecipeRanges:
    """Return ranges as a recipe holds them."""
    return RecipeRanges(cuts=ranges.cuts, rare=ranges.rare, rule=ranges.rule, relevance=ranges.relevance)


def given_ranges(recipe: Recipe | None) -> Ranges | None:
    """Return the ranges of the target that a recipe holds, or None."""
    if recipe is None or recipe.data is None or recipe.data.ranges is None:
        return None
    return recipe.data.ranges.of(recipe.data.label)


def target_sentence(recipe: Recipe, counts: dict[str, int]) -> str:
    """Return why the plan aims at what it aims at, in one sentence."""
    if recipe.plan.target == "custom":
        return "custom: counts chosen class by class"
    return resolve_target(recipe.plan.target, counts).reason


def _checked_data(data: RecipeData, dataset: Dataset) -> RecipeData:
    if data.kind != dataset.kind:
        raise UserError(
            f"The recipe is for {data.kind} data; this dataset is of kind {dataset.kind}.",
            "Use it with the data it was made for, or make a new recipe.",
        )
    if data.task != dataset.schema.task:
        raise UserError(
            f"The recipe is for {data.task}; this dataset was read for {dataset.schema.task}.",
            f"Read it with the task {data.task}, or make a new recipe.",
        )
    kept = ("delimiter", "encoding", "decimal", "merge_spellings")
    choices = {name: getattr(data, name) for name in kept}
    return data_of(dataset).model_copy(update=choices)


def _unlabelled_of(recipe: Recipe, dataset: Dataset) -> RecipeUnlabelled | None:
    if dataset.unlabelled is None or not uses_unlabelled(recipe):
        return None
    known = recipe.data.unlabelled if recipe.data is not None else None
    fingerprint = dataset.unlabelled.fingerprint
    return known.model_copy(update={"fingerprint": fingerprint}) if known else RecipeUnlabelled(fingerprint=fingerprint)


def _check_entries(plan: Plan, train: Dataset, kind: Kind) -> None:
    seen: set[str] = set()
    for entry in plan.entries:
        if entry.target not in train.class_counts:
            known = ", ".join(f"'{name}'" for name in list(train.class_counts)[:8])
            raise UserError(
                f"The plan names class '{entry.target}', which is not in the training part; its classes are: {known}."
            )
        if entry.target in seen:
            raise UserError(f"The plan has two entries for class '{entry.target}'; expected one per class.")
        seen.add(entry.target)
        if entry.count and not entry.mix:
            raise UserError(f"The plan asks for {entry.count:,} samples of '{entry.target}' but names no augmenter.")
        for part in entry.mix:
            card = catalog.get(part.augmenter).card
            if card.kind != kind:
                raise UserError(f"{card.title} makes {card.kind} samples; this dataset is of kind {kind}.")


def check_selectors(recipe: Recipe, kind: Kind) -> None:
    """Raise UserError unless the recipe's selectors fit their stage and the kind of data."""
    stages: tuple[Stage, ...] = ("before", "after")
    for stage in stages:
        for choice in getattr(recipe, stage):
            card = catalog.get_selector(choice.selector).card
            if stage not in card.stages:
                raise UserError(
                    f"{card.title} cannot run {stage} new samples are made.", f"Name it under '{card.stages[0]}'."
                )
            if kind not in card.kinds:
                raise UserError(
                    f"{card.title} selects {' or '.join(card.kinds)} samples; this dataset is of kind {kind}."
                )


def parse_choices(keys: Sequence[str], settings: dict[str, dict[str, Any]]) -> tuple[SelectorChoice, ...]:
    """Return the named selectors with their parameters validated and filled in."""
    return tuple(_full_choice(SelectorChoice(selector=key, params=settings.get(key, {}))) for key in keys)


def _full_choice(choice: SelectorChoice) -> SelectorChoice:
    selector = catalog.get_selector(choice.selector)(**choice.params)
    return choice.model_copy(update={"params": selector.entry["params"]})


def _full_part(part: MixPart) -> MixPart:
    augmenter = catalog.get(part.augmenter)(**part.params)
    return part.model_copy(update={"params": augmenter.entry["params"]})


__all__ = [
    "WHEN_NOT_APPLICABLE",
    "GateSettings",
    "MixPart",
    "Plan",
    "PlanEntry",
    "Recipe",
    "RecipeData",
    "RecipeSplit",
    "RecipeUnlabelled",
    "SelectorChoice",
    "WhenNotApplicable",
    "check_selectors",
    "data_of",
    "from_yaml",
    "parse_choices",
    "parse_mix",
    "resolve",
    "target_sentence",
    "to_yaml",
    "uses_unlabelled",
    "with_full_params",
]
