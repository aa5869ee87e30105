"""Random oversampling: exact copies, drawn alike."""

import numpy as np
import pandas as pd

from augmentors.core.seeds import rng_from
from augmentors.table.random_oversampling import RandomOversampling
from augmentors.testing import toy_table


def test_rows_equal_their_parent() -> None:
    train = toy_table(missing=True)
    samples = RandomOversampling().fit(train, rng_from(0)).augment("rare", 40, rng_from(1))
    expected = train.frame.loc[samples.parents[:, 0].tolist()]
    pd.testing.assert_frame_equal(samples.frame.reset_index(drop=True), expected.reset_index(drop=True))


def test_every_row_is_drawn_about_as_often() -> None:
    train = toy_table()
    samples = RandomOversampling().fit(train, rng_from(0)).augment("rare", 6000, rng_from(1))
    counts = np.unique(samples.parents, return_counts=True)[1]
    assert len(counts) == 12 and np.abs(counts - 500).max() < 110
