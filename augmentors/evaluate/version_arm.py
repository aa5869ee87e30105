"""Versions and recipes as arms of a comparison: made anew in every fold, or taken over as they are."""

from pathlib import Path

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.evaluate.arms import AugmentedArm
from augmentors.evaluate.from_version import read_synthetic
from augmentors.evaluate.regenerate import learns, why_not_anew
from augmentors.recipe import Recipe, from_yaml


def recipe_arm(name: str, recipe: Recipe, kind: str, fits: int) -> AugmentedArm | None:
    """Return an arm for a recipe that needs no version, or None when it needs one.

    New rows are cheap and most have several parents: a table's recipe is
    carried out in every fold unless that is too dear.

    Parameters
    ----------
    recipe : Recipe
        Resolved.
    kind : {"table", "text", "image"}
    fits : int
        Folds times repeats.
    """
    if kind != "table" or why_not_anew(recipe, kind, fits) is not None:
        return None
    return AugmentedArm(name, recipe=recipe)


def version_arm(name: str, path: Path, dataset: Dataset, fits: int) -> AugmentedArm:
    """Return an arm for the version in a folder.

    Parameters
    ----------
    path : Path
        Holds provenance and the resolved recipe.
    fits : int
        Folds times repeats.

    Raises
    ------
    UserError
        When the folder is not a version of this dataset.
    """
    samples = read_synthetic(path, dataset)
    recipe_file = Path(path) / "recipe.yaml"
    if not len(samples) or not recipe_file.is_file():
        return AugmentedArm(name, samples)
    recipe = from_yaml(recipe_file.read_text(encoding="utf-8"))
    if dataset.kind != "table" and has_one_parent_each(samples) and not learns(recipe):
        return AugmentedArm(
            name, samples, why_kept="each has one parent, so the others are what the recipe makes of a fold"
        )
    why_not = why_not_anew(recipe, dataset.kind, fits)
    if why_not is None:
        return AugmentedArm(name, samples, recipe=recipe)
    return AugmentedArm(name, samples, why_kept=why_not)


def has_one_parent_each(samples: Samples) -> bool:
    """Whether every sample was made from one original: dropping some leaves the others as a fold would make them."""
    return bool(((samples.parents != "").sum(axis=1) == 1).all())
