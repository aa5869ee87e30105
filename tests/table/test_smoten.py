"""SMOTEN against imbalanced-learn: same distances; the voters' most frequent category."""

import numpy as np
import pandas as pd
import pytest
from imblearn.metrics.pairwise import ValueDifferenceMetric

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.smoten import Smoten, category_distances, nearest_by_category, shares_by_category
from augmentors.testing import numeric_table, toy_table


def codes_and_classes(rows: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 3, rows)
    codes = np.stack([(rng.integers(0, n, rows) + classes * (rng.random(rows) < 0.4)) % n for n in (3, 5, 7)], axis=1)
    return codes, classes


def categories(rows: int = 200) -> Dataset:
    codes, classes = codes_and_classes(rows)
    frame = pd.DataFrame(
        {f"c{i}": pd.Series([f"v{value}" for value in own], dtype="str") for i, own in enumerate(codes.T)}
    )
    frame["label"] = pd.Series(np.array(["a", "b", "rare"])[classes], dtype="str")
    frame.index = pd.Index([f"r{i}" for i in range(rows)], dtype="str")
    return Dataset("table", frame, Schema("label", dict.fromkeys(["c0", "c1", "c2"], "category")), "categories")


def test_distances_are_imbalanced_learns() -> None:
    codes, classes = codes_and_classes()
    ours = category_distances(codes[:50], codes, shares_by_category(codes, classes))
    oracle = ValueDifferenceMetric().fit(codes, classes)
    assert np.allclose(ours, oracle.pairwise(codes[:50], codes))


def test_neighbours_are_the_nearest_by_distance_then_position_and_oneself() -> None:
    codes, classes = codes_and_classes()
    shares = shares_by_category(codes, classes)
    near = nearest_by_category(codes, shares, 6)
    distance = category_distances(codes, codes, shares)
    for i, row in enumerate(near):
        assert i in row and len(set(row)) == 6
        assert np.allclose(np.sort(distance[i, row]), np.sort(distance[i])[:6])


def test_every_column_holds_a_category_no_voter_outnumbers() -> None:
    train = categories()
    samples = Smoten().fit(train, rng_from(0)).augment("rare", 150, rng_from(1))
    assert samples.parents.shape == (150, 6) and np.allclose(samples.weights, 1 / 6)
    for i, parents in enumerate(samples.parents):
        for name in ("c0", "c1", "c2"):
            counts = train.frame.loc[parents.tolist(), name].value_counts()
            assert counts[samples.frame[name].iloc[i]] == counts.max()


def test_some_voters_give_more_different_rows_and_the_row_itself_always_votes() -> None:
    train = categories()
    rare = len(train.positions("rare"))
    whole, some = (
        Smoten(voters=voters).fit(train, rng_from(0)).augment("rare", 2000, rng_from(1)) for voters in ("all", "some")
    )
    by_row = [
        samples.frame[["c0", "c1", "c2"]].groupby(samples.parents[:, 0]).nunique().max().max()
        for samples in (whole, some)
    ]
    assert by_row[0] == 1 < by_row[1]
    assert some.parents.shape == (2000, 4)  # itself and 3 of 5 neighbours
    near = {row[0]: set(row) for row in whole.parents}
    assert all(set(row) <= near[row[0]] for row in some.parents)
    for i, parents in enumerate(some.parents[:200]):
        for name in ("c0", "c1", "c2"):
            counts = train.frame.loc[parents.tolist(), name].value_counts()
            assert counts[some.frame[name].iloc[i]] == counts.max()
    assert f"SMOTEN gives at most {rare:,} different new rows of 'rare'" in " ".join(whole.notes)
    assert "voters" not in Smoten().entry["params"], "seeds of plans without it stay as they were"


def test_numbers_and_texts_come_from_the_row_itself() -> None:
    train = toy_table()
    samples = Smoten().fit(train, rng_from(0)).augment("rare", 60, rng_from(1))
    base = train.frame.loc[samples.parents[:, 0].tolist()]
    for name in ("width", "visits", "seen", "remark"):
        assert (samples.frame[name].to_numpy() == base[name].to_numpy()).all()
    assert any("not categories, copied" in note for note in samples.notes)


def test_few_samples_lower_k_and_numbers_alone_do_not_apply() -> None:
    few = toy_table({"common": 30, "rare": 3})
    samples = Smoten().fit(few, rng_from(0)).augment("rare", 4, rng_from(1))
    assert "3 real samples of 'rare' are too few for 5 neighbours; using 2." in samples.notes
    with pytest.raises(NotApplicable, match="at least one category"):
        Smoten().fit(numeric_table(), rng_from(0))
