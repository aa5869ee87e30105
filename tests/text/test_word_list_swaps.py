"""Word list swaps: the user's own groups."""

import pytest

from augmentors.catalog import get
from augmentors.core.errors import NotApplicable
from augmentors.testing.texts import changed, dataset


def test_word_lists_in_any_language_and_case() -> None:
    groups = ["lorry = truck", "très bien = parfait"]
    assert changed("word_list_swaps", "LORRY and Lorry", groups=groups) == "TRUCK and Truck"
    assert changed("word_list_swaps", "C'est très  bien.", groups=groups) == "C'est parfait."


def test_word_lists_need_a_group() -> None:
    with pytest.raises(NotApplicable, match="at least one group of words; none is listed"):
        get("word_list_swaps")(groups=["alone"]).fit(dataset(["alone"]), None)  # type: ignore[arg-type]
