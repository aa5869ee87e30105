"""Finds real samples that are the same as, or nearly the same as, a new one.

What counts as near, per kind: table rows whose numbers all lie within a
thousandth of the column's standard deviation (and far closer than real rows
usually are to each other) and whose other values are equal; texts that are
equal once case, punctuation and spacing are ignored; images whose 16 × 16
miniatures differ by at most two grey levels anywhere.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from

ROW_TOLERANCE = 1e-3
SPACING_SHARE = 0.05
SPACING_ROWS = 100
# With this many continuous columns, two real rows do not meet by chance within the tolerance.
UNCROWDED_COLUMNS = 4
PROJECTED = 4
CANDIDATES = 4
MINIATURE = 16
CELLS = MINIATURE * MINIATURE * 3
LEVEL_TOLERANCE = 2.0


class NearIndex(ABC):
    """Looks up the nearest of some real samples.

    Attributes
    ----------
    tolerance : float
        A distance at or below it is a near copy.
    unit : str
        What the distance is measured in, for people.
    """

    tolerance: float
    unit: str

    @abstractmethod
    def query(self, samples: Samples, looks: "Looks | None" = None) -> tuple[np.ndarray, np.ndarray]:
        """Return distance (inf when nothing is near) and id of the near real sample, both of shape (n,)."""


def near_index(real: Dataset, scale_from: Dataset) -> NearIndex:
    """Return the index over `real`; scales come from `scale_from` (the training part)."""
    if real.kind == "table":
        return _RowIndex(real, scale_from)
    return _TextIndex(real) if real.kind == "text" else _ImageIndex(real)


def content_keys(samples: Samples, looks: "Looks | None", text: str | None, label: str) -> np.ndarray:
    """Return, per sample, a hash that equal content shares, shape (n,), uint64."""
    if looks is not None:
        return looks.keys
    columns = [text] if text is not None else [c for c in samples.frame.columns if c != label]
    frame = samples.frame[columns]
    if text is not None:
        frame = frame.assign(**{text: [plain(t) for t in frame[text].fillna("").astype(str)]})
    return pd.util.hash_pandas_object(frame, index=False).to_numpy(dtype=np.uint64)


@dataclass(frozen=True)
class Looks:
    """What the gate needs to know of images, so that their pixels need not be kept.

    Parameters
    ----------
    cells : ndarray of uint8, shape (n, 768)
        16 × 16 RGB miniatures.
    keys : ndarray of uint64, shape (n,)
        Equal content, equal key.
    faults : ndarray of object, shape (n,)
        Why an image is unusable, '' for usable ones.
    """

    cells: np.ndarray
    keys: np.ndarray
    faults: np.ndarray

    @staticmethod
    def of(images: Sequence[np.ndarray], keys: Sequence[int] | None = None) -> "Looks":
        """Return the looks of images; `keys`, when given, spare hashing the pixels."""
        cells = [miniature(image) for image in images]
        if keys is None:
            keys = [hash_bytes(f"{image.shape}".encode() + image.tobytes()) for image in images]
        faults = np.array([image_fault(image) for image in images], dtype=object)
        stacked = np.stack(cells) if cells else np.empty((0, CELLS), np.uint8)
        return Looks(stacked, np.array(keys, dtype=np.uint64), faults)

    def take(self, positions: np.ndarray) -> "Looks":
        """Return the looks at these positions."""
        return Looks(self.cells[positions], self.keys[positions], self.faults[positions])

    @staticmethod
    def join(parts: Sequence["Looks"]) -> "Looks":
        """Return several as one, in order."""
        return Looks(
            np.concatenate([p.cells for p in parts]),
            np.concatenate([p.keys for p in parts]),
            np.concatenate([p.faults for p in parts]),
        )


def image_fault(image: np.ndarray) -> str:
    """Return why an image cannot be used, '' when it can."""
    if image.dtype != np.uint8 or image.size == 0:
        return "is not an 8-bit image"
    if image.size > 3 and image.flat[0] == image.flat[-1] and image.min() == image.max():
        return "is a single flat colour"
    return ""


def hash_bytes(data: bytes) -> int:
    """Return a 64-bit hash of bytes, the same in every process."""
    import hashlib

    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def plain(text: str) -> str:
    """Return a text without case, punctuation and spacing.

    Examples
    --------
    >>> plain("Free  PRIZE!") == plain("free prize")
    True
    """
    folded = re.sub(r"[\W_]+", " ", text.casefold()).strip()
    return folded or text.strip()


class _RowIndex(NearIndex):
    tolerance = ROW_TOLERANCE
    unit = "standard deviations in the column that differs most"

    def __init__(self, real: Dataset, scale_from: Dataset) -> None:
        from scipy.spatial import cKDTree

        self._numbers = real.schema.features("number", "integer", "date")
        self._others = real.schema.features("boolean", "category", "text")
        numbers = _as_numbers(scale_from.frame, self._numbers)
        with np.errstate(invalid="ignore"):
            spread = np.nanstd(numbers, axis=0) if len(numbers) else np.zeros(numbers.shape[1])
        self._scale = np.where(np.isfinite(spread) & (spread > 0), spread, 1.0)
        self._center = np.nan_to_num(numbers[0]) if len(numbers) else np.zeros(numbers.shape[1])
        self._ids = real.ids
        self._values, self._codes = self._encode(real.frame)
        width = self._values.shape[1]
        self._axes = np.linalg.qr(rng_from("near", width).normal(size=(width, min(PROJECTED, width))))[0]
        self._tree = cKDTree(self._project(self._values, self._codes)) if len(real) else None
        self.tolerance = min(ROW_TOLERANCE, SPACING_SHARE * self._usual_spacing(scale_from))

    def _usual_spacing(self, train: Dataset) -> float:
        """Median distance of training rows to their nearest different row, from at most 100 rows.

        Where few columns make real rows crowd together, being close is no sign of copying.
        """
        if len(train.schema.features("number", "date")) >= UNCROWDED_COLUMNS:
            return np.inf
        values, codes = self._encode(train.frame)
        asking = np.linspace(0, len(values) - 1, min(len(values), SPACING_ROWS)).astype(int)
        nearest = []
        for i in asking:
            gaps = np.abs(values - values[i]).max(axis=1, initial=0.0)
            real = gaps[(codes == codes[i]) & (gaps > 0)]
            if len(real):
                nearest.append(real.min())
        return float(np.median(nearest)) if nearest else 0.0

    def _encode(self, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        values = (_as_numbers(frame, self._numbers) - self._center) / self._scale
        # Missing only equals missing: a value far outside any scaled column stands for it.
        values = np.where(np.isnan(values), -1e6, values)
        if not self._others:
            return values, np.zeros(len(frame), dtype=np.uint64)
        codes = pd.util.hash_pandas_object(frame[self._others].astype(object), index=False)
        return values, codes.to_numpy(dtype=np.uint64)

    def _project(self, values: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Few axes for a quick look-up; rows whose other columns differ are far apart on the last."""
        apart = (codes % np.uint64(1_000_003)).astype(np.float64)
        return np.column_stack([values @ self._axes, apart])

    def query(self, samples: Samples, looks: Looks | None = None) -> tuple[np.ndarray, np.ndarray]:
        values, codes = self._encode(samples.frame)
        distance, names = np.full(len(values), np.inf), np.full(len(values), "", dtype=object)
        if self._tree is None or not len(values):
            return distance, names
        radius = self.tolerance * np.sqrt(values.shape[1]) * 1.001 + 1e-9
        k = min(CANDIDATES, len(self._ids))
        _, found = self._tree.query(self._project(values, codes), k=k, distance_upper_bound=radius)
        found = found.reshape(len(values), k)
        for column in range(k):
            hit = np.flatnonzero(found[:, column] < len(self._ids))
            real = found[hit, column]
            hit, real = hit[codes[hit] == self._codes[real]], real[codes[hit] == self._codes[real]]
            gap = np.abs(values[hit] - self._values[real]).max(axis=1, initial=0.0)
            better = gap < distance[hit]
            distance[hit[better]], names[hit[better]] = gap[better], self._ids[real[better]]
        return distance, names


def _as_numbers(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Return columns as float64, dates as seconds, missing as NaN; shape (n, len(columns))."""
    out = np.empty((len(frame), len(columns)))
    for j, name in enumerate(columns):
        column = frame[name]
        if column.dtype.kind == "M":
            seconds = column.astype("datetime64[ms]").astype("int64").to_numpy() / 1000.0
            out[:, j] = np.where(column.isna(), np.nan, seconds)
        else:
            out[:, j] = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return out


def copy_words(kind: Kind) -> str:
    """Return what counts as a copy of a real sample on a kind of data, for people."""
    if kind == "text":
        return "a copy has the same words in the same order"
    index = _RowIndex if kind == "table" else _ImageIndex
    return f"a copy lies within {index.tolerance:g} {index.unit}"


class _TextIndex(NearIndex):
    tolerance = 0.0
    unit = "0 = same words in the same order"

    def __init__(self, real: Dataset) -> None:
        self._column = str(real.schema.text)
        self._known: dict[str, str] = {}
        for name, text in zip(real.ids, real.texts, strict=True):
            self._known.setdefault(plain(text), name)

    def query(self, samples: Samples, looks: Looks | None = None) -> tuple[np.ndarray, np.ndarray]:
        texts = samples.frame[self._column].fillna("").astype(str)
        names = np.array([self._known.get(plain(text), "") for text in texts], dtype=object)
        return np.where(names == "", np.inf, 0.0), names


class _ImageIndex(NearIndex):
    tolerance = LEVEL_TOLERANCE
    unit = "grey levels in the most different cell of a 16 × 16 miniature"

    def __init__(self, real: Dataset) -> None:
        from augmentors.explore.images import read_pixels

        self._ids = real.ids
        cells = [miniature(read_pixels(real.image_path(i))) for i in range(len(real))]
        self._cells = np.stack(cells).astype(np.int16) if cells else np.empty((0, CELLS), np.int16)
        self._means = self._cells.mean(axis=1)

    def query(self, samples: Samples, looks: Looks | None = None) -> tuple[np.ndarray, np.ndarray]:
        looks = looks or Looks.of(samples.images or [])
        n = len(looks.keys)
        distance, names = np.full(n, np.inf), np.full(n, "", dtype=object)
        if not len(self._ids):
            return distance, names
        means = looks.cells.mean(axis=1)
        for i, cells in enumerate(looks.cells.astype(np.int16)):
            # The mean of the cells cannot differ by more than the largest cell difference.
            close = np.flatnonzero(np.abs(self._means - means[i]) <= self.tolerance)
            if not len(close):
                continue
            gaps = np.abs(self._cells[close] - cells).max(axis=1)
            best = int(np.argmin(gaps))
            if gaps[best] <= self.tolerance:
                distance[i], names[i] = float(gaps[best]), self._ids[close[best]]
        return distance, names


def miniature(image: np.ndarray) -> np.ndarray:
    """Return an image as 16 × 16 RGB cells, flat, uint8, shape (768,)."""
    import cv2

    small = cv2.resize(image, (MINIATURE, MINIATURE), interpolation=cv2.INTER_AREA)
    if small.ndim == 2:
        small = np.repeat(small[:, :, None], 3, axis=2)
    small = np.ascontiguousarray(small[:, :, :3])
    return small.reshape(-1)
