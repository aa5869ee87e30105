"""Recipe + dataset → version: the one path that every way in uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from augmentors.balance import Balanced, balance_training_part, thin
from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.plan import Plan, PlanEntry, resolve_target
from augmentors.core.split import Split, make_split
from augmentors.executors import cpu_count
from augmentors.explore.duplicates import duplicate_pairs
from augmentors.explore.rare_ranges import with_ranges
from augmentors.export import Contents, write_version
from augmentors.export.version import identity_in, refuse_other_content
from augmentors.gate import LeakReport, leak_check
from augmentors.protection import allowed
from augmentors.recipe import (
    GateSettings,
    Recipe,
    RecipeSplit,
    RecipeUnlabelled,
    WhenNotApplicable,
    check_selectors,
    data_of,
    given_ranges,
    parse_choices,
    parse_mix,
    resolve,
)
from augmentors.run_notes import grown_too, leaks_told, nothing_made, opaque_made

if TYPE_CHECKING:
    import pandas as pd

    from augmentors.evaluate import Comparison
    from augmentors.evaluate.target_comparison import TargetComparison


@dataclass(frozen=True)
class Version:
    """An immutable result of a run.

    Parameters
    ----------
    path : Path
        Folder with train/, test/, provenance, recipe, report and manifest.
    manifest : dict
    recipe : Recipe
        Resolved.
    notes : tuple of str
        Fallbacks and early stops, in plain words.
    balanced : Balanced
        Kept and rejected samples.
    replaced : str or None
        Short name of the different version that was in the folder before.
    """

    path: Path
    manifest: dict[str, Any]
    recipe: Recipe
    notes: tuple[str, ...]
    balanced: Balanced
    replaced: str | None = None

    @property
    def id(self) -> str:
        """Short name: the start of the manifest's identity."""
        return _short_name(self.manifest["identity"])


def _short_name(identity: str) -> str:
    return identity[:12]


def split_dataset(dataset: Dataset, settings: RecipeSplit | None = None, job: Job = NO_JOB) -> Split:
    """Make the split: stratified; groups, duplicates and near-duplicates stay on one side.

    Parameters
    ----------
    dataset : Dataset
    settings : RecipeSplit, optional
        Test share, folds, seed, whether near-duplicates count.
    """
    chosen = settings or RecipeSplit()
    pairs = duplicate_pairs(dataset, near=chosen.near_duplicates, job=job)
    return make_split(
        dataset,
        test_size=chosen.test_size,
        n_folds=chosen.folds,
        seed=chosen.seed,
        duplicate_pairs=[(pair.a, pair.b) for pair in pairs],
    )


def make_recipe(
    augmenters: list[str] | str,
    *,
    target: str = "auto",
    params: dict[str, dict[str, Any]] | None = None,
    seed: int = 0,
    gate: GateSettings | None = None,
    split: RecipeSplit | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    when_not_applicable: WhenNotApplicable = "stop",
    protected: Mapping[str, Sequence[str]] | None = None,
) -> Recipe:
    """Return a recipe that brings every class to a target with equal shares of some augmenters.

    Parameters
    ----------
    augmenters : str or list of str
        Keys of the catalogue.
    target : str
        ``auto``, ``majority``, ``median``, ``ratio:R`` or ``count:N``.
    params : dict of str to dict, optional
        Parameters by key of an augmenter or selector.
    before, after : sequence of str
        Keys of selectors that run before new samples are made, and over originals and new ones after.
    when_not_applicable : {"stop", "skip", "repeat"}
        What happens to a class that its augmenters cannot work on.
    protected : mapping of str to sequence of str, optional
        By class, augmenters or operators (``flip``, ``flip.VerticalFlip``) that its samples are not made with.
    """
    resolve_target(target, {"any": 1})  # a wrong form is told here, not when it is run
    keys = [augmenters] if isinstance(augmenters, str) else list(augmenters)
    selectors, given = {*before, *after}, params or {}
    mix = parse_mix(keys, {key: value for key, value in given.items() if key not in selectors})
    return Recipe(
        seed=seed,
        plan=Plan(target=target, mix=mix, protected={name: tuple(of) for name, of in (protected or {}).items()}),
        gate=gate or GateSettings(),
        split=split or RecipeSplit(),
        before=parse_choices(before, given),
        after=parse_choices(after, given),
        when_not_applicable=when_not_applicable,
    )


def retargeted(dataset: Dataset, split: Split, recipe: Recipe, target: str) -> Recipe:
    """Return a recipe that aims at another target, each class with the mix it has.

    A class without a mix of its own takes the plan's; where the plan has none it stays as it is.
    """
    plan = recipe.plan
    if plan.mix and all(entry.mix == plan.mix for entry in plan.entries):
        return recipe.model_copy(update={"plan": Plan(target=target, mix=plan.mix, protected=plan.protected)})
    dataset = with_ranges(dataset, split, given_ranges(recipe))
    counts = thin(dataset.take(split.train), recipe).train.class_counts
    wanted, mixes = resolve_target(target, counts).wanted, {entry.target: entry.mix for entry in plan.entries}
    mixes = {name: mixes.get(name) or allowed(plan.mix, plan.protected.get(name, ())) for name in sorted(counts)}
    entries = tuple(
        PlanEntry(target=name, count=wanted[name] - counts[name], mix=mix) for name, mix in mixes.items() if mix
    )
    changed = plan.model_copy(update={"target": target, "entries": entries})
    return recipe.model_copy(update={"plan": changed})


def default_workers(kind: str) -> int:
    """Tables are vectorised in one process; texts and images use every processor."""
    return 1 if kind == "table" else cpu_count()


def balance(
    dataset: Dataset,
    split: Split,
    recipe: Recipe,
    out: Path | str,
    *,
    workers: int = 1,
    job: Job = NO_JOB,
    work: Path | None = None,
) -> Version:
    """Make the balanced dataset of a recipe and write it as a version.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Frozen; only its training part reaches augmenters and gate.
    recipe : Recipe
    out : Path
        Folder to write: new, empty or an earlier export.
    workers : int
        Processes, 1 to 256; the result does not depend on it. With more than
        one, a script must guard its start by ``if __name__ == "__main__":``.
    work : Path, optional
        Where finished blocks are kept so that a broken-off run resumes.

    Raises
    ------
    UserError
        When the recipe does not fit the dataset or `out` cannot be written.
    """
    out = Path(out)
    refuse_other_content(out)
    earlier = identity_in(out)
    if not 1 <= workers <= 256:
        raise UserError(f"The number of workers must be between 1 and 256; got {workers}.")
    dataset = with_ranges(dataset, split, given_ranges(recipe))
    train, test = dataset.take(split.train), dataset.take(split.test)
    check_selectors(recipe, dataset.kind)
    _refuse_selectors(recipe, dataset)
    thinned = thin(train, recipe, job.part(0.0, 0.05))
    resolved = resolve(recipe, dataset, split, thinned.train)
    balanced = balance_training_part(
        train, resolved, workers=workers, job=job.part(0.05, 0.85), keep_in=work, thinned=thinned
    )
    balanced, leaks = drop_leaks(balanced, train, test, resolved)
    ranges = dataset.schema.ranges
    notes = [
        *([ranges.sentence] if ranges is not None else []),
        *split.notes,
        *opaque_made(train, balanced),
        *nothing_made(resolved, thinned.train, balanced),
        *leaks_told(balanced, leaks),
        *grown_too(dataset, balanced),
    ]
    contents = Contents(dataset, split, resolved, balanced, leaks, extra_notes=notes)
    manifest = write_version(out, contents, job.part(0.87, 1.0))
    replaced = None if earlier in (None, manifest["identity"]) else _short_name(str(earlier))
    return Version(out, manifest, resolved, tuple(dict.fromkeys([*balanced.notes, *notes])), balanced, replaced)


def _refuse_selectors(recipe: Recipe, dataset: Dataset) -> None:
    """Raise UserError where selectors, which drop samples of a class, meet samples of several."""
    chosen = [*recipe.before, *recipe.after]
    if dataset.schema.task == "multilabel" and chosen:
        raise UserError(
            f"'{chosen[0].selector}' drops samples of a class; a sample here carries several labels.", "Leave it out."
        )


def drop_leaks(balanced: Balanced, train: Dataset, test: Dataset, recipe: Recipe) -> tuple[Balanced, LeakReport]:
    """Drop accepted samples that copy a test sample: the one look at the test part, at the very end."""
    kept = balanced.kept
    if kept is None or not recipe.gate.leak_check:
        return balanced, LeakReport(0, 0, ())
    samples = kept.samples
    mask, report = leak_check(samples, train, test, kept.looks)
    if mask.all():
        return balanced, report
    for target in samples.certificate["target"][~mask]:
        balanced.tallies[target].kept -= 1
        balanced.tallies[target].rejected["leak_check"] += 1
    left = kept.take(np.flatnonzero(mask)) if mask.any() else None
    return replace(balanced, kept=left), report


def with_reading(recipe: Recipe, loaded: Any, unlabelled: RecipeUnlabelled | None = None) -> Recipe:
    """Return the recipe with the choices made when the files were read, so that they read the same again."""
    understood = loaded.understood
    data = data_of(
        loaded.dataset,
        understood.delimiter,
        understood.encoding,
        understood.decimal,
        understood.merge_spellings,
    ).model_copy(update={"unlabelled": unlabelled})
    if recipe.data is not None and data.ranges is None and loaded.dataset.schema.cuts is None:
        data = data.model_copy(update={"ranges": recipe.data.ranges})
    return recipe.model_copy(update={"data": data})


def compare_version(
    dataset: Dataset,
    split: Split,
    path: Path,
    *,
    learners: list[str] | None = None,
    repeats: int = 2,
    workers: int = 1,
    job: Job = NO_JOB,
    free: list[str] | None = None,
    keep_in: Path | None = None,
    looks: Path | None = None,
) -> "Comparison | TargetComparison":
    """Compare models before and after the version in a folder, beside the free alternatives.

    Finished fits are kept in `keep_in` and looked for there. The look at the test part is counted in the file `looks`,
    or for this machine.
    """
    from augmentors.evaluate import compare
    from augmentors.evaluate.looks import counted, machine_looks
    from augmentors.evaluate.target_compare import compare_targets
    from augmentors.evaluate.version_arm import recipe_of_version, version_arm

    made_by = recipe_of_version(path)
    dataset = with_ranges(dataset, split, given_ranges(made_by))
    arm = version_arm("augmented", path, dataset, split.n_folds * repeats, "The recipe")
    counts = looks or machine_looks(dataset.fingerprint, split)
    settings: dict[str, Any] = {"learners": learners, "repeats": repeats, "workers": workers, "job": job}
    if dataset.schema.task != "classification":
        return counted(compare_targets(dataset, split, [arm], **settings, free=free, keep_in=keep_in), counts)
    return counted(compare(dataset, split, [arm], **settings, free=free, keep_in=keep_in), counts)


def compare_recipes(
    dataset: Dataset,
    split: Split,
    recipes: dict[str, Recipe],
    *,
    scratch: Path,
    learners: list[str] | None = None,
    repeats: int = 2,
    workers: int = 1,
    job: Job = NO_JOB,
    free: list[str] | None = None,
    costs: "pd.DataFrame | None" = None,
    keep_in: Path | None = None,
) -> "Comparison | TargetComparison":
    """Compare models trained plain, by the free alternatives and with the new samples of each recipe.

    The look at the test part is counted for this machine.

    Parameters
    ----------
    recipes : dict of str to Recipe
        By the name that the arm gets.
    scratch : Path
        Folder for versions, where they are needed.
    free : list of str, optional
        Keys of the free alternatives; all when left out.
    costs : DataFrame, optional
        What it costs to decide for the column's class when the row's is true.
    keep_in : Path, optional
        Folder where finished fits are kept and looked for.
    """
    from augmentors.evaluate import compare
    from augmentors.evaluate.looks import counted, machine_looks
    from augmentors.evaluate.target_compare import compare_targets
    from augmentors.evaluate.version_arm import recipe_arm, version_arm

    first = next(iter(recipes.values()), None)
    dataset = with_ranges(dataset, split, given_ranges(first))
    arms, fits = [], split.n_folds * repeats
    for i, (name, recipe) in enumerate(recipes.items()):
        check_selectors(recipe, dataset.kind)
        thinned = thin(dataset.take(split.train), recipe).train
        arm = recipe_arm(name, resolve(recipe, dataset, split, thinned), dataset.kind, fits)
        if arm is None:
            part = job.part(0.2 * i / len(recipes), 0.2 * (i + 1) / len(recipes))
            version = balance(dataset, split, recipe, scratch / f"version-{i}", workers=workers, job=part)
            arm = version_arm(name, version.path, dataset, fits)
        arms.append(arm)
    rest = job.part(0.2, 1.0) if any(arm.samples is not None for arm in arms) else job
    counts = machine_looks(dataset.fingerprint, split)
    settings: dict[str, Any] = {"learners": learners, "repeats": repeats, "workers": workers, "job": rest}
    if dataset.schema.task != "classification":
        if costs is not None:
            task = dataset.schema.task
            raise UserError(f"Costs are for classes; the task here is {task}.", "Leave the cost matrix out.")
        return counted(compare_targets(dataset, split, arms, **settings, free=free, keep_in=keep_in), counts)
    return counted(compare(dataset, split, arms, **settings, free=free, costs=costs, keep_in=keep_in), counts)


def summary(version: Version) -> list[str]:
    """Return what a run did, a line per class that got new samples or lost some, and what to know before training."""
    counts, gate, lines = version.manifest["counts"], version.manifest["gate"], []
    for name, before in counts["before"].items():
        dropped = sum(by_class.get(name, 0) for by_class in version.manifest["dropped"].values())
        said = [f"{dropped:,} dropped"] if dropped else []
        if name in gate:
            tally = gate[name]
            said += [f"{tally['kept']:,} new kept", f"{tally['made'] - tally['kept']:,} rejected"]
        if said:
            lines.append(f"{name}: {before:,} → {counts['after'][name]:,} ({', '.join(said)})")
    return [*lines, *version.manifest["warnings"]]
