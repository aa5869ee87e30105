import numpy as np

from augmentors.core.selector import Candidates, Selector, SelectorCard
from augmentors.explore.candidates import candidates_of
from augmentors.testing import toy_table


class DropsRare(Selector):
    card = SelectorCard("drops_rare", "Drops rare", "cleaning", "Drops the rare class.", ("after",))

    def _select(self, candidates: Candidates, rng: np.random.Generator, job: object) -> np.ndarray:
        return np.where(candidates.data.labels == "rare", "rare", "").astype(object)


def test_a_class_that_would_vanish_is_left_whole_with_a_note() -> None:
    train = toy_table({"common": 10, "rare": 4})
    selection = DropsRare().select(candidates_of(train), np.random.default_rng(0))
    assert selection.keep.all()
    assert selection.notes == ("Drops rare would drop all 4 samples of 'rare'; the class is left as it is.",)


def test_one_class_alone_is_left_alone() -> None:
    train = toy_table({"rare": 4})
    assert DropsRare().select(candidates_of(train), np.random.default_rng(0)).keep.all()
