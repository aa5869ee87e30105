import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import UserError
from augmentors.core.split import make_split, refold
from augmentors.testing import toy_table


def dataset(labels: list[str], groups: list[str] | None = None) -> Dataset:
    ids = pd.Index([f"r{i}" for i in range(len(labels))], dtype="str")
    frame = pd.DataFrame({"x": np.arange(len(labels), dtype=float), "label": pd.array(labels, dtype="str")}, index=ids)
    if groups is None:
        return Dataset("table", frame, Schema("label", {"x": "number"}), "f")
    frame["who"] = pd.array(groups, dtype="str")
    return Dataset("table", frame, Schema("label", {"x": "number", "who": "category"}, group="who"), "f")


@given(
    counts=st.lists(st.integers(1, 60), min_size=2, max_size=6),
    test_size=st.floats(0.05, 0.5),
    seed=st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_parts_are_disjoint_complete_and_stratified(counts: list[int], test_size: float, seed: int) -> None:
    data = dataset([f"c{i}" for i, n in enumerate(counts) for _ in range(n)])
    if max(counts) < 2:
        return
    split = make_split(data, test_size=test_size, seed=seed)
    assert set(split.train) | set(split.test) == set(data.ids)
    assert not set(split.train) & set(split.test)
    tested = data.take(split.test).class_counts
    for i, n in enumerate(counts):
        assert abs(tested.get(f"c{i}", 0) - n * test_size) <= 1
        if n >= 2:
            assert 1 <= tested[f"c{i}"] < n


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_groups_and_pairs_stay_on_one_side_and_in_one_fold(draw: st.DataObject) -> None:
    n = draw.draw(st.integers(30, 120))
    groups = [f"g{draw.draw(st.integers(0, n // 3))}" for _ in range(n)]
    data = dataset([f"c{i % 3}" for i in range(n)], groups)
    pairs = [(f"r{i}", f"r{i + 5}") for i in draw.draw(st.lists(st.integers(0, n - 6), max_size=5))]
    try:
        split = make_split(data, duplicate_pairs=pairs)
    except UserError:
        return  # everything linked to everything
    place = dict.fromkeys(split.test, -1) | dict(zip(split.train, split.folds.tolist(), strict=True))
    for who in set(groups):
        assert len({place[f"r{i}"] for i, g in enumerate(groups) if g == who}) == 1
    assert all(place[a] == place[b] for a, b in pairs)


def test_same_seed_same_split_other_seed_other_split() -> None:
    data = toy_table()
    assert make_split(data, seed=3).hash == make_split(data, seed=3).hash != make_split(data, seed=4).hash


def test_folds_share_every_class_evenly() -> None:
    data = dataset(["a"] * 100 + ["b"] * 25)
    split = make_split(data, test_size=0.2, n_folds=5)
    labels = data.take(split.train).labels
    for name in "ab":
        per_fold = np.bincount(split.folds[labels == name], minlength=5)
        assert per_fold.max() - per_fold.min() <= 1


def test_a_class_of_one_stays_in_training_and_the_note_says_so() -> None:
    split = make_split(dataset(["a"] * 20 + ["lonely"]))
    assert "r20" in split.train
    assert any("'lonely' (1 samples)" in note for note in split.notes)


def test_missing_group_values_do_not_tie_rows_together() -> None:
    data = dataset(["a", "b"] * 20, ["same", "same"] * 20)
    frame = data.frame.assign(who=pd.array([None] * 40, dtype="str"))
    split = make_split(Dataset("table", frame, data.schema, "f"))
    assert len(split.test) == 8


@pytest.mark.parametrize("wrong", [{"test_size": 0.9}, {"test_size": 0.0}, {"n_folds": 1}])
def test_values_outside_their_range_are_refused(wrong: dict) -> None:
    with pytest.raises(UserError, match="must be between"):
        make_split(toy_table(), **wrong)


def test_all_linked_is_a_sentence() -> None:
    with pytest.raises(UserError, match="link them all"):
        make_split(dataset(["a", "b"] * 5, ["one"] * 10))


def test_refold_moves_samples_but_keeps_pairs() -> None:
    train = toy_table()
    folds = refold(train, n_folds=4, seed=1, duplicate_pairs=[("r0", "r9")])
    other = refold(train, n_folds=4, seed=2, duplicate_pairs=[("r0", "r9")])
    assert (folds != other).any()
    at = dict(zip(train.ids, folds, strict=True))
    assert at["r0"] == at["r9"]
