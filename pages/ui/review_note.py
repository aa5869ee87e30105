"""Which pseudo-labelled samples were rejected in review: kept in the workspace, by the unlabelled sample's id."""

from collections.abc import Collection

from pages.ui.frame import Data


def rejected(data: Data) -> list[str]:
    """Return the ids of unlabelled samples that were rejected, sorted."""
    note = data.workspace.read_note(_name(data)) or {}
    return sorted(note.get("rejected", []))


def keep(data: Data, ids: Collection[str]) -> None:
    """Write down which unlabelled samples are rejected."""
    data.workspace.write_note(_name(data), {"rejected": sorted(ids)})


def _name(data: Data) -> str:
    return f"review-{data.id}"
