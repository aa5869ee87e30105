"""FixMatch: its loss by hand, its views, and that it learns from unlabelled samples of the right kind."""

from dataclasses import replace
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
import torch

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB
from augmentors.learners.cnn import SmallCnn
from augmentors.learners.features import FeatureCache
from augmentors.learners.mlp import TableNet
from augmentors.learners.nets.fixmatch import VectorViews, consistency, fit_fixmatch, passes
from augmentors.learners.nets.image_views import OPERATORS, PixelViews, as_images, as_rows, changed, shifted, with_hole
from augmentors.learners.nets.parts import hidden_layers
from augmentors.learners.nets.training import BATCH, Schedule
from augmentors.learners.neural import Unlabelled
from augmentors.testing import Toys, numeric_table


def test_the_loss_counts_strong_views_of_sure_weak_ones_alone() -> None:
    # Weak views: odds e^4 (0.982, sure), e^2 (0.881, not sure) and e^-5 (0.993 for the second class, sure).
    weak = torch.tensor([[4.0, 0.0], [2.0, 0.0], [0.0, 5.0]], requires_grad=True)
    strong = torch.tensor([[1.0, 0.0], [0.0, 3.0], [2.0, 0.0]], requires_grad=True)
    loss, share = consistency(weak, strong)
    by_hand = (-log(exp(1) / (exp(1) + 1)) - log(1 / (exp(2) + 1))) / 3
    assert float(loss.detach()) == pytest.approx(by_hand, rel=1e-6)
    assert share == pytest.approx(2 / 3)
    loss.backward()
    assert weak.grad is None and strong.grad is not None
    assert strong.grad[1].abs().sum() == 0


def test_batches_go_through_all_before_any_comes_again() -> None:
    drawn = list(passes(10, 4, 5, torch.Generator().manual_seed(0)))
    assert [len(batch) for batch in drawn] == [4] * 5
    assert sorted(torch.cat(drawn)[:10].tolist()) == list(range(10))
    assert len(next(iter(passes(3, 64, 1, torch.Generator().manual_seed(0))))) == 3


@pytest.fixture
def images() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (20, 3072), dtype=np.uint8))


def test_rows_and_images_are_the_same_thing(images: torch.Tensor) -> None:
    assert torch.allclose(as_rows(as_images(images)), images.float(), atol=1e-3)


def test_a_weak_view_is_moved_by_at_most_an_eighth(images: torch.Tensor) -> None:
    one = as_images(images)
    moved = shifted(one, torch.Generator().manual_seed(1))
    for before, after in zip(one, moved, strict=True):
        # Its middle is found again, whole, within four pixels each way.
        middle = after[:, 8:24, 8:24]
        found = [
            (down, right)
            for down in range(4, 13)
            for right in range(4, 13)
            if torch.equal(before[:, down : down + 16, right : right + 16], middle)
        ]
        assert len(found) == 1


def test_every_operator_keeps_shape_and_changes_something(images: torch.Tensor) -> None:
    smooth = as_images(images).cumsum(dim=3) / 32
    for operator in OPERATORS:
        after = operator(smooth, torch.full((len(smooth), 1, 1, 1), 0.2)).clamp(0, 1)
        assert after.shape == smooth.shape and torch.isfinite(after).all()
        assert not torch.allclose(after, smooth, atol=1e-3)
    assert not torch.equal(changed(smooth, torch.Generator().manual_seed(0)), smooth)


def test_a_hole_is_grey_and_at_most_half_the_side(images: torch.Tensor) -> None:
    white = torch.ones(50, 3, 32, 32)
    grey = with_hole(white, torch.Generator().manual_seed(0)) == 0.5
    assert grey.any(dim=1).any(dim=2).sum(dim=1).max() <= 17
    assert grey.flatten(1).any(dim=1).float().mean() > 0.9


def test_views_come_from_the_generator_alone(images: torch.Tensor) -> None:
    views, at = PixelViews(images.numpy()), torch.arange(8)
    state = torch.get_rng_state()
    one, two, other = (views.strong(at, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert torch.equal(one, two) and not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), state)


def trained(X: np.ndarray, codes: np.ndarray, pool: np.ndarray, seed: int = 0):  # type: ignore[no-untyped-def]
    noise = np.random.default_rng(5).normal(0, 0.3, pool.shape).astype(np.float32)
    views = VectorViews(pool, [pool + noise, pool - noise])
    build = lambda generator: hidden_layers(X.shape[1], 32, generator)  # noqa: E731
    return fit_fixmatch(build, X, codes, views, Schedule(150, 5e-3), seed, NO_JOB)


def test_the_same_seed_gives_the_same_losses_and_unlabelled_samples_move_the_border() -> None:
    """Two moons with eight labels, beside a thousand others or beside those eight again."""
    from sklearn.datasets import make_moons

    X, y = (
        part.astype(kind) for part, kind in zip(make_moons(1200, noise=0.06, random_state=0), ("f4", "i8"), strict=True)
    )
    few = np.concatenate([np.flatnonzero(y == code)[:4] for code in (0, 1)])
    one, two, other = (
        trained(X[few], y[few], X[200:]),
        trained(X[few], y[few], X[200:]),
        trained(X[few], y[few], X[few]),
    )
    assert one.net.losses == two.net.losses
    assert len(one.net.losses) == 150 and one.sure[-1] > 0.5
    sure, alone = (fit.net.proba(X[:200], NO_JOB) for fit in (one, other))
    assert np.abs(sure - alone).max() > 0.05  # other unlabelled samples, another border


def test_small_cnn_learns_from_unlabelled_images(tmp_path: Path) -> None:
    data = Toys("image", tmp_path, unlabelled=True).ordinary({"common": 20, "rare": 10})
    assert data.unlabelled is not None
    one, two, plain = (SmallCnn(3, None, FeatureCache()) for _ in range(3))
    one.min_steps = two.min_steps = plain.min_steps = 20
    for net in (one, two):
        net.unlabelled = Unlabelled(data.unlabelled)
    for net in (one, two, plain):
        net.fit(data)
    assert one.losses_ == two.losses_ and one.losses_ != plain.losses_
    assert len(one.sure_) == len(one.losses_) == len(plain.losses_)
    held = data.take(data.ids[:6])
    assert np.array_equal(one.predict_proba(held), two.predict_proba(held))


def test_a_net_without_views_says_so() -> None:
    train: Dataset = numeric_table(rows=BATCH)
    net = TableNet(0)
    net.unlabelled = Unlabelled(replace(train))
    with pytest.raises(NotImplementedError, match="has no views"):
        net.fit(train)
