"""The loss of SimCLR against its closed form."""

import numpy as np
import pytest
import torch

from augmentors.selfsup.nt_xent import nt_xent


def by_definition(first: np.ndarray, second: np.ndarray, temperature: float) -> float:
    """Return the paper's equation 1, a pair at a time."""
    views = np.concatenate([first, second])
    n, losses = len(first), []
    for i in range(2 * n):
        j = (i + n) % (2 * n)
        s = [views[i] @ v / (np.linalg.norm(views[i]) * np.linalg.norm(v)) / temperature for v in views]
        losses.append(-np.log(np.exp(s[j]) / sum(np.exp(s[k]) for k in range(2 * n) if k != i)))
    return float(np.mean(losses))


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0])
def test_it_is_the_papers_equation(temperature: float) -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 7, 5))
    found = nt_xent(torch.from_numpy(first), torch.from_numpy(second), temperature)
    assert float(found) == pytest.approx(by_definition(first, second, temperature), rel=1e-12)


def test_equal_views_of_orthogonal_samples() -> None:
    """Worked by hand: cosines are 1 with the other view and 0 with the two views of the other sample."""
    views = torch.eye(2, dtype=torch.float64)
    assert float(nt_xent(views, views, 1.0)) == pytest.approx(-np.log(np.e / (np.e + 2)))


def test_the_length_of_vectors_does_not_matter() -> None:
    first, second = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0))
    assert float(nt_xent(first, second, 0.5)) == pytest.approx(float(nt_xent(first * 7, second / 3, 0.5)), rel=1e-5)
