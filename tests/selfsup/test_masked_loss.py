"""Only what was hidden counts."""

import pytest
import torch

from augmentors.selfsup.masked_loss import draw_mask, masked_error


def test_the_error_is_the_mean_over_hidden_pixels() -> None:
    """Worked by hand: two of four pixels hidden, off by 1 and 3 in each of two channels."""
    real = torch.zeros(1, 2, 2, 2)
    made = torch.tensor([[[1.0, 9.0], [3.0, 9.0]]] * 2)[None]
    mask = torch.tensor([[1.0, 0.0], [1.0, 0.0]])[None, None]
    assert float(masked_error(made, real, mask)) == pytest.approx(2.0)


def test_what_was_visible_does_not_count() -> None:
    generator = torch.Generator().manual_seed(0)
    made, real = torch.rand(2, 4, 3, 32, 32, generator=generator)
    mask = draw_mask(4, 32, 4, 0.5, generator)
    worse = made + 7 * (1 - mask)
    assert torch.equal(masked_error(worse, real, mask), masked_error(made, real, mask))
    made.requires_grad_()
    masked_error(made, real, mask).backward()
    assert made.grad is not None
    assert not made.grad[(mask == 0).expand_as(made)].any()
    assert made.grad[(mask == 1).expand_as(made)].all()


@pytest.mark.parametrize(("share", "hidden"), [(0.5, 32), (0.001, 1), (0.999, 63)])
def test_whole_patches_are_hidden_the_same_number_in_each_image(share: float, hidden: int) -> None:
    mask = draw_mask(5, 32, 4, share, torch.Generator().manual_seed(1))
    patches = mask.reshape(5, 8, 4, 8, 4).permute(0, 1, 3, 2, 4).reshape(5, 64, 16)
    assert torch.equal(patches.amin(dim=2), patches.amax(dim=2))
    assert patches[:, :, 0].sum(dim=1).tolist() == [hidden] * 5
    assert len({tuple(one) for one in patches[:, :, 0].tolist()}) > 1
