"""SMOTE-IPF: SMOTE whose new rows, and whose parents, pass an iterative-partitioning filter."""

from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import Field

from augmentors.core.augmenter import Card, Need
from augmentors.core.errors import NotApplicable
from augmentors.core.samples import Draws
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams, Neighbourhood, PreparedPairs
from augmentors.table.measured import canonical_order
from augmentors.table.nearest_rows import nearest_others

# The paper's stop: three rounds in a row that find less than one in a hundred rows.
QUIET_ROUNDS, QUIET_SHARE, MOST_ROUNDS = 3, 0.01, 20
# A round that would leave less than this of the class finds no noise but the class itself.
LEAST_LEFT = 0.5
MOST_TRIES = 500
# A tree on fewer rows than this says nothing.
LEAST_ROWS = 16


class Partitions:
    """Trees of an iterative-partitioning filter: each round's trees vote on whether a row's label is noise.

    Parameters
    ----------
    points : ndarray of float64, shape (n, m)
    codes : ndarray of int64, shape (n,)
        Class of each row.
    code : int
        The class that is about to grow; rounds stop before half of it is lost.
    n : int
        Into how many parts the rows are put, a tree for each.
    rng : Generator

    Attributes
    ----------
    noisy : ndarray of bool, shape (n,)
        Rows that were found in some round.
    """

    def __init__(self, points: np.ndarray, codes: np.ndarray, code: int, n: int, rng: np.random.Generator) -> None:
        from sklearn.tree import DecisionTreeClassifier

        self.rounds: list[list[Any]] = []
        self.noisy = np.zeros(len(points), dtype=bool)
        quiet = 0
        while quiet < QUIET_ROUNDS and len(self.rounds) < MOST_ROUNDS:
            left = np.flatnonzero(~self.noisy)
            # Dealt class by class, so that no part lacks a class that has enough rows.
            dealt = left[np.lexsort([rng.random(len(left)), codes[left]])]
            parts = [dealt[i::n] for i in range(min(n, len(dealt)))]
            seeds = rng.integers(2**31, size=len(parts)).tolist()
            trees = [
                DecisionTreeClassifier(criterion="entropy", min_samples_leaf=2, random_state=seed).fit(
                    points[part], codes[part]
                )
                for part, seed in zip(parts, seeds, strict=True)
            ]
            found = left[_outvoted(trees, points[left], codes[left])]
            noisy = self.noisy.copy()
            noisy[found] = True
            if noisy[codes == code].mean() > 1 - LEAST_LEFT:
                return
            self.rounds.append(trees)
            self.noisy = noisy
            quiet = quiet + 1 if len(found) < QUIET_SHARE * len(points) else 0

    def judge(self, points: np.ndarray, code: int) -> np.ndarray:
        """Return which rows of a class any round would have called noise."""
        codes = np.full(len(points), code)
        noisy = np.zeros(len(points), dtype=bool)
        for trees in self.rounds:
            noisy |= _outvoted(trees, points, codes)
        return noisy


def _outvoted(trees: list[Any], points: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the rows that more than half of the trees put into another class."""
    wrong = np.zeros(len(points), dtype=np.int64)
    for tree in trees:
        wrong += tree.predict(points) != codes
    return wrong > len(trees) / 2


class SmoteIpf(InterpolatingAugmenter):
    """SMOTE, then a filter that drops what an ensemble of trees takes for noise; dropped rows are drawn again.

    The filter is fitted once, on the training part and as many new rows as
    would balance the class: rows are put into parts, a tree is grown on each,
    and rows that most trees put into another class are taken out, until little
    is found. Real rows of the class taken out are no parents (they stay in the
    data); a new row is dropped when any round would have taken it out, and the
    certificate counts how many were dropped before it. A filter that would
    take out more than half of the class is not applied, which a note says.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> len(SmoteIpf().fit(toy_table(), rng).augment("rare", 3, rng))
    3
    """

    card = Card(
        key="smote_ipf",
        title="SMOTE-IPF",
        kind="table",
        family="oversampling",
        summary="SMOTE followed by an ensemble filter that drops noisy new rows; noisy real ones are no parents.",
        avoid="Avoid when a class truly overlaps the others: the filter then removes it where it is rarest.",
        references=(
            "Sáez, Luengo, Stefanowski & Herrera (2015), SMOTE-IPF: Addressing the noisy and borderline examples "
            "problem in imbalanced classification by a re-sampling method with filtering, Information Sciences "
            "291:184-203.",
            "Kovács (2019), An empirical comparison and evaluation of minority oversampling techniques on a large "
            "number of imbalanced datasets, Applied Soft Computing 83:105662.",
        ),
        needs=frozenset({Need.FIT}),
    )

    class Params(InterpolatingParams):
        partitions: int = Field(
            9,
            ge=3,
            le=25,
            title="Parts",
            description="Into how many parts the rows are put; a tree is grown on each, and all trees vote.",
            json_schema_extra={"tune": {"low": 3, "high": 15}, "probe": 3},
        )

    params: Params
    needs_others = True

    def _prepare(self, target: str) -> PreparedPairs:
        """Add the filter; parents are the rows of the class that it leaves."""
        train, points = self.train, self._search_points()
        own = train.positions(target)
        rng = np.random.default_rng(self._fit_seed)
        ready = self._pairs(self._neighbourhood(target))
        names = list(train.class_counts)
        code = names.index(target)
        codes = np.array([names.index(label) for label in train.labels.tolist()])
        trial = self._trial_rows(points, ready, max(train.class_counts.values()) - len(own), rng)
        order = canonical_order(np.concatenate([points, trial]), np.append(codes, np.full(len(trial), code)))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        every, coded = np.concatenate([points, trial])[order], np.append(codes, np.full(len(trial), code))[order]
        partitions = Partitions(every, coded, code, self._parts(target, len(every)), rng)
        noisy = partitions.noisy[place]
        if not partitions.rounds:
            self._note(
                target,
                f"The filter takes more than half of '{target}' for noise, so it is not applied: new rows are SMOTE's.",
            )
        clean = own[~noisy[own]]
        if 2 <= len(clean) < len(own):
            dropped = len(own) - len(clean)
            counts = f"{dropped:,} of {len(own):,} real samples of '{target}'"
            self._note(target, f"The filter takes {counts} for noise: they stay in the data but are no parents.")
            ready = self._pairs(self._among(target, clean, points))
        return replace(ready, extra=(partitions, points, code))

    def _parts(self, target: str, rows: int) -> int:
        """Return into how many parts the rows are put: fewer when they are few."""
        wanted, most = self.params.partitions, max(rows // LEAST_ROWS, 3)
        if most < wanted:
            self._note(target, f"{rows} rows are too few for {wanted} parts of the filter; using {most}.")
        return min(wanted, most)

    def _trial_rows(
        self, points: np.ndarray, ready: PreparedPairs, missing: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Return as many new rows as would balance the class, at most ten times its own."""
        who = ready.neighbourhood
        base, rank = who.pick(min(max(missing, len(who.bases)), 10 * len(who.bases)), rng)
        return self._between(points, who.bases[base], who.neighbours[base, rank], rng.random(len(base)))

    def _between(self, points: np.ndarray, first: np.ndarray, second: np.ndarray, step: np.ndarray) -> np.ndarray:
        new: np.ndarray = points[first] + (points[second] - points[first]) * step[:, None]
        return new

    def _among(self, target: str, clean: np.ndarray, points: np.ndarray) -> Neighbourhood:
        k = self._at_most(target, self.params.k_neighbors, len(clean) - 1)
        return Neighbourhood(clean, clean[nearest_others(points[clean], np.arange(len(clean)), k)])

    def _draw(self, target: str, n: int, rng: np.random.Generator) -> Draws:
        partitions, points, code = self._ready(target).extra
        parts: list[Draws] = []
        got = before = 0
        for _ in range(MOST_TRIES):
            draws = super()._draw(target, n - got, rng)
            new = self._between(points, draws.parents[:, 0], draws.parents[:, 1], draws.values["step"])
            noisy = partitions.judge(new, code)
            kept = np.flatnonzero(~noisy)
            dropped = np.diff(np.cumsum(noisy)[kept], prepend=0)
            if len(kept):
                dropped[0] += before
                before = int(noisy[kept[-1] :].sum())
                taken = draws.take(kept)
                parts.append(Draws(taken.parents, taken.weights, taken.values | {"dropped_before": dropped}))
            else:
                before += n - got
            got += len(kept)
            if got == n:
                return Draws.join(parts)
        raise NotApplicable(f"The filter drops nearly all new rows of '{target}'.", "Use SMOTE instead.")
