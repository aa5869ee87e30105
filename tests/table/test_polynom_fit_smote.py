"""Polynom-fit SMOTE: where the new rows of each topology lie."""

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.samples import Samples
from augmentors.core.seeds import rng_from
from augmentors.table.polynom_fit_smote import PolynomFitSmote
from augmentors.testing import feature_array, numeric_table, toy_table


@pytest.fixture(scope="module")
def train() -> Dataset:
    return numeric_table()


def made(train: Dataset, n: int = 400, **params: object) -> tuple[Samples, np.ndarray]:
    samples = PolynomFitSmote(**params).fit(train, rng_from(0)).augment("rare", n, rng_from(1))
    return samples, samples.frame[train.schema.features()].to_numpy()


def steps(samples: Samples) -> np.ndarray:
    return np.array([float(text.rpartition(":")[2][:-1]) for text in samples.certificate["drawn"]])


def test_star_lies_between_a_row_and_the_mean_of_the_class(train: Dataset) -> None:
    samples, new = made(train, topology="star")
    base = feature_array(train.take(samples.parents[:, 0]))
    mean = feature_array(train)[train.positions("rare")].mean(axis=0)
    assert np.allclose(new, base + steps(samples)[:, None] * (mean - base))
    assert len(set(samples.parents[:, 0])) == train.class_counts["rare"]


@pytest.mark.parametrize("topology", ["bus", "mesh"])
def test_bus_and_mesh_lie_between_two_rows(train: Dataset, topology: str) -> None:
    samples, new = made(train, topology=topology)
    first, second = (feature_array(train.take(samples.parents[:, i])) for i in (0, 1))
    assert np.allclose(new, first + steps(samples)[:, None] * (second - first))
    assert (samples.parents[:, 0] != samples.parents[:, 1]).all()
    pairs, rows = len({tuple(pair) for pair in samples.parents}), train.class_counts["rare"]
    assert pairs == rows - 1 if topology == "bus" else pairs > 3 * rows


def test_the_bus_passes_rows_in_the_order_of_their_means(train: Dataset) -> None:
    samples, _ = made(train, topology="bus")
    X = feature_array(train) / feature_array(train).std(axis=0)
    mean = dict(zip(train.ids, X.mean(axis=1), strict=True))
    assert all(mean[a] < mean[b] for a, b in samples.parents)


@pytest.mark.parametrize("degree", [1, 3])
def test_the_curve_is_the_polynomial_of_the_rank(train: Dataset, degree: int) -> None:
    samples, new = made(train, topology="curve", degree=degree)
    X = feature_array(train)
    own = X[train.positions("rare")]
    ranked = own[np.argsort((own / X.std(axis=0)).mean(axis=1), kind="stable")]
    at = np.array([float(t.split('"rank":')[1].split(",")[0]) for t in samples.certificate["drawn"]]) + steps(samples)
    expected = [np.polyval(np.polyfit(np.arange(len(ranked)), column, degree), at) for column in ranked.T]
    assert np.allclose(new, np.clip(np.stack(expected, axis=1), X.min(axis=0), X.max(axis=0)))


def test_gaps_stay_gaps_of_the_first_parent() -> None:
    train = toy_table(missing=True)
    for topology in ("star", "bus", "mesh", "curve"):
        samples = PolynomFitSmote(topology=topology).fit(train, rng_from(0)).augment("rare", 100, rng_from(1))
        base = train.frame.loc[samples.parents[:, 0].tolist()]
        for name in ("width", "visits", "seen"):
            assert samples.frame[name].isna().tolist() == base[name].isna().tolist()
