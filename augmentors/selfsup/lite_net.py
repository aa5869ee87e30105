"""EfficientNet-Lite0 whose last blocks learn on: the first eleven stay as ImageNet left them."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from augmentors.explore.embeddings import fresh_image_model

SIDE = 96
FIRST_TRAINED = 11
AT_ONCE = 32
MEAN, SPREAD = 0.498, 0.502


class LiteNet(nn.Module):
    """From images to 1280 numbers; what is trained, and saved, are the last five blocks and the last convolution.

    Statistics of the batch normalisation stay as they are: batches are too small and too alike to learn them from.

    Parameters
    ----------
    check : callable
        Called between small batches of the part that is not trained, so that a user can stop the work there.
    """

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        with torch.inference_mode(False):
            model = fresh_image_model()
        self._check = check
        self._before: Any = [model]  # in a list: neither trained nor saved
        self.blocks = nn.ModuleList(model._blocks[FIRST_TRAINED:])
        self.last, self.norm = model._conv_head, model._bn1
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        with torch.no_grad():
            maps = torch.cat([self._first(images[i : i + AT_ONCE]) for i in range(0, max(len(images), 1), AT_ONCE)])
        self._check()
        for block in self.blocks:
            maps = block(maps)
        act = self._before[0]._swish
        pooled: Tensor = act(self.norm(self.last(maps))).mean(dim=(2, 3))
        return pooled

    def _first(self, images: Tensor) -> Tensor:
        self._check()
        (model,) = self._before
        maps: Tensor = model._swish(model._bn0(model._conv_stem((images - MEAN) / SPREAD)))
        for block in model._blocks[:FIRST_TRAINED]:
            maps = block(maps)
        return maps
