"""What the app runs as jobs: each takes JSON arguments, reports progress and returns JSON."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.evaluate.comparison import Comparison
from augmentors.evaluate.looks import workspace_looks
from augmentors.executors import cpu_count
from augmentors.export.archive import write_zip
from augmentors.export.arrow import write_parquet
from augmentors.export.provenance import rejected_table
from augmentors.export.report import add_comparison
from augmentors.learners.own import is_own
from augmentors.recipe import from_yaml
from augmentors.run import balance, compare_version, default_workers
from augmentors.selfsup import kept
from augmentors.store import Workspace, disk_errors, read_json, write_bytes, write_json

COMPARISON = "comparison.json"
DECISIONS = "decision_scores.npz"


def balance_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Run a recipe on a dataset of a workspace and keep the version.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``recipe`` (YAML), optionally ``workers``.
    folder : Path
        Finished blocks are kept in ``folder/blocks``, so a resumed run reuses them.
    """
    workspace = Workspace.open(arguments["workspace"])
    dataset_id = arguments["dataset_id"]
    dataset = workspace.load_dataset(dataset_id)
    split = workspace.load_split(dataset_id)
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    recipe = from_yaml(arguments["recipe"])
    draft = folder / "version"
    workers = arguments.get("workers") or default_workers(dataset.kind)
    version = balance(dataset, split, recipe, draft, workers=workers, job=job, work=folder / "blocks")
    home = workspace.version_dir(version.id)
    facts = {
        "id": version.id,
        "dataset_id": dataset_id,
        "created": time.time(),
        "identity": version.manifest["identity"],
        "counts": version.manifest["counts"],
        "gate": version.manifest["gate"],
        "leak_check": version.manifest["leak_check"],
        "warnings": version.manifest["warnings"],
        "notes": list(version.notes),
    }
    with disk_errors("The version"):
        home.mkdir(parents=True, exist_ok=True)
        if (home / "data").exists():
            shutil.rmtree(draft)
        else:
            draft.rename(home / "data")
        write_parquet(rejected_table(version.balanced.rejected), home / "rejected.parquet")
        write_json(home / "version.json", facts)
    shutil.rmtree(folder / "blocks", ignore_errors=True)
    return {"version_id": version.id, **{k: facts[k] for k in ("counts", "gate", "leak_check", "warnings", "notes")}}


def compare_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Compare models before and after a version; the result goes beside it and into its report.

    Finished fits stay in the workspace: resumed, or with one arm more, only what is new is trained.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``version_id``, optionally ``learners`` (keys), ``repeats`` and
        ``arms`` (keys of free alternatives).
    """
    if any(is_own(key) for key in arguments.get("learners") or ()):
        raise UserError("An estimator of one's own runs on the command line and in Python only, never in the app.")
    workspace = Workspace.open(arguments["workspace"])
    dataset = workspace.load_dataset(arguments["dataset_id"])
    split = workspace.load_split(arguments["dataset_id"])
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it on the Start page.")
    data = workspace.version_path(arguments["version_id"])
    kept.register_all(workspace.encoders_dir)
    found = compare_version(
        dataset,
        split,
        data,
        learners=arguments.get("learners"),
        repeats=arguments.get("repeats") or 2,
        workers=cpu_count(),
        job=job,
        free=arguments.get("arms"),
        keep_in=workspace.fits_dir,
        looks=workspace_looks(workspace.path / "datasets" / arguments["dataset_id"]),
    )
    comparison = found.to_json()
    home = workspace.version_dir(arguments["version_id"])
    with disk_errors("The comparison"):
        if isinstance(found, Comparison) and found.decisions is not None:
            write_bytes(home / DECISIONS, found.decisions.to_bytes())
        write_json(home / COMPARISON, comparison)
    add_comparison(data, comparison)
    return {"version_id": arguments["version_id"]}


def zip_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Pack a version as a ZIP beside it.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``version_id``.
    """
    workspace = Workspace.open(arguments["workspace"])
    version_id = arguments["version_id"]
    home = workspace.version_dir(version_id)
    out = write_zip(workspace.version_path(version_id), home / f"counterweight-{version_id}.zip", job)
    return {"file": str(out), "bytes": out.stat().st_size}


def read_comparison(workspace: Workspace, version_id: str) -> dict[str, Any] | None:
    """Return the comparison of a version, or None before it was made."""
    found: dict[str, Any] | None = read_json(workspace.version_dir(version_id) / COMPARISON)
    return found


def read_manifest(workspace: Workspace, version_id: str) -> dict[str, Any]:
    """Return the manifest of a version.

    Raises
    ------
    UserError
        When there is no such version.
    """
    path = workspace.version_path(version_id) / "manifest.json"
    if not path.exists():
        raise UserError("This workspace has no such version.", "Run the plan again.")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest
