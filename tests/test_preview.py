from pathlib import Path

import numpy as np
import pytest

from augmentors import catalog
from augmentors.core.augmenter import Augmenter, Need
from augmentors.core.dataset import Dataset
from augmentors.core.errors import InvalidParams, NotApplicable
from augmentors.preview import changed_columns, preview, random_originals, same_value, word_changes
from augmentors.suitability import suitabilities
from augmentors.testing import Toys, toy_images, toy_multilabel, toy_regression, toy_table, toy_text
from augmentors.testing.trial import trial_params


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    images: Path = tmp_path_factory.mktemp("images")
    return {"table": toy_table(missing=True), "text": toy_text(), "image": toy_images(images)}


@pytest.mark.parametrize("cls", catalog.AUGMENTERS, ids=lambda cls: cls.card.key)
def test_eight_pairs_of_every_augmenter(cls: type[Augmenter], toys: dict[str, Dataset], tmp_path: Path) -> None:
    train = toys[cls.card.kind] if cls.card.task is None else Toys.of(cls, tmp_path).ordinary()
    rare = list(train.class_counts)[-1]
    of_class = set(train.ids[train.positions(rare)])
    if Need.UNLABELLED in cls.card.needs:
        train = Toys.of(cls, tmp_path).ordinary()
        assert train.unlabelled is not None
        of_class = set(train.unlabelled.ids)
    shown = preview(train, cls.card.key, trial_params(cls), rare, seed=1)
    assert len(shown.pairs) == 8
    for pair in shown.pairs:
        assert pair.parents[0].id in of_class
        assert abs(sum(parent.weight for parent in pair.parents) - 1) < 1e-6
        assert (pair.image is not None) == (cls.card.kind == "image")


def test_same_seed_same_pairs_and_another_seed_others() -> None:
    train = toy_table()
    first, again, other = (preview(train, "smote", {}, "rare", seed=seed) for seed in (3, 3, 4))
    assert [p.values for p in first.pairs] == [p.values for p in again.pairs]
    assert [p.values for p in first.pairs] != [p.values for p in other.pairs]


@pytest.mark.parametrize("key", ["smote", "random_swap", "flip"])
def test_chosen_originals_are_the_parents(key: str, toys: dict[str, Dataset]) -> None:
    train = toys[catalog.get(key).card.kind]
    chosen = random_originals(train, "rare", 9, 2)
    shown = preview(train, key, {}, "rare", originals=chosen)
    assert [pair.parents[0].id for pair in shown.pairs[:4]] == [chosen[0]] * 2 + [chosen[1]] * 2


def test_a_large_table_is_looked_at_in_part_and_that_is_said() -> None:
    shown = preview(toy_table({"common": 9_000, "rare": 40}), "smote", {}, "rare")
    assert "of 9,040 training rows" in shown.notes[-1]


def test_what_does_not_apply_says_why_and_wrong_params_are_refused() -> None:
    with pytest.raises(NotApplicable, match="'rare' has 1"):
        preview(toy_table({"common": 20, "rare": 1}), "smote", {}, "rare")
    with pytest.raises(InvalidParams):
        preview(toy_table(), "smote", {"k_neighbors": 0}, "rare")


def test_originals_that_cannot_be_changed_do_not_end_the_preview() -> None:
    train = toy_text({"common": 5, "rare": 40})
    column = train.frame["text"].copy()
    own = train.positions("rare")
    column.iloc[own[:-6]] = "1"
    changed = Dataset("text", train.frame.assign(text=column), train.schema, "x")
    unlucky = [str(i) for i in changed.ids[own[:4]]]
    assert len(preview(changed, "random_swap", {}, "rare", originals=unlucky).pairs) == 8


def test_word_changes_add_up_to_both_texts() -> None:
    before, after = "It's a very good day, isn't it?", "It's a fine day isn't it really?"
    changes = word_changes(before, after)
    assert "".join(c.before for c in changes) == before
    assert "".join(c.after for c in changes) == after
    assert {c.kind for c in changes} == {"same", "replaced", "deleted", "inserted"}


def test_changed_columns_are_those_unlike_the_first_parent() -> None:
    for pair in preview(toy_table(missing=True), "random_oversampling", {}, "rare").pairs:
        assert changed_columns(pair) == []
    assert any(changed_columns(pair) for pair in preview(toy_table(), "smote", {}, "rare").pairs)
    assert same_value(np.nan, None)
    assert not same_value(1.0, np.nan)


def test_a_number_and_a_label_set_are_shown_with_the_row_they_are_made_with() -> None:
    for train, key in ((toy_regression(), "smogn"), (toy_multilabel(), "mlsmote")):
        rare = list(train.class_counts)[-1]
        pair = preview(train, key, {}, rare, seed=1).pairs[0]
        assert "label" in pair.values and "label" in pair.parents[0].values
        assert suitabilities(train, rare)[0].card.key == key
