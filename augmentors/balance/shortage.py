"""Who makes what is still missing: decided after each round, from what was asked and kept."""

from collections import defaultdict
from collections.abc import Sequence

TRIES = 8
LOW_YIELD = 0.05
ENOUGH_TO_TELL = 64


class Shortage:
    """What each part of each class's mix is asked for, round by round.

    A part that is short is asked again. It is given up when nearly all it makes
    is rejected, or after `TRIES` rounds; what it lacks then passes to the first
    part of the class that was not given up, in whatever order they stand, and
    that one starts with all its tries. A class is short only once every part of
    its mix was given up.

    Parameters
    ----------
    targets, titles : sequence of str
        Class and name of each part.
    supplies : sequence of int or None, optional
        How many samples a part can make in all, where there is an end of them.
    """

    def __init__(
        self, targets: Sequence[str], titles: Sequence[str], supplies: Sequence[int | None] | None = None
    ) -> None:
        self._left_in_stock = list(supplies or [None] * len(targets))
        self._targets, self._titles = list(targets), list(titles)
        self._tries = [0] * len(self._targets)
        # Made and kept since a round last went well: one unlucky sample of a good part tells nothing.
        self._recent = [(0, 0)] * len(self._targets)
        self._given_up: dict[int, str] = {}
        self._short: dict[str, int] = defaultdict(int)
        self._passed_on: list[str] = []

    def first(self, wanted: Sequence[int]) -> list[int]:
        """Return what each part is asked for in the first round."""
        return self._within_supply(list(wanted))

    def after(self, asked: Sequence[int], made: Sequence[int], kept: Sequence[int]) -> list[int]:
        """Return what each part is asked for in the next round; all 0 when the work is done.

        Parameters
        ----------
        asked, made, kept : sequence of int, shape (parts,)
            Of the round that has just ended.
        """
        left = [want - got for want, got in zip(asked, kept, strict=True)]
        for i, short in enumerate(left):
            self._tries[i] += made[i] > 0
            went_well = kept[i] >= LOW_YIELD * made[i]
            self._recent[i] = (0, 0) if went_well else (self._recent[i][0] + made[i], self._recent[i][1] + kept[i])
            # All parts are judged before any shortage is passed on, so that their order decides nothing.
            if short and (reason := self._hopeless(i)):
                self._given_up[i] = reason
        for i in self._given_up:
            if left[i]:
                self._pass_on(i, left[i], left)
        return self._within_supply(left)

    def notes(self) -> list[str]:
        """Return what was passed on and which classes stay short, in plain words."""
        short = [
            f"'{target}' is {count:,} samples short: "
            + "; ".join(f"{self._titles[i]} stopped {self._given_up[i]}" for i in self._parts_of(target))
            + "."
            for target, count in self._short.items()
        ]
        return [*self._passed_on, *short]

    def _hopeless(self, i: int) -> str:
        made, kept = self._recent[i]
        if made >= ENOUGH_TO_TELL:
            return f"since the gate kept {f'only {kept:,}' if kept else 'none'} of its last {made:,}"
        return f"after {TRIES} rounds" if self._tries[i] >= TRIES else ""

    def _parts_of(self, target: str) -> list[int]:
        return [i for i, name in enumerate(self._targets) if name == target]

    def _within_supply(self, left: list[int]) -> list[int]:
        """Ask nobody for more than there is; a part that runs out passes on what it lacks."""
        while True:
            over = [
                (i, n - stock)
                for i, (n, stock) in enumerate(zip(left, self._left_in_stock, strict=True))
                if stock is not None and n > stock
            ]
            if not over:
                break
            for i, _ in over:
                self._given_up.setdefault(i, "since it has no more to give")
            for i, excess in over:
                self._pass_on(i, excess, left)
        self._left_in_stock = [None if s is None else s - n for s, n in zip(self._left_in_stock, left, strict=True)]
        return left

    def _pass_on(self, i: int, short: int, left: list[int]) -> None:
        target = self._targets[i]
        left[i] -= short
        heir = next((j for j in self._parts_of(target) if j not in self._given_up), None)
        if heir is None:
            self._short[target] += short
            return
        left[heir] += short
        self._tries[heir] = 0
        self._passed_on.append(
            f"{self._titles[i]} stopped for '{target}' {self._given_up[i]}: "
            f"the other {short:,} were asked of {self._titles[heir]}."
        )
