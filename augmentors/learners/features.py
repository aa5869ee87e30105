"""Features that do not depend on the training part, computed once per sample and reused."""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples

SIDE = 32
CHUNK = 64
REAL = "real"
# What features by an encoder begin with; its hash follows.
ENCODED = "encoder-"
Key = tuple[str, str, str]


class FeatureCache:
    """Rows of features by sample, kept in memory.

    Real samples are known by (fingerprint, sample id); new ones by (digest
    of augmenter and parameters, sample id), so that the same id made with
    other parameters is another sample.

    Names
    -----
    ``minilm`` (texts, 384 numbers), ``efficientnet`` (images, 1280 numbers),
    ``pixels`` (images, 32 × 32 × 3 bytes), ``encoder-HASH`` (any kind: the vectors of an encoder that was learnt
    without labels and made known by `selfsup.kept.register`).
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, np.ndarray]] = {}

    def put(self, name: str, dataset: Dataset, matrix: np.ndarray) -> None:
        """Keep features computed elsewhere (the map's embeddings), one row per sample of the dataset."""
        self.add(name, Source(dataset), np.arange(len(dataset)), matrix)

    def of(self, name: str, dataset: Dataset, extra: Samples | None = None, job: Job = NO_JOB) -> np.ndarray:
        """Return features of the real samples, then of the new ones, shape (n, d)."""
        return self.of_sources(name, [Source(dataset)] + ([Source(dataset, extra)] if extra is not None else []), job)

    def of_sources(self, name: str, sources: Sequence["Source"], job: Job = NO_JOB) -> np.ndarray:
        """Return features of the samples of each source, one after the other, shape (n, d)."""
        missing = [self.missing(name, source) for source in sources]
        done, total = 0, sum(map(len, missing))
        for source, at in zip(sources, missing, strict=True):
            for start in range(0, len(at), CHUNK):
                job.check()
                chunk = at[start : start + CHUNK]
                self.add(name, source, chunk, source.compute(name, chunk))
                done += len(chunk)
                job.progress(done / total, f"Features of sample {done:,} of {total:,}")
        rows = self._rows[name]
        return np.stack([rows[key] for source in sources for key in source.keys])

    def missing(self, name: str, source: "Source") -> np.ndarray:
        """Return the positions of the samples whose features are not known yet."""
        rows = self._rows.setdefault(name, {})
        return np.array([i for i, key in enumerate(source.keys) if key not in rows], dtype=np.int64)

    def add(self, name: str, source: "Source", at: np.ndarray, matrix: np.ndarray) -> None:
        """Keep the features of the samples at these positions."""
        keys = source.keys
        self._rows.setdefault(name, {}).update(zip([keys[i] for i in at], matrix, strict=True))

    def of_real_samples(self) -> "FeatureCache":
        """Return a cache that begins with the real samples' features; what is added to it is not added here."""
        cache = FeatureCache()
        cache._rows = {
            name: {key: row for key, row in rows.items() if key[0] == REAL} for name, rows in self._rows.items()
        }
        return cache

    def write(self, folder: Path) -> None:
        """Write all features into a folder, for other processes to `read`."""
        for name, rows in self._rows.items():
            np.save(folder / f"{name}.npy", np.stack(list(rows.values())) if rows else np.empty((0, 0)))
            (folder / f"{name}.json").write_text(json.dumps(list(rows)), encoding="utf-8")

    @staticmethod
    def read(folder: Path) -> "FeatureCache":
        """Return the features written into a folder; their pages are shared by all processes that read them."""
        cache = FeatureCache()
        for path in sorted(folder.glob("*.json")):
            keys = [tuple(key) for key in json.loads(path.read_text(encoding="utf-8"))]
            matrix = np.load(path.with_suffix(".npy"), mmap_mode="r")
            cache._rows[path.stem] = dict(zip(keys, np.asarray(matrix), strict=True))
        return cache


class Source:
    """Real samples, or new ones of a dataset, as the cache asks for them.

    Parameters
    ----------
    dataset : Dataset
    extra : Samples, optional
        The new samples; when left out, the samples are the dataset's own.
    """

    def __init__(self, dataset: Dataset, extra: Samples | None = None) -> None:
        self._dataset, self._extra = dataset, extra

    def __getstate__(self) -> dict[str, object]:
        """Travel to other processes without what can be found again there."""
        return {"_dataset": self._dataset, "_extra": self._extra}

    @cached_property
    def keys(self) -> list[Key]:
        """What names each sample in the cache."""
        return _real_keys(self._dataset) if self._extra is None else _new_keys(self._extra)

    @cached_property
    def _read(self) -> Callable[[int], object]:
        return _real_reader(self._dataset) if self._extra is None else _new_reader(self._dataset, self._extra)

    def compute(self, name: str, at: np.ndarray) -> np.ndarray:
        """Return features of the samples at these positions, shape (len(at), d)."""
        if name.startswith(ENCODED):
            return self._encoded(name.removeprefix(ENCODED), at)
        return FEATURES[name]([self._read(int(i)) for i in at])

    def _encoded(self, encoder_hash: str, at: np.ndarray) -> np.ndarray:
        from augmentors.selfsup.kept import known_encoder

        encoder = known_encoder(encoder_hash)
        if self._dataset.kind != "table":
            return encoder.encode_new([self._read(int(i)) for i in at])
        frame = self._dataset.frame if self._extra is None else self._extra.frame
        return encoder.encode_new(frame.iloc[at])


def _real_keys(dataset: Dataset) -> list[Key]:
    return [(REAL, dataset.fingerprint, i) for i in dataset.ids]


def _new_keys(extra: Samples) -> list[Key]:
    entries = extra.certificate["entry"] if "entry" in extra.certificate else [""] * len(extra)
    return [("new", str(entry), str(i)) for entry, i in zip(entries, extra.frame.index, strict=True)]


def _real_reader(dataset: Dataset) -> Callable[[int], object]:
    from augmentors.explore.images import read_rgb

    if dataset.kind == "image":
        return lambda i: read_rgb(dataset.image_path(i))
    return dataset.texts.__getitem__


def _new_reader(dataset: Dataset, extra: Samples) -> Callable[[int], object]:
    if dataset.kind == "image":
        images = extra.images
        assert images is not None, "new samples of an image dataset carry their pixels"
        return lambda i: as_rgb(images[i])
    return new_texts(dataset, extra).__getitem__


def new_texts(dataset: Dataset, extra: Samples) -> list[str]:
    """Return the texts of new samples."""
    return extra.frame[dataset.schema.text].fillna("").astype(str).tolist()


def as_rgb(pixels: np.ndarray) -> np.ndarray:
    """Return grey, RGB or RGBA pixels as RGB; what is transparent is laid on white, as `read_rgb` does."""
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], 3, axis=2)
    if pixels.shape[2] == 1:
        return np.repeat(pixels, 3, axis=2)
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    return np.rint(pixels[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def thumbnails(images: Sequence[np.ndarray]) -> np.ndarray:
    """Return RGB images squeezed to 32 × 32, shape (n, 3072), uint8."""
    import cv2

    small = [cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in images]
    return np.stack(small).reshape(len(small), -1)


def _minilm(texts: list) -> np.ndarray:
    from augmentors.explore.embeddings import embed_texts

    return embed_texts(texts)


def _efficientnet(images: list) -> np.ndarray:
    from augmentors.explore.embeddings import embed_images

    return embed_images(images)


FEATURES: dict[str, Callable[[list], np.ndarray]] = {
    "minilm": _minilm,
    "efficientnet": _efficientnet,
    "pixels": thumbnails,
}

# Time per sample relative to one logistic fit (see LearnerCard.effort), for progress and ETA only.
FEATURE_EFFORT: dict[str, float] = {"minilm": 1 / 60, "efficientnet": 1 / 30, "pixels": 1 / 200}


def feature_effort(name: str) -> float:
    """Return the time per sample of features relative to one logistic fit."""
    return FEATURE_EFFORT.get(name, 1 / 30)
