"""Masking of pieces of words: the 80/10/10 rule, as properties and in numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.selfsup.token_masking import masked_pieces, padded

FIRST, LAST, PAD, MASK = 1, 2, 0, 3


@given(st.integers(0, 2**32), st.lists(st.lists(st.integers(10, 40), max_size=12), min_size=1, max_size=8))
@settings(max_examples=80, deadline=None)
def test_special_pieces_stay_and_only_predicted_ones_change(seed: int, texts: list[list[int]]) -> None:
    pieces, real = padded(texts, FIRST, LAST, PAD)
    allowed = real & ~np.isin(pieces, [FIRST, LAST, PAD])
    choices = np.arange(10, 41)
    shown, predicted = masked_pieces(pieces, allowed, 0.15, MASK, choices, np.random.default_rng(seed))
    assert not (predicted & ~allowed).any()
    assert np.array_equal(shown[~predicted], pieces[~predicted])
    assert np.isin(shown[predicted], [MASK, *choices]).all()
    assert predicted.any(axis=1).tolist() == [bool(text) for text in texts]


def test_shares() -> None:
    rng = np.random.default_rng(0)
    pieces = rng.integers(10, 1_010, size=(2_000, 50))
    shown, predicted = masked_pieces(pieces, np.ones_like(pieces, bool), 0.15, MASK, np.arange(10, 1_010), rng)
    # 15,000 pieces are predicted: three standard deviations are 0.01 of them; a text has none with odds 0.0003.
    assert predicted.mean() == pytest.approx(0.15, abs=0.004)
    assert (shown[predicted] == MASK).mean() == pytest.approx(0.8, abs=0.01)
    assert (shown == pieces)[predicted].mean() == pytest.approx(0.1 + 0.1 / 1_000, abs=0.008)
    swapped = predicted & (shown != MASK) & (shown != pieces)
    assert swapped.sum() / predicted.sum() == pytest.approx(0.1, abs=0.008)
    assert abs(shown[swapped].mean() - 509.5) < 25, "random pieces are drawn evenly"


def test_texts_stand_between_special_pieces() -> None:
    pieces, real = padded([[7], [], [8, 9]], FIRST, LAST, PAD)
    assert pieces.tolist() == [[1, 7, 2, 0], [1, 2, 0, 0], [1, 8, 9, 2]]
    assert np.array_equal(real, pieces != PAD)
