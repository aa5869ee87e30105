"""The net of masked-token prediction: a transformer with pieces in and pieces out, and vectors of texts."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from augmentors.explore.embeddings import random_state_kept
from augmentors.selfsup.conv_encoder import drawn_linear
from augmentors.selfsup.token_masking import padded

HEADS = 4
BATCH, BATCH_PIECES = 32, 2_048


def fresh_transformer(vocabulary: int, width: int, depth: int, length: int, seed: int) -> Any:
    """Return a small transformer with drawn weights; global random states stay as they are."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=depth,
        num_attention_heads=HEADS,
        intermediate_size=2 * width,
        max_position_embeddings=length,
    )
    with random_state_kept():
        torch.manual_seed(seed)
        return BertModel(config, add_pooling_layer=False).eval()


class PieceHead(nn.Module):
    """Scores of the pieces in use at some places of a text, by their own embeddings (tied).

    Parameters
    ----------
    embeddings : Tensor, shape (vocabulary, width)
    used : ndarray of int64
        The pieces that can be predicted.
    generator : torch.Generator
        Draws the weights.
    """

    def __init__(self, embeddings: Tensor, used: np.ndarray, generator: torch.Generator) -> None:
        super().__init__()
        width = embeddings.shape[1]
        self._embeddings, self._used = [embeddings], torch.from_numpy(used)  # in a list: not this module's own weights
        self.dense = drawn_linear(width, width, generator)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(len(used)))

    def forward(self, hidden: Tensor) -> Tensor:
        return self.norm(gelu(self.dense(hidden))) @ self._embeddings[0][self._used].T + self.bias


def hidden_states(body: Any, pieces: np.ndarray, real: np.ndarray) -> Tensor:
    """Return what the last layer gives for each piece, shape (n, length, width)."""
    given = {"input_ids": torch.from_numpy(pieces), "attention_mask": torch.from_numpy(real.astype(np.int64))}
    states: Tensor = body(**given).last_hidden_state
    return states


def text_vectors(body: Any, texts: list[list[int]], special: tuple[int, int, int]) -> np.ndarray:
    """Return means of the last layer over the pieces of each text, of unit length, shape (n, width).

    Parameters
    ----------
    texts : list of list of int
        Pieces without special ones.
    special : (int, int, int)
        The first and the last piece of a text, and padding.
    """
    found = np.zeros((len(texts), body.config.hidden_size), np.float32)
    # Texts of about equal length go together: a batch costs as much as its longest.
    order = np.argsort([-len(text) for text in texts], kind="stable")
    start = 0
    while start < len(order):
        size = min(BATCH, max(BATCH_PIECES // (len(texts[order[start]]) + 2), 1))
        at = order[start : start + size]
        pieces, real = padded([texts[i] for i in at], *special)
        states, weight = hidden_states(body, pieces, real), torch.from_numpy(real)[..., None].float()
        mean = (states * weight).sum(1) / weight.sum(1)
        found[at] = nn.functional.normalize(mean, dim=1).numpy()
        start += size
    return found
