"""The new samples of a version or an exported folder, read back from disk."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from augmentors.core.dataset import PATH_COLUMN, Dataset
from augmentors.core.errors import UserError
from augmentors.core.samples import Samples
from augmentors.evaluate.image_files import ImageFiles
from augmentors.evaluate.safe_folds import parent_matrix


class StoredImages(ImageFiles):
    """Image files on disk as RGB pixels."""

    def _read(self, file: Path) -> np.ndarray:
        from augmentors.explore.images import read_rgb

        return read_rgb(file)


def read_synthetic(version_path: Path, dataset: Dataset) -> Samples:
    """Return the new samples of a version with their provenance.

    Parameters
    ----------
    version_path : Path
        Folder with ``train/`` and ``provenance.parquet``.
    dataset : Dataset
        What the version was made from; gives columns and dtypes.

    Returns
    -------
    Samples
        Images are decoded only when they are asked for.

    Raises
    ------
    UserError
        When the folder is not a version, was made from other data, or lacks a sample that its provenance lists.
    """
    version_path = Path(version_path)
    if not (version_path / "provenance.parquet").is_file():
        raise UserError(f"'{version_path}' is not a version: it has no provenance.parquet.")
    _check_origin(version_path, dataset)
    provenance = pd.read_parquet(version_path / "provenance.parquet")
    ids = provenance["sample_id"].astype(str).to_numpy(dtype=object)
    if dataset.kind == "image":
        frame, images = _read_images(version_path / "train", ids, dataset)
    else:
        frame, images = _read_rows(version_path / "train" / "train.parquet", ids, dataset), None
    if dataset.schema.task == "classification":
        frame[dataset.schema.label] = _label_values(provenance["target"].astype(str), dataset)
    parents = parent_matrix(provenance["parents"])
    certificate = provenance.drop(columns=["sample_id", "parents", "weights"], errors="ignore")
    certificate.index = frame.index
    return Samples(frame, parents, _weights(provenance, parents), certificate, images)


def _check_origin(version_path: Path, dataset: Dataset) -> None:
    path = version_path / "manifest.json"
    if not path.is_file():
        return
    made_from = json.loads(path.read_text(encoding="utf-8")).get("dataset_fingerprint", dataset.fingerprint)
    if made_from != dataset.fingerprint:
        raise UserError(
            f"The version '{version_path.name}' was made from other data than this dataset.",
            "Compare it with the dataset it was made from.",
        )


def _weights(provenance: pd.DataFrame, parents: np.ndarray) -> np.ndarray:
    """Return the parents' weights, aligned with `parents`; equal shares where none are stored."""
    present = parents != ""
    if "weights" not in provenance:
        return present / np.maximum(present.sum(axis=1, keepdims=True), 1)
    weights = np.zeros(parents.shape)
    weights[present] = np.concatenate([np.empty(0), *(np.asarray(w, float) for w in provenance["weights"])])
    return weights


def _read_rows(path: Path, ids: np.ndarray, dataset: Dataset) -> pd.DataFrame:
    """Return the rows of these ids with the dataset's columns and dtypes."""
    stored = pd.read_parquet(path)
    # The first column holds the ids, whatever it is called (the data may have a "sample_id" of its own).
    rows = stored.set_index(stored.columns[0])
    rows.index = rows.index.astype(str)
    rows = rows.loc[_all_there(ids, rows.index, path)]
    if dataset.schema.sets is not None:
        rows = dataset.schema.sets.collapsed(rows, dataset.schema.label)
    columns = {name: _cast(rows[name], dataset.frame[name].dtype) for name in dataset.frame.columns}
    return pd.DataFrame(columns, index=_sample_index(ids, dataset))


def _cast(column: pd.Series, dtype: Any) -> Any:
    if dtype.kind == "M" and column.dtype == object:  # whole days are stored as dates
        return pd.to_datetime(column).astype(dtype).array
    if isinstance(column.dtype, pd.DatetimeTZDtype):  # a dataset holds times in UTC
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if dtype.kind in "iub" and column.isna().any():
        dtype = {"i": "Int64", "u": "UInt64", "b": "boolean"}[dtype.kind]
    return column.astype(dtype).array


def _read_images(folder: Path, ids: np.ndarray, dataset: Dataset) -> tuple[pd.DataFrame, Any]:
    """Return rows that hold only path (and label later), and the images beside them."""
    path = folder / "metadata.csv"
    stored = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = stored.set_index(stored.columns[0])
    rows = rows.loc[_all_there(ids, rows.index, path)]
    index = _sample_index(ids, dataset)
    columns: dict[str, Any] = {
        name: pd.Series([None] * len(ids), index=index, dtype=object) for name in dataset.frame.columns
    }
    columns[PATH_COLUMN] = pd.Series(rows["file"].to_numpy(), index=index, dtype="str")
    return pd.DataFrame(columns, index=index), StoredImages([folder / file for file in rows["file"]])


def _sample_index(ids: np.ndarray, dataset: Dataset) -> pd.Index:
    return pd.Index(ids, dtype=dataset.frame.index.dtype, name=dataset.frame.index.name)


def _all_there(ids: np.ndarray, stored: pd.Index, path: Path) -> np.ndarray:
    lost = ~np.isin(ids, stored.to_numpy(dtype=object))
    if lost.any():
        raise UserError(
            f"'{path.name}' lacks the new sample '{ids[lost][0]}' that the provenance lists.",
            "The version was changed after it was made: run the plan again.",
        )
    return ids


def _label_values(targets: pd.Series, dataset: Dataset) -> Any:
    """Return targets, which are text, as values of the label column."""
    column = dataset.frame[dataset.schema.label]
    first = {str(label): int(dataset.positions(label)[0]) for label in dataset.class_counts}
    unknown = next((t for t in targets if t not in first), None)
    if unknown is not None:
        raise UserError(f"The version has new samples of class '{unknown}', which this dataset does not have.")
    return column.iloc[[first[t] for t in targets]].array
