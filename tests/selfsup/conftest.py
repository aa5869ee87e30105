from pathlib import Path

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.ingest import load

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


@pytest.fixture(scope="session")
def images() -> Dataset:
    """Return 9 real images of each of ten classes."""
    dataset = load(SAMPLES / "fashion.zip").dataset
    return dataset.take(np.concatenate([dataset.ids[dataset.positions(name)[:9]] for name in dataset.class_counts]))
