"""Finished fits on disk, so that a contest that is resumed, or has one arm more, trains only what is new.

A file's name is a hash over everything its content depends on; what is inside
is numbers and text, never code.
"""

import dataclasses
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.evaluate.scoring import FitScores, Probabilities
from augmentors.evaluate.target_scores import TargetFit
from augmentors.evaluate.tuning import Tuned
from augmentors.store import disk_errors, write_bytes

TREE = "tree"
KINDS = {cls.__name__: cls for cls in (FitScores, Probabilities, TargetFit, Tuned)}
Value = FitScores | TargetFit | Tuned | list[Tuned] | np.ndarray


@dataclasses.dataclass(frozen=True)
class KeptFits:
    """A folder of results by key.

    Parameters
    ----------
    folder : Path
        Made when first written to. Several contests may use it at once.
    """

    folder: Path

    def has(self, key: str) -> bool:
        """Whether something is kept under a key."""
        return self._path(key).is_file()

    def read(self, key: str) -> Any:
        """Return what is kept under a key, or None; a file that is no longer whole counts as none."""
        path = self._path(key)
        try:
            value = unpacked(path.read_bytes())
            os.utime(path)  # what is used stays
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
            return None
        return value

    def write(self, key: str, value: Value) -> None:
        """Keep a result.

        Raises
        ------
        UserError
            When the disk is full or the folder cannot be written to.
        """
        with disk_errors("A finished fit"):
            write_bytes(self._path(key), packed(value))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"


def packed(value: Value) -> bytes:
    """Return a result as the bytes of an NPZ file: its arrays, and beside them how they belong together."""
    arrays: dict[str, np.ndarray] = {}
    tree = json.dumps(_taken_apart(value, arrays))
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **{TREE: np.frombuffer(tree.encode(), np.uint8)}, **arrays)
    return file.getvalue()


def unpacked(data: bytes) -> Any:
    """Return the result that `packed` took, equal to the last bit."""
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return _put_together(json.loads(file[TREE].tobytes()), file)


def _taken_apart(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """Return JSON of a value; its arrays are added to `arrays` and named there."""
    if isinstance(value, np.generic):  # an array without axes, so that its type stays
        return {"scalar": _taken_apart(np.asarray(value), arrays)}
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_taken_apart(item, arrays) for item in value]}
    if isinstance(value, dict):
        items = [[_taken_apart(name, arrays), _taken_apart(item, arrays)] for name, item in value.items()]
        return {"dict": items}
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {"of": type(value).__name__, "fields": _taken_apart(fields, arrays)}
    return value


def _put_together(tree: Any, arrays: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if "of" in tree:
        return KINDS[tree["of"]](**_put_together(tree["fields"], arrays))
    ((kind, inside),) = tree.items()
    if kind == "array":
        return arrays[inside]
    if kind == "scalar":
        return _put_together(inside, arrays)[()]
    if kind == "dict":
        return {_put_together(name, arrays): _put_together(item, arrays) for name, item in inside}
    items = [_put_together(item, arrays) for item in inside]
    return tuple(items) if kind == "tuple" else items
