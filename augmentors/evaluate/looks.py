"""How often a frozen test part was looked at: each look makes the next one tell a little less."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from augmentors.core.errors import UserError
from augmentors.core.split import Split
from augmentors.store import disk_errors, home, read_json, write_json

if TYPE_CHECKING:
    from augmentors.evaluate.comparison import Comparison
    from augmentors.evaluate.target_comparison import TargetComparison

Found = TypeVar("Found", "Comparison", "TargetComparison")


def workspace_looks(dataset_folder: Path) -> Path:
    """Return where a workspace counts the looks at the test part of one of its datasets."""
    return dataset_folder / "looks.json"


def machine_looks(fingerprint: str, split: Split) -> Path:
    """Return where commands and Python count, for this machine, looks at the test part of one split of some data."""
    return home() / "looks" / f"{fingerprint[:32]}-{split.hash[:16]}.json"


def count_look(path: Path, split_hash: str) -> int:
    """Count one more look and return how many there were; another split of the data begins anew."""
    with disk_errors("The count of looks at the test part"):
        counts = read_json(path) or {}
        counts[split_hash] = counts.get(split_hash, 0) + 1
        write_json(path, counts)
    return int(counts[split_hash])


def counted(found: Found, path: Path) -> Found:
    """Return a comparison with its look at the test part counted: ``looks`` among its facts.

    A finished comparison is not lost where the count cannot be written; its notes say so.
    """
    try:
        looks = count_look(path, found.facts["split_hash"])
    except UserError as error:
        return replace(found, notes=[*found.notes, error.message])
    return replace(found, facts=found.facts | {"looks": looks})


def looks_so_far(path: Path, split_hash: str) -> int:
    """Return how often the test part of a split was looked at."""
    return int((read_json(path) or {}).get(split_hash, 0))


def times(n: int) -> str:
    """Return a count of looks in words.

    Examples
    --------
    >>> times(1), times(3)
    ('once', '3 times')
    """
    return "once" if n == 1 else f"{n:,} times"
