from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from augmentors.balance.shortage import ENOUGH_TO_TELL, TRIES, Shortage


class Source:
    """A part that gives `capacity` samples, a share of what it is asked for at a time."""

    def __init__(self, capacity: int, share: float) -> None:
        self.left, self.share = capacity, share

    def give(self, asked: int) -> int:
        given = min(self.left, max(1, int(asked * self.share))) if asked else 0
        self.left -= given
        return given


def play(sources: list[Source], asked: list[int]) -> tuple[list[int], Shortage, int]:
    """Return what each part gave in all, the decisions, and the rounds it took."""
    shortage = Shortage(["rust"] * len(sources), [f"part {i}" for i in range(len(sources))])
    total, rounds = [0] * len(sources), 0
    while any(asked):
        kept = [source.give(n) for source, n in zip(sources, asked, strict=True)]
        total = [a + b for a, b in zip(total, kept, strict=True)]
        asked = shortage.after(asked, asked, kept)
        rounds += 1
        assert rounds <= TRIES * len(sources) ** 2
    return total, shortage, rounds


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([1.0, 0.9, 0.6])), min_size=1, max_size=4),
    st.lists(st.integers(0, 300), min_size=4, max_size=4),
)
def test_no_order_of_the_mix_loses_what_some_part_can_give(parts: list[tuple[int, float]], wanted: list[int]) -> None:
    asked = wanted[: len(parts)]
    enough = [i for i, (capacity, _) in enumerate(parts) if capacity >= sum(asked)]
    for order in permutations(range(len(parts))):
        total, shortage, _ = play([Source(*parts[i]) for i in order], [asked[i] for i in order])
        assert sum(total) <= sum(asked)
        if enough:
            assert sum(total) == sum(asked)
            assert not any("short:" in note for note in shortage.notes())
        # Nobody is given up while it can still give half of what is asked: all of it is taken, or all is made.
        assert sum(total) == min(sum(asked), sum(capacity for capacity, _ in parts))


def test_a_part_that_stops_in_its_last_round_still_passes_on() -> None:
    # 3 asked each round, none kept: too few to tell, so it stops after its tries; then the other makes all.
    for order in ((0, 1), (1, 0)):
        sources = [Source(0, 1.0), Source(10, 1.0)]
        asked = [3, 5]
        total, shortage, rounds = play([sources[i] for i in order], [asked[i] for i in order])
        assert sum(total) == 8
        assert rounds == TRIES + 1
        dry, rich = order.index(0), order.index(1)
        note = f"part {dry} stopped for 'rust' after 8 rounds: the other 3 were asked of part {rich}."
        assert shortage.notes() == [note]


def test_an_heir_that_used_up_its_tries_gets_them_anew() -> None:
    shortage = Shortage(["rust", "rust"], ["slow", "dry"])
    asked = [100, 4]
    for _ in range(TRIES - 1):
        asked = shortage.after(asked, asked, [1 + asked[0] // 10, 0])
    assert shortage.after(asked, asked, [asked[0], 0]) == [4, 0]
    assert shortage.after([4, 0], [4, 0], [0, 0]) == [4, 0]


def test_one_unlucky_sample_of_a_good_part_is_tried_again() -> None:
    shortage = Shortage(["rust"], ["Rotate"])
    assert shortage.after([200], [200], [199]) == [1]
    assert shortage.after([1], [1], [0]) == [1]
    assert shortage.after([1], [1], [1]) == [0]
    assert shortage.notes() == []


def test_a_class_is_short_only_when_all_its_parts_stopped_each_with_its_reason() -> None:
    _, shortage, _ = play([Source(0, 1.0), Source(60, 1.0)], [ENOUGH_TO_TELL, 2])
    assert shortage.notes() == [
        "part 0 stopped for 'rust' since the gate kept none of its last 64: the other 64 were asked of part 1.",
        "'rust' is 6 samples short: part 0 stopped since the gate kept none of its last 64; "
        "part 1 stopped after 8 rounds.",
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_classes_do_not_inherit_from_each_other(order: tuple[int, int]) -> None:
    names, asked = ["rust", "dent"], [100, 10]
    shortage = Shortage([names[i] for i in order], ["SMOTE", "SMOTE"])
    given = [asked[i] for i in order]
    kept = [0 if names[i] == "rust" else asked[i] for i in order]
    assert shortage.after(given, given, kept) == [0, 0]
    assert shortage.notes() == ["'rust' is 100 samples short: SMOTE stopped since the gate kept none of its last 100."]
