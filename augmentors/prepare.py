"""A file becomes a dataset of a workspace with a frozen split: what the Start page runs as a job."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.job import Job
from augmentors.core.split import make_split
from augmentors.explore.duplicates import Pair, duplicate_pairs
from augmentors.explore.group_column import propose_group
from augmentors.explore.rare_ranges import with_ranges
from augmentors.overview import write_overview
from augmentors.store import Workspace, write_json

PAIRS = "pairs.parquet"


def prepare_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Read a file into a workspace, find its duplicates and, when asked, fix the split.

    Parameters
    ----------
    arguments : dict
        ``workspace``; ``source`` (``{"sample": key}`` or ``{"upload": path inside the workspace}``),
        ``name`` and ``choices`` (as of `ingest.load`), or the ``dataset_id`` of what was read before;
        optionally ``split`` (``test_size``, ``seed``, ``near_duplicates``).
    """
    workspace = Workspace.open(arguments["workspace"])
    dataset_id = arguments.get("dataset_id")
    if dataset_id is None:
        dataset_id = read_into(workspace, arguments, job.part(0.0, 0.4), folder)
    dataset = workspace.load_dataset(dataset_id)
    pairs = known_pairs(workspace, dataset_id, dataset, job.part(0.4, 0.6))
    group = None
    if arguments.get("split"):
        fix_split(workspace, dataset_id, dataset, pairs, arguments["split"], job.part(0.6, 1.0))
    else:
        job.progress(0.7, "Looking for rows that belong together …")
        group = propose_group(dataset, job)
    exact = sum(pair.exact for pair in pairs)
    result = {"dataset_id": dataset_id, "pairs": len(pairs), "exact_pairs": exact}
    return result | {"group": group and {"column": group.column, "alike": group.alike, "message": group.message}}


def read_into(workspace: Workspace, arguments: dict[str, Any], job: Job, folder: Path) -> str:
    """Read the source of a job with its choices, keep the dataset and return its id."""
    from augmentors import ingest

    path = source_path(workspace, arguments["source"])
    loaded = ingest.load(path, **arguments.get("choices", {}), workdir=folder / "files", job=job.part(0.05, 0.7))
    job.check()
    job.progress(0.7, f"Keeping {len(loaded.dataset):,} samples …")
    quarantine = [asdict(item) for item in loaded.quarantine]
    understood = loaded.understood.as_dict()
    return workspace.save_dataset(loaded.dataset, name=arguments["name"], understood=understood, quarantine=quarantine)


def unlabelled_job(arguments: dict[str, Any], job: Job, folder: Path) -> dict[str, Any]:
    """Read samples without labels beside a dataset; copies of its samples are left out.

    Parameters
    ----------
    arguments : dict
        ``workspace``, ``dataset_id``, ``source`` (``{"upload": path inside the workspace}``) and ``name``.
    """
    from augmentors import ingest
    from augmentors.explore.unlabelled import attach

    workspace, dataset_id = Workspace.open(arguments["workspace"]), arguments["dataset_id"]
    dataset, split, facts = (
        workspace.load_dataset(dataset_id),
        workspace.load_split(dataset_id),
        workspace.facts(dataset_id),
    )
    if split is None:
        raise UserError("The split of this dataset is not fixed yet.", "Fix it first.")
    path = source_path(workspace, arguments["source"])
    decimal = facts["understood"].get("decimal")
    read = ingest.load_unlabelled(path, dataset, decimal=decimal, workdir=folder / "files", job=job.part(0.0, 0.5))
    job.progress(0.5, "Looking for copies of labelled samples …")
    near = facts["split"].get("near_duplicates", True)
    attached = attach(dataset, split, read.dataset, near=near, job=job.part(0.5, 0.95)).check()
    pool = attached.dataset.unlabelled
    assert pool is not None
    known = {"name": arguments["name"], "delimiter": read.delimiter, "encoding": read.encoding}
    notes = [*attached.notes, *read.notes]
    quarantine = [asdict(item) for item in read.quarantine]
    workspace.save_unlabelled(dataset_id, pool, split.hash, known | {"notes": notes, "quarantine": quarantine})
    return {"dataset_id": dataset_id, "rows": len(pool)}


def source_path(workspace: Workspace, source: dict[str, str]) -> Path:
    """Return the file that a source names: a built-in sample or an upload of this workspace.

    Raises
    ------
    UserError
        When the upload is gone.
    """
    from augmentors import ingest

    if "sample" in source:
        return ingest.sample(source["sample"]).path
    path = (workspace.path / source["upload"]).resolve()
    if not path.is_relative_to(workspace.path.resolve()) or not path.exists():
        raise UserError("The uploaded file is no longer here.", "Upload it again.")
    return path


def known_pairs(workspace: Workspace, dataset_id: str, dataset: Dataset, job: Job) -> list[Pair]:
    """Return the duplicate and near-duplicate pairs of a dataset, found once and kept."""
    path = workspace.cache_path(dataset_id, PAIRS)
    if path.exists():
        return [Pair(*row) for row in pd.read_parquet(path).itertuples(index=False)]
    job.progress(0.0, "Looking for copies and near-copies …")
    pairs = duplicate_pairs(dataset, near=True, job=job)
    draft = path.with_suffix(".draft")
    pd.DataFrame(pairs, columns=list(Pair._fields)).to_parquet(draft)
    draft.replace(path)
    return pairs


def fix_split(
    workspace: Workspace, dataset_id: str, dataset: Dataset, pairs: list[Pair], wanted: dict[str, Any], job: Job
) -> None:
    """Make the split, freeze it, and compute what the Overview shows."""
    job.progress(0.0, "Fixing the split …")
    near = bool(wanted.get("near_duplicates", True))
    linked = pairs if near else duplicate_pairs(dataset, near=False, job=job.part(0.0, 0.3))
    split = make_split(
        dataset,
        test_size=wanted.get("test_size", 0.2),
        seed=wanted.get("seed", 0),
        duplicate_pairs=[(pair.a, pair.b) for pair in linked],
    )
    # The pages read this file to know that the overview belongs to this split; it goes first so
    # that a stale one is never shown with a new split.
    dataset = with_ranges(dataset, split)
    workspace.save_ranges(dataset_id, dataset)
    overview = write_overview(workspace, dataset_id, dataset, split, pairs, job.part(0.3, 1.0))
    workspace.save_split(dataset_id, split, near_duplicates=near)
    write_json(workspace.cache_path(dataset_id, "overview.json"), overview)
