import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.selector import Candidates


def candidates(points: np.ndarray, labels: list[str], new: int = 0) -> Candidates:
    """Return points in the plane whose vectors are the points themselves."""
    frame = pd.DataFrame(points, columns=["x", "y"], index=pd.Index([f"s{i}" for i in range(len(points))]))
    frame["label"] = labels
    data = Dataset("table", frame, Schema("label", {"x": "number", "y": "number"}), "made")
    return Candidates(data, np.arange(len(points)) >= len(points) - new, lambda job: points)


@pytest.fixture(scope="session")
def overlapping() -> Candidates:
    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(0, 1, (120, 2)), rng.normal(1.2, 1, (40, 2))])
    return candidates(points, ["many"] * 120 + ["few"] * 40)
