"""Further repeats deal other folds, with linked samples together."""

import numpy as np
import pandas as pd

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.split import make_split
from augmentors.evaluate.refold import repeated_folds
from augmentors.testing import toy_table


def test_first_repeat_is_the_splits_own_and_others_differ():
    data = toy_table()
    split = make_split(data)
    folds = repeated_folds(data, split, 3, 0)
    assert np.array_equal(folds[0], split.folds)
    assert all(f.shape == split.folds.shape and set(f) == set(range(5)) for f in folds)
    assert not np.array_equal(folds[1], folds[0]) and not np.array_equal(folds[1], folds[2])
    assert np.array_equal(repeated_folds(data, split, 3, 0)[2], folds[2])
    assert not np.array_equal(repeated_folds(data, split, 2, 1)[1], folds[1])


def test_classes_are_spread_over_folds():
    data = toy_table({"common": 200, "rare": 25})
    split = make_split(data)
    labels = data.take(split.train).labels
    for folds in repeated_folds(data, split, 4, 0):
        counts = [np.sum((folds == f) & (labels == "rare")) for f in range(5)]
        assert max(counts) - min(counts) <= 1


def test_groups_and_duplicates_stay_together():
    data = toy_table({"a": 60, "b": 40})
    frame = data.frame.assign(source=[f"g{i // 4}" for i in range(100)])
    grouped = Dataset("table", frame, Schema("label", data.schema.types, group="source"), "grouped")
    split = make_split(grouped)
    groups = grouped.take(split.train).frame["source"].to_numpy()
    for folds in repeated_folds(grouped, split, 3, 0):
        assert pd.Series(folds).groupby(groups).nunique().max() == 1
    pairs = [(f"r{i}", f"r{i + 50}") for i in range(50)]
    split = make_split(data, duplicate_pairs=pairs)
    place = {name: i for i, name in enumerate(split.train)}
    for folds in repeated_folds(data, split, 3, 0, pairs):
        kept = [(a, b) for a, b in pairs if a in place]
        assert kept and all(folds[place[a]] == folds[place[b]] for a, b in kept)


def test_links_are_found_again_when_not_given():
    data = toy_table({"a": 40, "b": 30})
    twice = pd.concat([data.frame, data.frame]).set_axis([f"r{i}" for i in range(140)])
    doubled = Dataset("table", twice, data.schema, "doubled")
    split = make_split(doubled, duplicate_pairs=[(f"r{i}", f"r{i + 70}") for i in range(70)])
    place = {name: i for i, name in enumerate(split.train)}
    for folds in repeated_folds(doubled, split, 3, 0):
        pairs = [(place[f"r{i}"], place[f"r{i + 70}"]) for i in range(70) if f"r{i}" in place]
        assert pairs and all(folds[a] == folds[b] for a, b in pairs)
