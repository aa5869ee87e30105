"""Is this still a '6'? A held-out classifier tells operators that change a class from those that do not."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from augmentors.agreement import HeldOutJudge, Rate, compared, fall_by_chance
from augmentors.core.dataset import Dataset, Schema
from augmentors.core.errors import NotApplicable
from augmentors.ingest import load
from augmentors.run import split_dataset
from augmentors.testing import numeric_table, toy_table

SMALL = {"brightness_min": -0.1, "brightness_max": 0.1, "contrast_min": -0.1, "contrast_max": 0.1}


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The training part of scikit-learn's digits as a folder of images."""
    root = tmp_path_factory.mktemp("digits")
    known = load_digits()
    for digit in range(10):
        (root / str(digit)).mkdir()
        for i in np.flatnonzero(known.target == digit)[:60]:
            Image.fromarray((known.images[i] * 15.9).astype(np.uint8)).save(root / str(digit) / f"{i:04d}.png")
    dataset = load(root, kind="image", workdir=tmp_path_factory.mktemp("work")).dataset
    split = split_dataset(dataset)
    for i in split.test:  # whoever looks at the test part fails
        (dataset.image_path(0).parents[1] / dataset.frame.at[i, "path"]).unlink()
    return dataset.take(split.train)


@pytest.fixture(scope="module")
def judge(digits: Dataset) -> HeldOutJudge:
    return HeldOutJudge(digits)


@pytest.mark.parametrize("digit", ["6", "9"])
def test_a_digit_upside_down_is_another_one(judge: HeldOutJudge, digit: str) -> None:
    found = judge.judge(digit, "flip", {"direction": "vertical"})
    assert found.changes_meaning
    assert found.originals.share > 0.8 and found.made.share < 0.3
    assert found.sentence.startswith(f"Flip changes what '{digit}' means: a classifier that has not seen them takes ")


@pytest.mark.parametrize("digit", ["6", "9"])
def test_a_little_more_light_changes_nothing(judge: HeldOutJudge, digit: str) -> None:
    found = judge.judge(digit, "brightness_contrast", SMALL)
    assert found.can_tell and not found.changes_meaning
    assert found.sentence.startswith("A classifier that has not seen them takes ")


def test_the_same_question_has_the_same_answer(digits: Dataset, judge: HeldOutJudge) -> None:
    again = HeldOutJudge(digits)
    assert again.judge("6", "rotate", {}) == judge.judge("6", "rotate", {})


def test_copies_of_a_row_are_taken_for_what_the_rows_are() -> None:
    found = HeldOutJudge(numeric_table(300, share=0.3)).judge("rare", "random_oversampling", {})
    assert abs(found.originals.share - found.made.share) < 0.15
    assert not found.changes_meaning


def test_rows_between_the_two_homes_of_a_class_are_not_of_it() -> None:
    train = numeric_table(400, columns=1, share=0.3)
    rare, x = train.labels == "rare", np.linspace(-1, 1, 400)
    train.frame["x0"] = np.where(rare, 5 * np.sign(x) + 0.2 * x, 3 * x)
    judge = HeldOutJudge(train)
    assert judge.judge("rare", "smote", {"k_neighbors": 3}).made.share > 0.95
    found = judge.judge("rare", "smote", {"k_neighbors": 50})
    assert found.changes_meaning, found


def test_words_that_change_places_change_who_paid_whom() -> None:
    rng = np.random.default_rng(0)
    names, things = ("Anna", "Bob", "Carla", "Dan", "Eva"), ("rent", "lamp", "ticket", "lunch", "repair", "book")
    paid = {"income": "{name} paid me for the {thing}", "expense": "me paid {name} for the {thing}"}
    rows = [
        {
            "text": form.format(name=rng.choice(names), thing=rng.choice(things)) + f" on day {rng.integers(9)}",
            "label": c,
        }
        for c, form in paid.items()
        for _ in range(60)
    ]
    frame = pd.DataFrame(rows, index=pd.Index([f"r{i}" for i in range(120)], dtype="str")).astype("str")
    judge = HeldOutJudge(Dataset("text", frame, Schema("label", {"text": "text"}, text="text"), "paid"))
    swapped = judge.judge("income", "random_swap", {"rate": 0.5})
    assert swapped.originals.share > 0.9 and swapped.changes_meaning, swapped
    assert not judge.judge("income", "keyboard_typos", {"rate": 0.01}).changes_meaning


def test_few_samples_are_said_to_be_few() -> None:
    judge = HeldOutJudge(toy_table({"common": 40, "rare": 5}))
    with pytest.raises(NotApplicable, match="'rare' keeps its meaning can be told from 6 samples on; it has 5"):
        judge.judge("rare", "smotenc", {})


def test_an_augmenter_that_cannot_work_says_why() -> None:
    with pytest.raises(NotApplicable, match="SMOTENC needs at least one category"):
        HeldOutJudge(numeric_table()).judge("rare", "smotenc", {})


def test_groups_stay_in_one_fold() -> None:
    from augmentors.agreement import _folds

    train = toy_table()
    grouped = Dataset("table", train.frame, type(train.schema)("label", train.schema.types, group="source"), "f")
    folds = _folds(grouped, 0)
    names = train.frame["source"].to_numpy()
    assert all(len(set(folds[names == name])) == 1 for name in set(names))
    assert len(set(folds)) == 3


def test_chance_against_fishers_table() -> None:
    # 8 of 20 against 19 of 20: the hypergeometric tail, by hand: sum over k <= 8 of C(20,k) C(20,27-k) / C(40,27).
    from math import comb

    tail = sum(comb(20, k) * comb(20, 27 - k) for k in range(7, 9)) / comb(40, 27)
    assert fall_by_chance(Rate(19, 20), Rate(8, 20)) == pytest.approx(tail)


def test_a_classifier_that_knows_too_little_cannot_tell() -> None:
    found = compared("coat", "Flip", Rate(2, 16), Rate(0, 16), "x")
    assert not found.can_tell and not found.changes_meaning
    assert found.sentence.startswith("The classifier recognises only 2 of 16 originals of 'coat'")


def test_a_fall_that_is_sure_but_small_is_no_warning() -> None:
    assert not compared("a", "Flip", Rate(9_990, 10_000), Rate(9_800, 10_000), "x").changes_meaning
    assert compared("a", "Flip", Rate(9_990, 10_000), Rate(9_400, 10_000), "x").changes_meaning
