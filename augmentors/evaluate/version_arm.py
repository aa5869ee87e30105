"""Versions and recipes as arms of a comparison: made anew in every fold, or taken over as they are."""

from pathlib import Path

import pandas as pd

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


def version_arm(name: str, path: Path, dataset: Dataset, fits: int, title: str = "") -> AugmentedArm:
    """Return an arm for the version in a folder.

    Parameters
    ----------
    path : Path
        Holds provenance and the resolved recipe.
    fits : int
        Folds times repeats.
    title : str
        For people; the name when empty.

    Raises
    ------
    UserError
        When the folder is not a version of this dataset.
    """
    samples, dropped, recipe = read_synthetic(path, dataset), read_dropped(path), recipe_of_version(path)
    if recipe is None or not (len(samples) or dropped):
        return AugmentedArm(name, samples, title, dropped=dropped)
    alone = has_one_parent_each(samples) and not dropped and not learns(recipe)
    why_not = "each has one parent, so the others are what the recipe makes of a fold"
    if dataset.kind == "table" or not alone:
        why_not = why_not_anew(recipe, dataset.kind, fits) or ""
    if not why_not:
        return AugmentedArm(name, samples, title, recipe=recipe)
    return AugmentedArm(name, samples, title, dropped=dropped, why_kept=why_not)


def recipe_of_version(path: Path) -> Recipe | None:
    """Return the resolved recipe of a version; None where it holds none."""
    file = Path(path) / "recipe.yaml"
    return from_yaml(file.read_text(encoding="utf-8")) if file.is_file() else None


def read_dropped(path: Path) -> frozenset[str]:
    """Return the ids of originals that the selectors of a version dropped."""
    file = Path(path) / "dropped.parquet"
    return frozenset(pd.read_parquet(file)["sample_id"].astype(str)) if file.is_file() else frozenset()


def has_one_parent_each(samples: Samples) -> bool:
    """Whether every sample was made from one original: dropping some leaves the others as a fold would make them."""
    return bool(((samples.parents != "").sum(axis=1) == 1).all())
