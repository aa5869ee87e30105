"""How often a frozen test part was looked at: each look makes the next one tell a little less."""

from pathlib import Path

from augmentors.core.split import Split
from augmentors.store import disk_errors, home, read_json, write_json


def workspace_looks(dataset_folder: Path) -> Path:
    """Return where a workspace counts the looks at the test part of one of its datasets."""
    return dataset_folder / "looks.json"


def machine_looks(fingerprint: str, split: Split) -> Path:
    """Return where the command line counts, for this machine, the looks at the test part of one split of some data."""
    return home() / "looks" / f"{fingerprint[:32]}-{split.hash[:16]}.json"


def count_look(path: Path, split_hash: str) -> int:
    """Count one more look and return how many there were; another split of the data begins anew."""
    counts = read_json(path) or {}
    counts[split_hash] = counts.get(split_hash, 0) + 1
    with disk_errors("The count of looks at the test part"):
        write_json(path, counts)
    return int(counts[split_hash])


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
