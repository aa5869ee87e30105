"""What pseudo-labelling of every kind shares: how many there are, and what is said of them."""

import re
from dataclasses import replace

from augmentors.core.seeds import rng_from
from augmentors.learners.self_training import PseudoLabelling
from augmentors.table.pseudo_labelling import TablePseudoLabelling
from augmentors.testing import Toys


def test_the_note_counts_what_is_taken_and_the_precision_it_rests_on() -> None:
    assert issubclass(TablePseudoLabelling, PseudoLabelling)
    one = TablePseudoLabelling(precision=0.7).fit(
        Toys.of(TablePseudoLabelling).ordinary({"common": 120, "some": 60, "rare": 40}), rng_from("fit")
    )
    one.prepare("rare")
    (note,) = one.notes("rare")
    found = re.fullmatch(
        r"(\d+) of 900 unlabelled samples are taken for 'rare': they reach a confidence of (0\.\d\d), above which "
        r"(\d+)% of (\d+) predictions were right out of fold\.",
        note,
    )
    assert found is not None, note
    assert int(found[1]) == one.supply("rare") == len(one.candidates("rare"))
    assert float(found[2]) <= min(sure for _, sure in one.candidates("rare")) + 0.005
    assert int(found[3]) >= 70


def test_rejecting_samples_changes_nobody_elses_confidence() -> None:
    train = Toys.of(TablePseudoLabelling).ordinary({"common": 120, "some": 60, "rare": 40})
    assert train.unlabelled is not None
    pool, one = train.unlabelled, TablePseudoLabelling(precision=0.7, learner="forest")
    before = dict(one.fit(train, rng_from("fit")).candidates("rare"))
    gone = list(before)[-2:]
    fewer = replace(train, unlabelled=replace(pool, frame=pool.frame.drop(index=gone)))
    after = dict(one.fit(fewer, rng_from("fit", "another draw")).candidates("rare"))
    assert after == {name: sure for name, sure in before.items() if name not in gone} and len(after) > 5
