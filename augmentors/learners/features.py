"""Features that do not depend on the training part, computed once per sample and reused."""

from collections.abc import Callable, Sequence

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.samples import Samples

SIDE = 32
_CHUNK = 64
Key = tuple[str, str, str]


class FeatureCache:
    """Rows of features by sample, kept in memory.

    Real samples are known by (fingerprint, sample id); new ones by (digest
    of augmenter and parameters, sample id), so that the same id made with
    other parameters is another sample.

    Names
    -----
    ``minilm`` (texts, 384 numbers), ``efficientnet`` (images, 1280 numbers),
    ``pixels`` (images, 32 × 32 × 3 bytes).
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, np.ndarray]] = {}

    def put(self, name: str, dataset: Dataset, matrix: np.ndarray) -> None:
        """Keep features computed elsewhere (the map's embeddings), one row per sample of the dataset."""
        self._rows.setdefault(name, {}).update(zip(_real_keys(dataset), matrix, strict=True))

    def of(self, name: str, dataset: Dataset, extra: Samples | None = None, job: Job = NO_JOB) -> np.ndarray:
        """Return features of the real samples, then of the new ones, shape (n, d)."""
        rows = self._rows.setdefault(name, {})
        todo = [(_real_keys(dataset), _real_reader(dataset))]
        if extra is not None:
            todo.append((_new_keys(extra), _new_reader(dataset, extra)))
        missing = [[i for i, key in enumerate(keys) if key not in rows] for keys, _ in todo]
        done, total = 0, sum(map(len, missing))
        for (keys, read), at in zip(todo, missing, strict=True):
            for start in range(0, len(at), _CHUNK):
                job.check()
                chunk = at[start : start + _CHUNK]
                made = FEATURES[name]([read(i) for i in chunk])
                rows.update(zip([keys[i] for i in chunk], made, strict=True))
                done += len(chunk)
                job.progress(done / total, f"Features of sample {done:,} of {total:,}")
        return np.stack([rows[key] for keys, _ in todo for key in keys])


def _real_keys(dataset: Dataset) -> list[Key]:
    return [("real", dataset.fingerprint, i) for i in dataset.ids]


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
