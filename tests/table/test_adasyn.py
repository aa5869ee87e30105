"""ADASYN against imbalanced-learn: same shares, same neighbours."""

import numpy as np
import pytest
from imblearn.over_sampling import ADASYN

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.adasyn import Adasyn
from augmentors.testing import feature_array, numeric_table


@pytest.mark.parametrize("k", [3, 5])
@pytest.mark.parametrize("columns", [4, 20])
def test_shares_and_neighbours_are_imbalanced_learns(k: int, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    train = numeric_table(columns=columns)
    own = train.positions("rare")
    seen: list[np.ndarray] = []
    rint = np.rint
    monkeypatch.setattr(np, "rint", lambda values: seen.append(values) or rint(values))
    oracle = ADASYN(n_neighbors=k, random_state=0)
    oracle.fit_resample(feature_array(train), train.labels.astype(str))
    monkeypatch.undo()
    expected = seen[0] / seen[0].sum()

    augmenter = Adasyn(k_neighbors=k, scale=False).fit(train, rng_from(0))
    augmenter.prepare("rare")
    found = augmenter._prepared["rare"].neighbourhood
    assert (found.bases == own[expected > 0]).all()
    assert np.allclose(found.odds, expected[expected > 0])
    near = oracle.nn_.kneighbors(feature_array(train)[found.bases], return_distance=False)[:, 1:]
    assert (found.neighbours == own[near]).all()


def test_harder_rows_get_more() -> None:
    train = numeric_table()
    augmenter = Adasyn().fit(train, rng_from(0))
    samples = augmenter.augment("rare", 8000, rng_from(1))
    who = augmenter._prepared["rare"].neighbourhood
    made = np.array([(samples.parents[:, 0] == train.ids[base]).sum() for base in who.bases])
    assert np.abs(made / 8000 - who.odds).max() < 0.02


def test_no_hard_region_is_a_reason() -> None:
    train = numeric_table()
    frame = train.frame.copy()
    frame.loc[train.labels == "rare", "x0"] += 1e4
    apart = Dataset("table", frame, train.schema, "apart")
    with pytest.raises(NotApplicable, match="no hard region"):
        Adasyn().fit(apart, rng_from(0)).augment("rare", 3, rng_from(1))
