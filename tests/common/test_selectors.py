"""Every selector of the catalogue × every check of the public suite."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from augmentors import catalog
from augmentors.core.job import Job
from augmentors.core.selector import Candidates, Selector, SelectorCard
from augmentors.testing.check_selector import SELECTOR_CHECKS, check_selection
from augmentors.testing.trial import CheckFailed, Toys

CASES = [(cls, kind) for cls in catalog.SELECTORS for kind in cls.card.kinds]


@pytest.mark.parametrize(("cls", "kind"), CASES, ids=lambda value: value if isinstance(value, str) else value.card.key)
def test_every_selector_passes_every_check(cls: type[Selector], kind: str, tmp_path: Path) -> None:
    for check in SELECTOR_CHECKS:
        check(cls, Toys(kind, tmp_path))  # type: ignore[arg-type]


def test_keys_are_unique_among_augmenters_and_selectors() -> None:
    keys = [cls.card.key for cls in (*catalog.AUGMENTERS, *catalog.SELECTORS)]
    assert len(set(keys)) == len(keys)


class Silent(Selector):
    """Drops without saying why."""

    card = SelectorCard("silent", "Silent", "cleaning", "Drops.", ("before",), references=("none",))

    def _select(self, candidates: Candidates, rng: np.random.Generator, job: Job) -> np.ndarray:
        candidates.data.frame.iloc[0, 0] = candidates.data.frame.iloc[1, 0]
        reasons = np.full(len(candidates.data), "", dtype=object)
        reasons[:3] = "first"
        return reasons


def test_a_selector_that_changes_its_data_is_found() -> None:
    with pytest.raises(CheckFailed, match="The data was changed"):
        check_selection(Silent, Toys("table"))


def test_the_card_of_a_selector_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Silent.card.key = "other"  # type: ignore[misc]
