"""One small run per kind whose manifest must never change unnoticed."""

import csv
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
    "multilabel": ("lending.csv", ["mlsmote", "random_oversampling"], "ratio:0.7"),
    "image": ("fashion.zip", ["rotate", "affine", "noise", "cutout"], "count:40"),
}
# How a file is read, where that is not guessed.
READING: dict[str, dict[str, Any]] = {
    "regression": {"label": "annual_income", "task": "regression"},
    "multilabel": {"label": "flags", "task": "multilabel"},
}
# These name the machine, not the work.
NOT_COMPARED = ("versions",)


def with_flags(path: Path, scratch: Path) -> Path:
    """Write the loans with a column of sets made of some of their own columns, which are left out."""
    made = scratch / "loans.csv"
    with path.open(encoding="utf-8", newline="") as file, made.open("w", encoding="utf-8", newline="") as out:
        rows = list(csv.DictReader(file))
        used = ("interest_rate", "inq_last_6mths", "delinq_2yrs", "sub_grade", "outcome")
        writer = csv.DictWriter(out, [*(name for name in rows[0] if name not in used), "flags"], extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            flags = {
                "high_rate": float(row["interest_rate"]) > 18,
                "recent_inquiry": int(row["inq_last_6mths"]) > 2,
                "late": int(row["delinq_2yrs"]) > 0,
            }
            writer.writerow(row | {"flags": "|".join(name for name, has in flags.items() if has)})
    return made


def manifest_of(kind: str, scratch: Path, workers: int = 1) -> dict[str, Any]:
    """Return the manifest of a kind's run."""
    file, keys, target = CASES[kind]
    path = with_flags(SAMPLES / file, scratch) if kind == "multilabel" else SAMPLES / file
    loaded = load(path, workdir=scratch / "files", **READING.get(kind, {}))
    recipe = with_reading(make_recipe(keys, target=target, seed=11), loaded)
    split = split_dataset(loaded.dataset, recipe.split)
    manifest = dict(balance(loaded.dataset, split, recipe, scratch / "out", workers=workers).manifest)
    return {name: value for name, value in manifest.items() if name not in NOT_COMPARED}
