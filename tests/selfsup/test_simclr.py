"""SimCLR that starts from ImageNet: what learns, what stays, what it is before a single step."""

import numpy as np
import pytest
import torch

from augmentors.core.dataset import Dataset
from augmentors.explore.embeddings import embed, fresh_image_model
from augmentors.selfsup.lite_net import FIRST_TRAINED, LiteNet
from augmentors.selfsup.simclr import SimClr
from augmentors.selfsup.views import Changes, view_of

CLOSE = Changes(least_area=1.0, turn=0.0, colour=0.0, noise=0.0, flip=False)


def test_before_the_first_step_it_is_the_built_in_embedding(images: Dataset) -> None:
    some = images.take(images.ids[:6])
    untrained = SimClr(steps=1, learning_rate=1e-12, batch=2)
    assert np.allclose(untrained.fit(some).encode(some), embed(some), atol=1e-4)


def test_steps_change_the_last_blocks_alone_and_the_loss_falls(images: Dataset) -> None:
    some = images.take(images.ids[::6])
    fitted = SimClr(steps=6, batch=15).fit(some)
    losses = [loss for _, loss in fitted.history]
    assert min(losses[3:]) < losses[0]
    assert SimClr(steps=6, batch=15).fit(some).hash == fitted.hash
    original = fresh_image_model()
    first = fitted.weights["blocks.0._expand_conv.weight"]
    assert not np.array_equal(first, original._blocks[FIRST_TRAINED]._expand_conv.weight.detach().numpy())
    kept = LiteNet()._before[0]._blocks[0]._depthwise_conv.weight
    assert torch.equal(kept, original._blocks[0]._depthwise_conv.weight)
    assert not any(name.startswith("_before") for name in fitted.weights)


def test_a_view_without_changes_is_the_image() -> None:
    images = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(view_of(images, CLOSE, torch.Generator()), images, atol=1e-5)


@pytest.mark.parametrize("changed", [{"least_area": 0.3}, {"turn": 30.0}, {"colour": 0.5}, {"noise": 0.1}])
def test_every_change_changes_views_and_keeps_their_range(changed: dict[str, float]) -> None:
    images = torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    views = view_of(images, Changes(**CLOSE.__dict__ | changed), torch.Generator().manual_seed(1))
    assert not torch.allclose(views, images, atol=1e-3)
    assert views.min() >= 0 and views.max() <= 1
    again = view_of(images, Changes(**CLOSE.__dict__ | changed), torch.Generator().manual_seed(1))
    assert torch.equal(views, again)


def test_views_are_mirrored_only_when_asked() -> None:
    """An image dark on the left stays so in every view, until views may be mirrored."""
    image = torch.linspace(0, 1, 16).expand(64, 3, 16, 16)
    kept = view_of(image, Changes(0.3, 10, 0.5, 0.05, False), torch.Generator().manual_seed(2))
    assert (kept[..., :8].mean(dim=(1, 2, 3)) < kept[..., 8:].mean(dim=(1, 2, 3))).all()
    mirrored = view_of(image, Changes(0.3, 10, 0.5, 0.05, True), torch.Generator().manual_seed(2))
    dark_left = (mirrored[..., :8].mean(dim=(1, 2, 3)) < mirrored[..., 8:].mean(dim=(1, 2, 3))).sum()
    assert 16 < dark_left < 48
