"""Checks that an exported folder is what its manifest says and that its parts are disjoint."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from augmentors.core.dataset import UNLABELLED
from augmentors.core.errors import UserError
from augmentors.export.manifest import DROPPED, MANIFEST, REPORT, identity, sha256_of
from augmentors.export.verify_files import copied_file_problems
from augmentors.export.verify_targets import target_problems
from augmentors.recipe import Recipe, from_yaml


@dataclass(frozen=True)
class Verification:
    """Result of `verify`.

    Parameters
    ----------
    problems : list of str
        One sentence each; empty when all is well.
    files, train, test, new : int
        What was checked.
    """

    problems: list[str]
    files: int
    train: int
    test: int
    new: int

    @property
    def ok(self) -> bool:
        """Whether no difference was found."""
        return not self.problems


def verify(folder: Path) -> Verification:
    """Re-hash the files of an export and check that train, test and parents are disjoint as they must be.

    Raises
    ------
    UserError
        When the folder is not an export at all.
    """
    manifest = _read_manifest(folder)
    problems = _file_problems(folder, manifest)
    if problems:
        return Verification(problems, len(manifest["files"]), 0, 0, 0)
    train, test = _ids(folder, "train", manifest["kind"]), _ids(folder, "test", manifest["kind"])
    provenance = pq.read_table(folder / "provenance.parquet", columns=["sample_id", "parents"])
    new = provenance["sample_id"].to_pylist()
    named = [p for family in provenance["parents"].to_pylist() for p in family]
    parents = {p for p in named if not p.startswith(UNLABELLED)}
    dropped = _dropped(folder)
    problems = _id_problems(train, test, new, parents - dropped["after"])
    problems += _dropped_problems(train, test, dropped)
    recipe = from_yaml((folder / "recipe.yaml").read_text(encoding="utf-8"))
    problems += _unlabelled_problems([p for p in named if p.startswith(UNLABELLED)], train + test, recipe)
    problems += target_problems(folder, recipe)
    problems += copied_file_problems(folder, manifest)
    if recipe.hash != manifest["recipe_hash"]:
        problems.append("recipe.yaml is not the recipe that the manifest names.")
    if identity(manifest["files"]) != manifest["identity"]:
        problems.append("The manifest's identity does not match its list of files.")
    return Verification(problems, len(manifest["files"]), len(train) - len(new), len(test), len(new))


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise UserError(
            f"'{folder}' is not an export: it has no {MANIFEST}.", "Give the folder that 'balance --out' wrote."
        )
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"], manifest["kind"], manifest["identity"], manifest["recipe_hash"]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"'{path}' is not a manifest of an export.", "Export again.") from None
    return manifest


def _file_problems(folder: Path, manifest: dict[str, Any]) -> list[str]:
    problems = []
    listed = manifest["files"]
    for name, facts in listed.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            problems.append(f"The manifest lists '{name}', which lies outside the export.")
        elif not path.is_file():
            problems.append(f"{name} is missing.")
        elif sha256_of(path) != facts["sha256"]:
            problems.append(f"{name} was changed after the export.")
    known = set(listed) | {MANIFEST, REPORT}
    here = (p.relative_to(folder).as_posix() for p in sorted(folder.rglob("*")) if p.is_file())
    problems += [f"{name} is not in the manifest." for name in here if name not in known]
    return problems


def _ids(folder: Path, part: str, kind: str) -> list[str]:
    if kind == "image":
        text = pacsv.ConvertOptions(strings_can_be_null=False)
        table = pacsv.read_csv(folder / part / "metadata.csv", convert_options=text)
        return [str(i) for i in table.column(0).to_pylist()]
    path = folder / part / f"{part}.parquet"
    first = pq.read_schema(path).names[0]
    return [str(i) for i in pq.read_table(path, columns=[first]).column(0).to_pylist()]


def _dropped(folder: Path) -> dict[str, set[str]]:
    """Return the ids of dropped originals by stage; those dropped after new samples were made may be parents."""
    ids: dict[str, set[str]] = {"before": set(), "after": set()}
    if (folder / DROPPED).is_file():
        table = pq.read_table(folder / DROPPED, columns=["sample_id", "stage"])
        for sample_id, stage in zip(*(table[name].to_pylist() for name in ("sample_id", "stage")), strict=True):
            ids.setdefault(stage, set()).add(sample_id)
    return ids


def _dropped_problems(train: list[str], test: list[str], dropped: dict[str, set[str]]) -> list[str]:
    every = set().union(*dropped.values())
    checks = [
        (every & set(train), "dropped samples are in train all the same."),
        (every & set(test), "dropped samples are in the test part, which is never thinned."),
        (dropped["before"] & dropped["after"], "samples were dropped twice."),
    ]
    return [f"{len(found):,} {sentence}" for found, sentence in checks if found]


def _unlabelled_problems(taken: list[str], samples: list[str], recipe: Recipe) -> list[str]:
    """Return what is wrong with unlabelled samples that were taken over: each once, and from what the recipe names."""
    checks = [
        (len(set(taken)) < len(taken), "Some unlabelled samples were taken over twice."),
        (bool(set(taken) & set(samples)), "Some unlabelled samples are labelled ones, too."),
        (
            bool(taken) and (recipe.data is None or recipe.data.unlabelled is None),
            "Unlabelled samples were taken over, but the recipe names no unlabelled data.",
        ),
    ]
    return [sentence for broken, sentence in checks if broken]


def _id_problems(train: list[str], test: list[str], new: list[str], parents: set[str]) -> list[str]:
    originals = set(train) - set(new)
    checks = [
        (len(set(train)) < len(train), "Some sample ids appear twice in train."),
        (bool(set(train) & set(test)), f"{len(set(train) & set(test)):,} samples are in train and in test."),
        (
            bool(set(new) - set(train)),
            f"{len(set(new) - set(train)):,} new samples are in the provenance but not in train.",
        ),
        (bool(parents & set(test)), f"{len(parents & set(test)):,} parents of new samples are in the test part."),
        (bool(parents - originals), f"{len(parents - originals):,} parents are not original training samples."),
    ]
    return [sentence for broken, sentence in checks if broken]
