"""Geometric SMOTE: its region, cut and flattened as the paper says, and SMOTE as its special case."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.seeds import rng_from
from augmentors.table.geometric_smote import GeometricSmote, place_in_ball
from augmentors.testing import feature_array, numeric_table


@given(st.integers(0, 2**32), st.integers(1, 8), st.floats(-1, 1), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_the_region(seed: int, columns: int, truncation: float, deformation: float) -> None:
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=(50, columns))
    inside = direction / np.linalg.norm(direction, axis=1)[:, None] * rng.random((50, 1))
    centre, surface = rng.normal(size=(2, 50, columns))
    offset, along = place_in_ball(inside, centre, surface, truncation, deformation)
    radius = np.linalg.norm(surface - centre, axis=1)
    unit = (surface - centre) / radius[:, None]
    assert (np.linalg.norm(offset, axis=1) <= radius * (1 + 1e-9)).all(), "within the ball"
    assert np.allclose((offset * unit).sum(axis=1), along * radius)
    low, high = (truncation - 1, 1.0) if truncation > 0 else (-1.0, truncation + 1)
    assert (along >= low - 1e-9).all() and (along <= high + 1e-9).all(), "within the part that is kept"
    across = offset - (along * radius)[:, None] * unit
    before = inside - (inside * unit).sum(axis=1)[:, None] * unit
    assert np.allclose(across, (1 - deformation) * radius[:, None] * before), "flattened"


def test_flat_and_cut_it_is_smote() -> None:
    train = numeric_table()
    augmenter = GeometricSmote(selection="minority", truncation=1.0, deformation=1.0).fit(train, rng_from(0))
    samples = augmenter.augment("rare", 300, rng_from(1))
    first, second = (feature_array(train.take(samples.parents[:, i])) for i in (0, 1))
    expected = first + samples.weights[:, 1:] * (second - first)
    assert np.allclose(samples.frame[train.schema.features()].to_numpy(), expected)
    assert set(train.take(samples.parents[:, 1]).labels) == {"rare"}


@pytest.mark.parametrize("scale", [True, False])
def test_rows_lie_in_the_ball_of_scaled_distances(scale: bool) -> None:
    train = numeric_table()
    samples = GeometricSmote(truncation=0.0, scale=scale).fit(train, rng_from(0)).augment("rare", 300, rng_from(1))
    size = feature_array(train).std(axis=0) if scale else 1.0
    new = samples.frame[train.schema.features()].to_numpy() / size
    first, second = (feature_array(train.take(samples.parents[:, i])) / size for i in (0, 1))
    reach = np.linalg.norm(second - first, axis=1)
    share = np.linalg.norm(new - first, axis=1) / reach
    assert share.max() <= 1 + 1e-9
    # Uniform in a ball of four dimensions: the fourth power of the radius is uniform; clipping only shortens.
    assert abs(np.mean(share**4) - 0.5) < 0.06


def test_selection_reaches_to_the_class_to_others_or_to_the_nearer() -> None:
    train = numeric_table()
    X = dict(zip(train.ids, feature_array(train) / feature_array(train).std(axis=0), strict=True))
    others = np.array([X[name] for name in train.ids[train.labels != "rare"]])
    for selection in ("majority", "combined"):
        samples = GeometricSmote(selection=selection).fit(train, rng_from(0)).augment("rare", 200, rng_from(1))
        foreign = train.take(samples.parents[:, 1]).labels != "rare"
        assert foreign.all() if selection == "majority" else (foreign.any() and not foreign.all())
        for (first, second), is_foreign in zip(samples.parents, foreign, strict=True):
            gap = np.linalg.norm(X[second] - X[first])
            nearest = np.linalg.norm(others - X[first], axis=1).min()
            assert np.isclose(gap, nearest) if is_foreign else gap <= nearest
