"""Files on disk: one folder per visitor with datasets, splits, versions and jobs.

Every write goes to a temporary name and is renamed, so a reader never sees
half a file; the last file of a folder (``dataset.json``, ``manifest.json``)
says that the folder is complete.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.label_sets import LabelSets
from augmentors.core.late import pd
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import digest
from augmentors.core.split import Split

# Beside split.json where the target is a number: its ranges, and the samples in each.
RANGES = "ranges.json"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def home() -> Path:
    """Return the folder of all workspaces (``COUNTERWEIGHT_HOME`` overrides it)."""
    chosen = os.environ.get("COUNTERWEIGHT_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("counterweight", appauthor=False))


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Turn a full or unwritable disk into one sentence."""
    try:
        yield
    except OSError as error:
        where = f" at {error.filename}" if error.filename else ""
        # Arrow wraps what the system said into words of its own.
        reason = re.sub(r".*\[errno \d+\] ", "", str(error.strerror or error)).rstrip(".")
        raise UserError(
            f"{what} could not be written{where}: {reason}.",
            "Free some space or choose a folder you may write to; what existed before is untouched.",
        ) from None


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write a JSON document atomically."""
    write_bytes(path, json.dumps(value, indent=1, ensure_ascii=False).encode())


def read_json(path: Path) -> Any:
    """Return a JSON document, or None when the file does not exist."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


class Workspace:
    """One visitor's folder, named by an unguessable token.

    Parameters
    ----------
    token : str
        16 to 64 letters, digits, ``-`` or ``_``.

    Raises
    ------
    UserError
        When the token has another form.
    """

    def __init__(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise UserError(
                "The workspace link is not valid: expected 16 to 64 letters, digits, '-' or '_'.",
                "Open the app without '?w=…' to start a new workspace.",
            )
        self.token = token
        self.path = home() / "workspaces" / token

    @classmethod
    def create(cls) -> "Workspace":
        """Return a new, empty workspace."""
        return cls.open(secrets.token_urlsafe(18))

    @classmethod
    def open(cls, token: str) -> "Workspace":
        """Return the workspace of a token, making its folder when absent."""
        workspace = cls(token)
        with disk_errors("The workspace"):
            workspace.jobs_dir.mkdir(parents=True, exist_ok=True)
        return workspace

    # -- places ---------------------------------------------------------------

    @property
    def jobs_dir(self) -> Path:
        """Folder of the jobs."""
        return self.path / "jobs"

    @property
    def fits_dir(self) -> Path:
        """Folder of the finished fits of comparisons."""
        return self.path / "fits"

    @property
    def encoders_dir(self) -> Path:
        """Folder of the encoders learnt without labels."""
        return self.path / "encoders"

    def upload_dir(self) -> Path:
        """Return a fresh folder for incoming bytes."""
        folder = self.path / "uploads" / secrets.token_hex(6)
        with disk_errors("The upload"):
            folder.mkdir(parents=True)
        return folder

    def _dataset_dir(self, dataset_id: str) -> Path:
        return self.path / "datasets" / _safe(dataset_id)

    def cache_path(self, dataset_id: str, name: str) -> Path:
        """Return where a derived file (embedding, projection) of a dataset is kept."""
        folder = self._dataset_dir(dataset_id) / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / _safe(name)

    # -- datasets -------------------------------------------------------------

    def save_dataset(
        self, dataset: Dataset, *, name: str, understood: dict[str, Any], quarantine: list[dict[str, Any]]
    ) -> str:
        """Keep a dataset and return its id; image files are moved in.

        The id hashes content and ingest choices, so loading the same file with
        the same choices twice gives the same id.
        """
        # Choices that change values but neither columns nor types; left out unless made.
        made = [f"{name}={understood[name]}" for name in ("decimal", "merge_spellings") if understood.get(name)]
        dataset_id = digest(dataset.content_hash, dataset.schema.group, *made, size=8)
        folder = self._dataset_dir(dataset_id)
        if (folder / "dataset.json").exists():
            return dataset_id
        with disk_errors("The dataset"):
            folder.mkdir(parents=True, exist_ok=True)
            dataset.frame.rename_axis("sample_id").to_parquet(folder / "frame.parquet")
            if dataset.root is not None and not (folder / "files").exists():
                shutil.move(str(dataset.root), folder / "files")
            write_json(
                folder / "dataset.json",
                {
                    "name": name,
                    "kind": dataset.kind,
                    "label": dataset.schema.label,
                    "text": dataset.schema.text,
                    "group": dataset.schema.group,
                    "types": dataset.schema.types,
                    "stored": dataset.schema.stored,
                    "task": dataset.schema.task,
                    "cuts": dataset.schema.cuts,
                    "sets": dataset.schema.sets and dataset.schema.sets.as_dict(),
                    "fingerprint": dataset.fingerprint,
                    "rows": len(dataset),
                    "classes": dataset.class_counts,
                    "understood": understood,
                    "quarantine": quarantine,
                },
            )
        return dataset_id

    def load_dataset(self, dataset_id: str) -> Dataset:
        """Return a dataset kept here.

        Raises
        ------
        UserError
            When there is none of this id.
        """
        folder = self._dataset_dir(dataset_id)
        facts = self.facts(dataset_id)
        frame = pd.read_parquet(folder / "frame.parquet").rename_axis(None)
        cuts, ranges = facts.get("cuts"), facts.get("ranges")
        schema = Schema(
            facts["label"],
            facts["types"],
            facts["text"],
            facts["group"],
            facts.get("stored", {}),
            facts.get("task", "classification"),
            cuts and tuple(cuts),
            ranges and Ranges.from_dict(ranges),
            facts.get("sets") and LabelSets.from_dict(facts["sets"]),
        )
        root = folder / "files" if facts["kind"] == "image" else None
        dataset = Dataset(facts["kind"], frame, schema, facts["fingerprint"], root)
        return replace(dataset, unlabelled=self._unlabelled_of(dataset_id, dataset))

    def facts(self, dataset_id: str) -> dict[str, Any]:
        """Return what is known of a dataset without reading its rows (``split`` is None until it is fixed)."""
        folder = self._dataset_dir(dataset_id)
        facts = read_json(folder / "dataset.json")
        if facts is None:
            raise UserError("This workspace has no such dataset.", "Open it again from the Start page.")
        split = read_json(folder / "split.json")
        facts["split"] = split and {
            "train": len(split["train"]),
            "test": len(split["test"]),
            **{key: split[key] for key in ("test_size", "seed", "linked", "hash", "notes")},
            **split.get("settings", {}),
        }
        return facts | (read_json(folder / RANGES) or {})

    def dataset_ids(self) -> list[str]:
        """Return the ids of the datasets kept here, newest first."""
        done = [p for p in (self.path / "datasets").glob("*/dataset.json")]
        return [p.parent.name for p in sorted(done, key=lambda p: -p.stat().st_mtime)]

    # -- unlabelled samples ---------------------------------------------------

    def save_unlabelled(self, dataset_id: str, pool: Dataset, split_hash: str, facts: dict[str, Any]) -> None:
        """Keep the unlabelled samples that may be used beside a dataset under a split; earlier ones give way."""
        folder = self._dataset_dir(dataset_id) / "unlabelled"
        with disk_errors("The unlabelled data"):
            draft = folder.with_name(f".unlabelled.{secrets.token_hex(4)}")
            draft.mkdir(parents=True)
            pool.frame.rename_axis("sample_id").to_parquet(draft / "frame.parquet")
            if pool.root is not None:
                shutil.move(str(pool.root), draft / "files")
            known = {"fingerprint": pool.fingerprint, "rows": len(pool), "split_hash": split_hash}
            write_json(draft / "unlabelled.json", facts | known)
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)

    def drop_unlabelled(self, dataset_id: str) -> None:
        """Forget the unlabelled samples beside a dataset."""
        shutil.rmtree(self._dataset_dir(dataset_id) / "unlabelled", ignore_errors=True)

    def unlabelled_facts(self, dataset_id: str) -> dict[str, Any] | None:
        """Return what is known of the unlabelled samples; None without any, or when another split was made since."""
        facts: dict[str, Any] | None = read_json(self._dataset_dir(dataset_id) / "unlabelled" / "unlabelled.json")
        split = read_json(self._dataset_dir(dataset_id) / "split.json")
        return facts if facts and split and facts["split_hash"] == split["hash"] else None

    def _unlabelled_of(self, dataset_id: str, dataset: Dataset) -> Dataset | None:
        facts = self.unlabelled_facts(dataset_id)
        if facts is None:
            return None
        folder = self._dataset_dir(dataset_id) / "unlabelled"
        frame = pd.read_parquet(folder / "frame.parquet").rename_axis(None)
        root = folder / "files" if dataset.kind == "image" else None
        return replace(dataset, frame=frame, fingerprint=facts["fingerprint"], root=root)

    # -- splits ---------------------------------------------------------------

    def save_ranges(self, dataset_id: str, dataset: Dataset) -> None:
        """Keep the ranges of a dataset's target, which are frozen with its split; nothing where it has none."""
        if dataset.schema.ranges is not None:
            facts = {"ranges": dataset.schema.ranges.as_dict(), "classes": dataset.class_counts}
            with disk_errors("The split"):
                write_json(self._dataset_dir(dataset_id) / RANGES, facts)

    def save_split(self, dataset_id: str, split: Split, **settings: object) -> None:
        """Freeze the split of a dataset; a second, different one is refused.

        `settings` are facts on how it was made that a recipe must repeat
        (such as ``near=True``).
        """
        path = self._dataset_dir(dataset_id) / "split.json"
        kept = read_json(path)
        if kept is not None and kept["hash"] != split.hash and self.versions(dataset_id):
            raise UserError(
                "The split of this dataset is fixed and versions were made with it.",
                "Load the dataset with other choices to begin with another split.",
            )
        with disk_errors("The split"):
            arrays = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in asdict(split).items()}
            write_json(path, arrays | {"hash": split.hash, "settings": settings})

    def load_split(self, dataset_id: str) -> Split | None:
        """Return the frozen split, or None before it is made."""
        kept = read_json(self._dataset_dir(dataset_id) / "split.json")
        if kept is None:
            return None
        return Split(
            np.array(kept["train"], dtype=object),
            np.array(kept["test"], dtype=object),
            np.array(kept["folds"], dtype=np.int64),
            kept["test_size"],
            kept["seed"],
            kept["linked"],
            tuple(kept["notes"]),
        )

    # -- versions and notes ---------------------------------------------------

    def version_path(self, version_id: str) -> Path:
        """Return the exported form of a version: train, test, provenance, recipe, report, manifest."""
        return self.version_dir(version_id) / "data"

    def version_dir(self, version_id: str) -> Path:
        """Return the folder around a version: ``data``, ``version.json``, rejected samples, comparison."""
        return self.path / "versions" / _safe(version_id)

    def versions(self, dataset_id: str | None = None) -> list[dict[str, Any]]:
        """Return the finished versions (of a dataset), newest first: id, dataset_id, created, manifest facts."""
        found = []
        for path in (self.path / "versions").glob("*/version.json"):
            facts = read_json(path)
            if facts and (dataset_id is None or facts["dataset_id"] == dataset_id):
                found.append(facts)
        return sorted(found, key=lambda facts: -float(facts["created"]))

    def write_note(self, name: str, value: dict[str, Any]) -> None:
        """Keep a small JSON document, such as the draft of a plan."""
        with disk_errors("The draft"):
            write_json(self.path / "notes" / f"{_safe(name)}.json", value)

    def read_note(self, name: str) -> dict[str, Any] | None:
        """Return a small JSON document, or None."""
        note: dict[str, Any] | None = read_json(self.path / "notes" / f"{_safe(name)}.json")
        return note


def _safe(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,128}", name) or name.startswith("."):
        raise UserError(f"'{name}' is not a valid name inside a workspace.")
    return name
