"""Samples of one kind with their labels, and what each column is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from augmentors.core.errors import UserError
from augmentors.core.kinds import KINDS as KINDS
from augmentors.core.kinds import TASKS as TASKS
from augmentors.core.kinds import Kind as Kind
from augmentors.core.kinds import Task as Task
from augmentors.core.label_sets import NONE, LabelSets
from augmentors.core.late import pd
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import digest

ColumnType = Literal["number", "integer", "boolean", "category", "date", "text", "ignored"]
COLUMN_TYPES: tuple[ColumnType, ...] = ("number", "integer", "boolean", "category", "date", "text", "ignored")
PATH_COLUMN = "path"
# Ids of samples without a label begin so, in provenance too.
UNLABELLED = "unlabelled:"


@dataclass(frozen=True)
class Schema:
    """What the columns of a dataset are.

    Parameters
    ----------
    label : str
        Name of the label column.
    types : dict of str to ColumnType
        Type of every column but the label, in the file's order. A column of
        type ``ignored`` is carried along and never used to learn or generate.
    text : str or None
        Name of the text column (kind ``text``).
    group : str or None
        Column whose equal values stay on one side of the split.
    stored : dict of str to dict
        How columns were stored where that says more than their type (``int8``, ordered categories …).
        Nothing is learnt from it; exported files are stored alike.
    task : {"classification", "regression", "multilabel"}
        Whether the label names a class, is a number, or holds a set of labels.
    cuts : tuple of float or None
        Cut points of the target's ranges as the user gave them (regression).
    ranges : Ranges or None
        Ranges of the target, frozen with the split (regression).
    sets : LabelSets or None
        Which labels there are, and how the label column writes them (multilabel).
    """

    label: str
    types: dict[str, ColumnType] = field(default_factory=dict)
    text: str | None = None
    group: str | None = None
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    task: Task = "classification"
    cuts: tuple[float, ...] | None = None
    ranges: Ranges | None = None
    sets: LabelSets | None = None

    def labels_of(self, frame: pd.DataFrame) -> np.ndarray:
        """Return what each row counts as: its class, its set of labels, or its target's range; shape (n,), str."""
        if self.task == "multilabel":
            return frame[self.label].replace("", NONE).to_numpy(dtype=object)
        if self.task == "classification":
            return frame[self.label].astype(str).to_numpy(dtype=object)
        if self.ranges is None:
            return np.full(len(frame), f"any {self.label}", dtype=object)
        return self.ranges.of(frame[self.label].to_numpy(dtype=np.float64))

    def frozen(self) -> dict[str, Any]:
        """Return as plain data what says more of the label than its column: cuts, ranges, label sets."""
        return {
            "cuts": self.cuts and list(self.cuts),
            "ranges": self.ranges and self.ranges.as_dict(),
            "sets": self.sets and self.sets.as_dict(),
        }

    def features(self, *types: ColumnType) -> list[str]:
        """Return the columns to learn from, of the given types (all when none is given)."""
        skipped = {self.label, self.group}
        wanted = types or tuple(t for t in COLUMN_TYPES if t != "ignored")
        return [name for name, kind in self.types.items() if kind in wanted and name not in skipped]


@dataclass(frozen=True)
class Dataset:
    """Samples of one kind, their labels and a fingerprint.

    Parameters
    ----------
    kind : {"table", "text", "image"}
    frame : DataFrame
        One row per sample, indexed by sample id (str). Holds the label column
        and, for images, ``path`` relative to `root`.
    schema : Schema
    fingerprint : str
        Hash over sorted (relative path, file bytes) of what was loaded.
    root : Path or None
        Folder of the image files.
    unlabelled : Dataset or None
        Samples without a label column that go along with the training part: none of them is a sample of this
        dataset or a copy of one (see `augmentors.unlabelled.attach`).
    """

    kind: Kind
    frame: pd.DataFrame
    schema: Schema
    fingerprint: str
    root: Path | None = None
    unlabelled: Dataset | None = None

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def ids(self) -> np.ndarray:
        """Sample ids, shape (n,), object array of str."""
        return self.frame.index.to_numpy(dtype=object)

    @cached_property
    def labels(self) -> np.ndarray:
        """Labels as text, shape (n,), object array of str; for regression the names of ranges."""
        return self.schema.labels_of(self.frame)

    @cached_property
    def shown_labels(self) -> np.ndarray:
        """One name per sample to draw it by, shape (n,): its label, or the rarest of those it bears."""
        if self.schema.sets is None:
            return self.labels
        counts = self.label_matrix.sum(axis=0)
        rank = np.where(self.label_matrix, counts, np.inf)
        names = np.array(self.schema.sets.names, dtype=object)[rank.argmin(axis=1)]
        return np.where(self.label_matrix.any(axis=1), names, NONE)

    def one_label_each(self) -> Dataset:
        """Return the samples once for each label they bear, as classes; as they are where each has one label anyway.

        Sample ids repeat: for counts and charts, never for what is split or trained on.
        """
        if self.schema.sets is None:
            return self
        rows, columns = np.nonzero(self.label_matrix)
        names = np.array(self.schema.sets.names, dtype=object)[columns]
        frame = self.frame.iloc[rows]
        frame = frame.assign(**{self.schema.label: pd.Series(names, index=frame.index, dtype="str")})
        return replace(self, frame=frame, schema=replace(self.schema, task="classification", sets=None))

    @cached_property
    def targets(self) -> np.ndarray:
        """Target values, shape (n,), float64 (task ``regression``)."""
        return self.frame[self.schema.label].to_numpy(dtype=np.float64)

    @cached_property
    def label_matrix(self) -> np.ndarray:
        """Which labels each sample bears, shape (n, labels), bool (task ``multilabel``)."""
        assert self.schema.sets is not None, "only multilabel datasets have label sets"
        return self.schema.sets.matrix(self.frame[self.schema.label].to_numpy(dtype=object))

    @cached_property
    def class_counts(self) -> dict[str, int]:
        """Samples per class (or bearing each label, or in each range), largest first, ties by name."""
        if self.schema.sets is not None:
            borne = self.label_matrix.sum(axis=0)
            names, counts = np.array(self.schema.sets.names)[borne > 0], borne[borne > 0]
        else:
            names, counts = np.unique(self.labels.astype(str), return_counts=True)
        order = sorted(zip(names.tolist(), counts.tolist(), strict=True), key=lambda item: (-item[1], item[0]))
        return dict(order)

    @cached_property
    def _positions_by_class(self) -> dict[str, np.ndarray]:
        if self.schema.sets is not None:
            return {
                name: np.flatnonzero(own) for name, own in zip(self.schema.sets.names, self.label_matrix.T, strict=True)
            }
        codes, names = pd.factorize(self.labels)
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
        return {str(n): order[bounds[i] : bounds[i + 1]] for i, n in enumerate(names)}

    def positions(self, label: str) -> np.ndarray:
        """Return the row positions of a class (of those bearing a label), ascending, shape (n_class,)."""
        return self._positions_by_class.get(label, np.empty(0, dtype=np.int64))

    def take(self, ids: Sequence[str] | np.ndarray) -> Dataset:
        """Return the samples with these ids, in this order.

        Raises
        ------
        UserError
            When an id is unknown.
        """
        at = self.frame.index.get_indexer(pd.Index(ids))
        if (at < 0).any():
            missing = np.asarray(ids, dtype=object)[at < 0][0]
            raise UserError(f"Sample '{missing}' is not in this dataset of {len(self):,} samples.")
        return Dataset(self.kind, self.frame.iloc[at], self.schema, self.fingerprint, self.root, self.unlabelled)

    def with_ignored(self, names: Sequence[str]) -> Dataset:
        """Return the same samples with some columns of type ``ignored``."""
        if not names:
            return self
        schema = replace(self.schema, types=self.schema.types | dict.fromkeys(names, "ignored"))
        return replace(self, schema=schema)

    @cached_property
    def content_hash(self) -> str:
        """Hash of fingerprint, ids and schema, and of unlabelled samples beside them: names a training part."""
        schema = self.schema
        named = [self.fingerprint, self.ids.tolist(), schema.label, schema.types, schema.text]
        if schema.task != "classification":
            named += [schema.task, *schema.frozen().values()]
        return digest(*named, *([] if self.unlabelled is None else [self.unlabelled.content_hash]))

    @property
    def texts(self) -> list[str]:
        """The text column as a list of str (kind ``text``)."""
        assert self.schema.text is not None, "only text datasets have a text column"
        return self.frame[self.schema.text].fillna("").astype(str).tolist()

    def image_path(self, position: int) -> Path:
        """Return the file of the image at a row position (kind ``image``)."""
        assert self.root is not None, "only image datasets have files"
        return self.root / str(self.frame[PATH_COLUMN].iloc[position])
