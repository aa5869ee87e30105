"""Writes a version: a folder that appears complete or not at all."""

import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.balance import Balanced
from augmentors.balance.batch import Batch
from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.export.arrow import write_parquet
from augmentors.export.confidence import confidence_told, confidences, with_confidence
from augmentors.export.image_files import FileNames, write_metadata, write_new, write_originals
from augmentors.export.manifest import DROPPED, MANIFEST, REPORT, identity, library_versions, sha256_of
from augmentors.export.new_rows import warnings_of
from augmentors.export.provenance import dropped_table, provenance_table
from augmentors.export.report import render_report
from augmentors.export.rows import fitting, write_rows
from augmentors.gate import LeakReport
from augmentors.interrupt import disposable
from augmentors.recipe import Recipe, to_yaml
from augmentors.store import disk_errors, write_json


@dataclass(frozen=True)
class Contents:
    """All that goes into a version.

    Parameters
    ----------
    dataset, split, recipe
        `recipe` is resolved.
    balanced : Balanced
    leaks : LeakReport
    extra_notes : list of str
        Notes beyond the augmenters' own.
    """

    dataset: Dataset
    split: Split
    recipe: Recipe
    balanced: Balanced
    leaks: LeakReport
    extra_notes: list[str] = field(default_factory=list)


def write_version(out: Path, contents: Contents, job: Job = NO_JOB) -> dict[str, Any]:
    """Write a version into `out` and return its manifest.

    Raises
    ------
    UserError
        When `out` holds something that is not an earlier export, or the disk
        is full or not writable; nothing is left behind then.
    """
    refuse_other_content(out)
    out = out.absolute()
    with disposable(out.with_name(f".{out.name}.{secrets.token_hex(4)}")) as draft, disk_errors("The export"):
        draft.mkdir(parents=True)
        manifest = _fill(draft, contents, job)
        _put_in_place(draft, out)
    return manifest


def refuse_other_content(out: Path) -> None:
    """Raise UserError unless `out` is absent, empty or an earlier export."""
    if out.is_file():
        raise UserError(f"'{out}' is a file; expected a folder for the export.", "Choose another name.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    known = _files_of_export(out)
    if known is None:
        raise UserError(
            f"'{out}' is not empty and is not an earlier export, so it is left alone.",
            "Choose a new folder.",
        )
    here = (path.relative_to(out).as_posix() for path in sorted(out.rglob("*")) if not path.is_dir())
    foreign = next((name for name in here if name not in known), None)
    if foreign is not None:
        raise UserError(
            f"'{out}' is an earlier export but also holds '{foreign}', which would be lost, so it is left alone.",
            "Move that file away or choose a new folder.",
        )


def identity_in(out: Path) -> str | None:
    """Return the identity of the export in a folder; None when there is none."""
    try:
        return str(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["identity"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _files_of_export(out: Path) -> set[str] | None:
    """Return the files that an earlier export says it wrote; None when there is no such manifest."""
    try:
        listed = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {*listed, MANIFEST, REPORT}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _fill(folder: Path, contents: Contents, job: Job) -> dict[str, Any]:
    kept, dropped = contents.balanced.kept, contents.balanced.dropped
    gone = np.isin(contents.split.train, dropped["sample_id"].to_numpy(dtype=object))
    train = contents.dataset.take(contents.split.train[~gone])
    test = contents.dataset.take(contents.split.test)
    job.progress(0.0, "Writing train and test")
    wider: list[str] = []
    if contents.dataset.kind == "image":
        files = _write_images(folder, train, test, kept, job)
    else:
        files, wider = _write_tables(folder, train, test, kept)
    job.check()
    provenance = provenance_table(kept)
    write_parquet(provenance, folder / "provenance.parquet")
    files["provenance.parquet"] = {"sha256": sha256_of(folder / "provenance.parquet"), "rows": provenance.num_rows}
    if contents.recipe.before or contents.recipe.after:
        write_parquet(dropped_table(dropped), folder / DROPPED)
        files[DROPPED] = {"sha256": sha256_of(folder / DROPPED), "rows": len(dropped)}
    notes = tuple(dict.fromkeys([*contents.balanced.notes, *contents.extra_notes, *wider]))
    recipe = contents.recipe.model_copy(update={"notes": notes})
    (folder / "recipe.yaml").write_text(to_yaml(recipe), encoding="utf-8")
    files["recipe.yaml"] = {"sha256": sha256_of(folder / "recipe.yaml"), "rows": None}
    manifest = _manifest(contents, kept, dict(sorted(files.items())))
    (folder / REPORT).write_text(render_report(folder, manifest), encoding="utf-8")
    write_json(folder / MANIFEST, manifest)
    job.progress(1.0, "Written")
    return manifest


def _write_tables(
    folder: Path, train: Dataset, test: Dataset, kept: Batch | None
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Return what was written, and a sentence on each column that is not stored as it came."""
    frame = train.frame if kept is None else with_confidence(pd.concat([train.frame, kept.samples.frame]), kept)
    files: dict[str, dict[str, Any]] = {}
    sets, label = train.schema.sets, train.schema.label
    parts = {"train": frame, "test": test.frame}
    if sets is not None:
        parts = {part: sets.expanded(rows, label) for part, rows in parts.items()}
    stored = fitting(parts.values(), train.schema.stored)
    for part, rows in parts.items():
        for name, count in write_rows(folder / part, part, rows, train.kind, stored).items():
            files[f"{part}/{name}"] = {"sha256": sha256_of(folder / part / name), "rows": count}
    return files, [
        f"Column '{name}' is not exported as {how['type']}, as it came: a value does not fit."
        for name, how in train.schema.stored.items()
        if name not in stored
    ]


def _write_images(
    folder: Path, train: Dataset, test: Dataset, kept: Batch | None, job: Job
) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    for part, data in (("train", train), ("test", test)):
        names = FileNames()
        hashes, order = write_originals(folder / part, data, names, job)
        frame = data.frame
        if part == "train" and kept is not None:
            new_hashes, new_order = write_new(folder / part, kept, data.schema.label, names)
            hashes |= new_hashes
            order += new_order
            frame = with_confidence(pd.concat([frame, kept.samples.frame]), kept)
        (folder / part).mkdir(exist_ok=True)
        write_metadata(folder / part, frame, order)
        files |= {f"{part}/{name}": {"sha256": value, "rows": 1} for name, value in hashes.items()}
        sha = sha256_of(folder / part / "metadata.csv")
        files[f"{part}/metadata.csv"] = {"sha256": sha, "rows": len(frame)}
    return files


def _manifest(contents: Contents, kept: Batch | None, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    train = contents.dataset.take(contents.split.train)
    before = train.class_counts
    dropped = _dropped_counts(contents.balanced.dropped)
    lost = {name: sum(by_class.get(name, 0) for by_class in dropped.values()) for name in before}
    added = {} if kept is None else _added(train, kept)
    leaks = contents.leaks
    return {
        "identity": identity(files),
        "kind": train.kind,
        "recipe_hash": contents.recipe.hash,
        "dataset_fingerprint": contents.dataset.fingerprint,
        "split_hash": contents.split.hash,
        "versions": library_versions(train.kind),
        "counts": {
            "before": before,
            "after": {name: count - lost[name] + int(added.get(name, 0)) for name, count in before.items()},
            "test": contents.dataset.take(contents.split.test).class_counts,
        },
        "dropped": dropped,
        "gate": {
            name: {"wanted": t.wanted, "made": t.made, "kept": t.kept, "rejected": dict(sorted(t.rejected.items()))}
            for name, t in sorted(contents.balanced.tallies.items())
        },
        "leak_check": {"checked": leaks.checked, "dropped": leaks.dropped},
        "warnings": _warnings(train, kept),
        "weights": contents.balanced.weights,
        "files": files,
        "unhashed": [REPORT],
        **_unlabelled_facts(contents.recipe, kept),
    }


def _added(train: Dataset, kept: Batch) -> dict[str, int]:
    """Return how many new samples each class has; with several labels per sample, all that they bear count."""
    if train.schema.sets is not None:
        return replace(train, frame=kept.samples.frame).class_counts
    return {str(name): int(n) for name, n in kept.samples.certificate["target"].value_counts().items()}


def _warnings(train: Dataset, kept: Batch | None) -> list[str]:
    if kept is None:
        return []
    samples = kept.samples
    return [*warnings_of(train, samples.frame, samples.certificate["target"]), *confidence_told(train, kept)]


def _unlabelled_facts(recipe: Recipe, kept: Batch | None) -> dict[str, Any]:
    """Return which unlabelled data was used and how many of its samples were taken over; nothing without it."""
    if recipe.data is None or recipe.data.unlabelled is None:
        return {}
    taken = 0 if kept is None else int(np.isfinite(confidences(kept)).sum())
    return {"unlabelled": {"fingerprint": recipe.data.unlabelled.fingerprint, "taken": taken}}


def _dropped_counts(dropped: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return dropped originals per stage and class; {} without any."""
    counts: dict[str, dict[str, int]] = {}
    for stage, rows in dropped.groupby("stage"):
        counts[str(stage)] = {str(name): int(n) for name, n in rows["label"].value_counts().sort_index().items()}
    return counts


def _put_in_place(draft: Path, out: Path) -> None:
    """Sync once, then rename; an earlier export gives way only now."""
    handle = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    if not out.exists():
        draft.rename(out)
        return
    old = out.with_name(f".{out.name}.old.{secrets.token_hex(4)}")
    try:
        out.rename(old)
        draft.rename(out)
    except BaseException:
        if not out.exists() and old.exists():  # stopped between the two: what was there stays
            old.rename(out)
        raise
    with disposable(old):
        pass
