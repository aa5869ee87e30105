"""What every augmenter of tables that makes new values does: a new row belongs to its first parent's subject."""

import numpy as np

from augmentors.core.augmenter import Augmenter
from augmentors.core.dataset import Dataset
from augmentors.explore.group_column import subject_columns
from augmentors.table.resolution import to_decimals


class TableAugmenter(Augmenter):
    """Base of augmenters of tables; columns that name a customer, a patient, a machine … are not computed."""

    def _of_parent(self, train: Dataset) -> tuple[str, ...]:
        return subject_columns(train)

    def _as_target(self, values: np.ndarray) -> np.ndarray:
        return super()._as_target(to_decimals(values, self.train.frame[self.train.schema.label]))

    def _subjects_note(self) -> list[str]:
        """Return in a sentence which columns name a subject."""
        owned = [*self._owned, *filter(None, [self.train.schema.group])]
        if not owned:
            return []
        how = "copied from the first parent, and left out of the search for neighbours"
        return [f"{listed(owned)}: names what several rows have in common, {how}."]

    def _empty_note(self, train: Dataset) -> list[str]:
        """Return in a sentence which columns stay empty in new rows."""
        schema = train.schema
        ignored = [name for name, kind in schema.types.items() if kind == "ignored"]
        empty = [name for name in ignored if name not in (schema.label, schema.group, *self._owned)]
        return [f"{listed(empty)}: ignored, left empty in new rows."] if empty else []


def listed(names: list[str], most: int = 5) -> str:
    """Return names of columns as the start of a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], most=2)
    ("Column 'a'", "Columns 'a', 'b'", "Columns 'a', 'b' and 1 more")
    """
    noun = "Column" if len(names) == 1 else "Columns"
    shown = ", ".join(f"'{name}'" for name in names[:most])
    return f"{noun} {shown} and {len(names) - most} more" if len(names) > most else f"{noun} {shown}"
