"""A studio: small pictures, datasets of them, and what augmenters make of them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from augmentors.catalog import get
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from


class Studio:
    """Writes images into a folder and has them augmented."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def dataset(self, images: Sequence[np.ndarray]) -> Dataset:
        """Write images as one class `only` and return them."""
        names = [f"{i:03d}.png" for i in range(len(images))]
        for name, image in zip(names, images, strict=True):
            Image.fromarray(image).save(self.folder / name)
        frame = pd.DataFrame({"path": names, "label": "only"}, index=pd.Index(names)).astype("str")
        return Dataset("image", frame, Schema("label", {"path": "ignored"}), str(self.folder), self.folder)

    @staticmethod
    def photo(height: int = 48, width: int = 64, seed: int = 0) -> np.ndarray:
        """Return a colourful image of soft blobs."""
        rng = np.random.default_rng(seed)
        coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
        return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))

    @staticmethod
    def make(key: str, train: Dataset, n: int = 1, seed: int = 0, **params: Any) -> Samples:
        """Return n samples of a freshly fitted augmenter."""
        return get(key)(**params).fit(train, rng_from("fit")).augment("only", n, rng_from(seed))

    @staticmethod
    def image(samples: Samples, i: int = 0) -> np.ndarray:
        assert samples.images is not None
        return samples.images[i]

    @staticmethod
    def told(samples: Samples, i: int = 0) -> dict[str, Any]:
        """Return what the certificate of a sample says was drawn."""
        return json.loads(samples.certificate["drawn"].iloc[i])


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)
