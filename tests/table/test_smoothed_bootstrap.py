"""Smoothed bootstrap against imbalanced-learn: same row and same noise, same new row."""

import numpy as np
import pytest
from imblearn.over_sampling import RandomOverSampler

from augmentors.core.seeds import rng_from
from augmentors.table.smoothed_bootstrap import SmoothedBootstrap
from augmentors.testing import feature_array, numeric_table, toy_table


class Replay:
    """Hands imbalanced-learn the rows and the noise that were drawn here."""

    def __init__(self, rows: np.ndarray, noise: np.ndarray) -> None:
        self.rows, self.noise = rows, noise

    def choice(self, *_: object, **__: object) -> np.ndarray:
        return self.rows

    def randn(self, *_: int) -> np.ndarray:
        return self.noise


@pytest.mark.parametrize("shrinkage", [0.3, 1.0])
def test_same_row_and_noise_give_imbalanced_learns_row(shrinkage: float, monkeypatch: pytest.MonkeyPatch) -> None:
    train = numeric_table()
    augmenter = SmoothedBootstrap(shrinkage=shrinkage).fit(train, rng_from(0))
    augmenter.prepare("rare")
    draws = augmenter._draw("rare", 100, rng_from(1))
    new = augmenter._values("rare", draws).T
    replay = Replay(draws.parents[:, 0], draws.values["_noise"])
    monkeypatch.setattr("imblearn.over_sampling._random_over_sampler.check_random_state", lambda _: replay)
    wanted = {"rare": train.class_counts["rare"] + 100}
    oracle = RandomOverSampler(sampling_strategy=wanted, shrinkage=shrinkage)
    expected = oracle.fit_resample(feature_array(train), train.labels.astype(str))[0][-100:]
    assert np.allclose(new, expected, rtol=1e-12, atol=1e-12)


def test_values_stay_within_what_was_seen_and_whole() -> None:
    train = toy_table()
    samples = SmoothedBootstrap(shrinkage=5.0).fit(train, rng_from(0)).augment("rare", 400, rng_from(1))
    for name in ("width", "height", "visits", "seen"):
        assert samples.frame[name].between(train.frame[name].min(), train.frame[name].max()).all()
    assert (samples.frame["width"] == train.frame["width"].max()).any(), "the test needs values beyond the range"
    assert any("set to its end" in note for note in samples.notes)


def test_categories_are_the_parents_and_the_noise_is_not_written_down() -> None:
    train = toy_table()
    samples = SmoothedBootstrap().fit(train, rng_from(0)).augment("rare", 50, rng_from(1))
    parents = train.frame.loc[samples.parents[:, 0].tolist()]
    for name in ("colour", "active", "remark"):
        assert (samples.frame[name].to_numpy() == parents[name].to_numpy()).all()
    assert set(samples.certificate["drawn"]) == {"{}"}
