"""One small run per kind whose manifest must never change unnoticed."""

from pathlib import Path
from typing import Any

from augmentors.ingest import load
from augmentors.run import balance, make_recipe, split_dataset, with_reading

FOLDER = Path(__file__).parent
SAMPLES = FOLDER.parents[1] / "assets" / "samples"
CASES: dict[str, tuple[str, list[str], str]] = {
    "table": ("lending.csv", ["smotenc", "smote", "random_oversampling"], "count:230"),
    "text": ("spam.jsonl", ["synonym_replacement", "random_swap", "keyboard_typos", "spelling_mistakes"], "count:125"),
    "regression": ("lending.csv", ["smogn", "smote", "random_oversampling"], "ratio:0.2"),
    "image": ("fashion.zip", ["rotate", "affine", "noise", "cutout"], "count:40"),
}
# How a file is read, where that is not guessed.
READING: dict[str, dict[str, Any]] = {"regression": {"label": "annual_income", "task": "regression"}}
# These name the machine, not the work.
NOT_COMPARED = ("versions",)


def manifest_of(kind: str, scratch: Path, workers: int = 1) -> dict[str, Any]:
    """Return the manifest of a kind's run."""
    file, keys, target = CASES[kind]
    loaded = load(SAMPLES / file, workdir=scratch / "files", **READING.get(kind, {}))
    recipe = with_reading(make_recipe(keys, target=target, seed=11), loaded)
    split = split_dataset(loaded.dataset, recipe.split)
    manifest = dict(balance(loaded.dataset, split, recipe, scratch / "out", workers=workers).manifest)
    return {name: value for name, value in manifest.items() if name not in NOT_COMPARED}
