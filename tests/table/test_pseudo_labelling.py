"""Pseudo-labelling of tables: who is taken over, in which order, until there is no more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from augmentors.core.dataset import Dataset
from augmentors.core.errors import NotApplicable
from augmentors.core.seeds import rng_from
from augmentors.table.pseudo_labelling import TablePseudoLabelling
from augmentors.testing import Toys, toy_table
from augmentors.testing.trial import apart


@pytest.fixture(scope="module")
def train() -> Dataset:
    return Toys.of(TablePseudoLabelling).ordinary({"common": 120, "some": 60, "rare": 40})


def fitted(train: Dataset, **params: object) -> TablePseudoLabelling:
    return TablePseudoLabelling(**params).fit(train, rng_from("fit"))


def test_the_surest_come_first_each_once(train: Dataset) -> None:
    one = fitted(train)
    one.prepare("rare")
    supply = one.supply("rare")
    assert supply is not None and supply > 70
    made = one.augment_blocks("rare", [(64, rng_from(0)), (supply - 64, rng_from(1))], starts=[0, 64])
    assert made.parents[:, 0].tolist() == [name for name, _ in one.candidates("rare")]
    assert len(set(made.parents[:, 0])) == supply
    drawn = [float(text.split('"confidence":')[1].split(",")[0]) for text in made.certificate["drawn"]]
    assert drawn == sorted(drawn, reverse=True)
    with pytest.raises(NotApplicable, match=f"takes {supply} unlabelled samples for 'rare'; {supply + 1} were asked"):
        one.augment("rare", supply + 1, rng_from(2))


def test_rows_are_taken_over_as_they_are_under_the_predicted_label(train: Dataset) -> None:
    made = fitted(train).augment("some", 20, rng_from(0))
    assert train.unlabelled is not None
    real = train.unlabelled.frame.loc[made.parents[:, 0]]
    for name in real.columns:
        assert made.frame[name].tolist() == real[name].tolist()
    assert set(made.frame["label"]) == {"some"}


def test_most_labels_are_right_where_precision_is_asked(train: Dataset) -> None:
    truth = apart(toy_table(dict.fromkeys(train.class_counts, 300), seed=1))
    one = fitted(train, precision=0.9)
    for target in train.class_counts:
        one.prepare(target)
        ids = [name.removeprefix("unlabelled:") for name, _ in one.candidates(target)]
        assert (truth.frame.loc[ids, "label"] == target).mean() > 0.85


def test_more_precision_takes_fewer(train: Dataset) -> None:
    taken = [fitted(train, precision=p).supply("common") for p in (0.6, 0.99)]
    assert taken[1] < taken[0]  # type: ignore[operator]


def test_without_unlabelled_data_it_says_so_and_how_to_give_it() -> None:
    reason = TablePseudoLabelling().why_not(toy_table(), "rare")
    assert reason is not None
    assert reason.startswith("Pseudo-labelling needs unlabelled data, and there is none.")
    assert "--unlabelled FILE" in reason


def test_a_class_that_is_never_right_is_refused_with_what_was_reached() -> None:
    noise = Toys.of(TablePseudoLabelling).ordinary()
    labels = np.random.default_rng(0).permutation(noise.frame["label"].to_numpy())
    one = fitted(replace(noise, frame=noise.frame.assign(label=labels)), precision=0.95)
    with pytest.raises(NotApplicable, match=r"no confidence gives a precision of 95%"):
        one.prepare("rare")


def test_saved_and_loaded_it_takes_the_same(train: Dataset, tmp_path: Path) -> None:
    one = fitted(train)
    one.save(tmp_path)
    again = TablePseudoLabelling.load(tmp_path, train)
    assert again.weights_hash() == one.weights_hash()
    other = replace(train, unlabelled=replace(train.unlabelled, frame=train.unlabelled.frame.iloc[:-1]))  # type: ignore
    assert other.content_hash != train.content_hash
