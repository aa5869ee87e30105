import numpy as np
import pandas as pd
import pytest

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.ranges import Ranges
from augmentors.core.seeds import rng_from
from augmentors.table.smogn import Smogn, median_distances, noisy_within
from augmentors.testing import toy_regression, toy_table

RARE = "y >= 100 (rare)"


def table(x: list[float], y: list[float]) -> Dataset:
    """Return one feature and its target, with a rare range from 100 on."""
    frame = pd.DataFrame({"x": x, "y": y}, index=pd.Index([f"r{i}" for i in range(len(x))], dtype="str"))
    ranges = Ranges("y", (100.0,), (False, True), "given")
    return Dataset("table", frame, Schema("y", {"x": "number"}, task="regression", ranges=ranges), "toy")


def test_the_median_distance_is_that_to_the_other_rows() -> None:
    # From 0: 1, 2, 10; from 1: 1, 1, 9; from 2: 2, 1, 8; from 10: 10, 9, 8.
    assert median_distances(np.array([[0.0], [1.0], [2.0], [10.0]])).tolist() == [2.0, 1.0, 2.0, 9.0]


def test_near_pairs_are_interpolated_and_far_ones_get_noise() -> None:
    # Rows of the range at 0, 1, 8, 20: half the median distances are 4, 3.5, 4, 9.5 (in x, unscaled).
    train = table([0.0, 1.0, 8.0, 20.0, 50.0, 60.0], [100.0, 110.0, 150.0, 200.0, 1.0, 2.0])
    augmenter = Smogn(k_neighbors=1, scale=False, perturbation=0.1).fit(train, rng_from(0))
    samples = augmenter.augment(RARE, 400, rng_from(1))
    first = pd.Index(samples.parents[:, 0])
    interpolated = samples.parents[:, 1] != ""
    # 0 and 1 are 1 apart, which is safe; 8 is 7 from 1, and 20 is 12 from 8, which is not.
    assert set(first[interpolated]) == {"r0", "r1"} and set(first[~interpolated]) == {"r2", "r3"}
    x, y = samples.frame["x"].to_numpy(), samples.frame["y"].to_numpy()
    # On the line from (0, 100) to (1, 110) the target's distance-weighted mean is 100 + 10 x.
    np.testing.assert_allclose(y[interpolated], 100 + 10 * x[interpolated])
    spread = np.std([0.0, 1.0, 8.0, 20.0])
    noise = (x - train.frame["x"].reindex(first).to_numpy())[(first == "r2") & ~interpolated]
    assert abs(noise.std() / (0.1 * spread) - 1) < 0.2 and abs(noise.mean()) < 0.05 * spread


def test_new_targets_lie_among_those_of_their_range() -> None:
    train = toy_regression({"a": 60, "b": 30, "c": 15})
    for name in train.class_counts:
        new = Smogn(perturbation=1.0).fit(train, rng_from(0)).augment(name, 300, rng_from(2))
        own = train.targets[train.positions(name)]
        assert new.frame["label"].between(own.min(), own.max()).all()


def test_whole_targets_stay_whole() -> None:
    train = toy_regression(whole=True)
    new = Smogn(perturbation=1.0).fit(train, rng_from(0)).augment(train.schema.ranges.names[-1], 50, rng_from(2))  # type: ignore[union-attr]
    assert new.frame["label"].dtype == np.int64 and (new.frame["label"] >= 20).all()


def test_noise_within_limits_is_a_truncated_normal() -> None:
    from scipy.stats import truncnorm

    uniform = rng_from(3).random(5)
    drawn = noisy_within(np.full(5, 2.0), np.full(5, 3.0), 1.0, 9.0, uniform)
    np.testing.assert_allclose(drawn, truncnorm.ppf(uniform, (1 - 2) / 3, (9 - 2) / 3, loc=2, scale=3))


def test_a_label_that_names_classes_is_refused_with_a_reason() -> None:
    with pytest.raises(NotApplicable, match="SMOGN is for a target that is a number; 'label' names classes"):
        Smogn().fit(toy_table(), rng_from(0))


@pytest.mark.parametrize("rows", [2100])
def test_many_rows_take_their_medians_over_some(rows: int) -> None:
    points = rng_from(4).normal(size=(rows, 3))
    exact = np.array([np.median(np.delete(np.linalg.norm(points - p, axis=1), i)) for i, p in enumerate(points[:50])])
    np.testing.assert_allclose(median_distances(points)[:50], exact, rtol=0.03)
