"""What selectors choose from, with the vectors in which they measure distances."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset
from augmentors.core.job import Job
from augmentors.core.selector import Candidates


def candidates_of(train: Dataset, new: pd.DataFrame | None = None, files: Sequence[bytes] | None = None) -> Candidates:
    """Return training samples, followed by new ones, for a selector.

    Tables are measured in scaled numbers and one-hot categories learnt on `train`, texts and images by
    their embeddings (see `embed`).

    Parameters
    ----------
    train : Dataset
        Samples of the training part.
    new : DataFrame, optional
        New samples with the columns of the dataset.
    files : sequence of bytes, optional
        Their encoded images.
    """
    if new is None or not len(new):
        return Candidates(train, np.zeros(len(train), dtype=bool), lambda job: _vectors(train, None, None, job))
    together = Dataset(train.kind, pd.concat([train.frame, new]), train.schema, train.fingerprint, train.root)
    is_new = np.arange(len(together)) >= len(train)
    return Candidates(together, is_new, lambda job: _vectors(train, new, files, job))


def _vectors(train: Dataset, new: pd.DataFrame | None, files: Sequence[bytes] | None, job: Job) -> np.ndarray:
    from augmentors.explore.embeddings import embed, embed_images

    if new is None or train.kind != "image":
        frame = train.frame if new is None else pd.concat([train.frame, new])
        return embed(Dataset(train.kind, frame, train.schema, train.fingerprint, train.root), job, fit_on=train.ids)
    real = embed(train, job.part(0.0, 0.5))
    return np.concatenate([real, embed_images(_Decoded(files or []), job.part(0.5, 1.0))])


class _Decoded(Sequence[np.ndarray]):
    """Encoded images as pixels, decoded one at a time."""

    def __init__(self, files: Sequence[bytes]) -> None:
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, i: Any) -> Any:
        from augmentors.explore.images import decode_pixels

        return decode_pixels(self._files[i])
