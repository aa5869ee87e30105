"""Which ranges of a numeric target are rare, told by training rows alone.

Relevance follows Ribeiro (2011), as UBL and SMOGN use it: 0 at the median,
1 from the ends of the box plot's whiskers on, on the sides where values lie
beyond them; rare is what has a relevance of at least 0.8.

References
----------
Torgo, Ribeiro, Pfahringer & Branco (2013), SMOTE for regression, EPIA.
Branco, Torgo & Ribeiro (2017), SMOGN: a pre-processing approach for imbalanced regression, PMLR 74, 36–50.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from augmentors.core.dataset import Dataset
from augmentors.core.errors import UserError
from augmentors.core.ranges import THRESHOLD, Ranges, RangesRule
from augmentors.core.split import Split

WHISKER = 1.5
EQUAL_WIDTHS = 5
# Fewer of the largest range's rows than this share make a range rare, where no box plot tells.
RARE_SHARE = 0.5


def with_ranges(dataset: Dataset, split: Split, given: Ranges | None = None) -> Dataset:
    """Return the dataset with the ranges of its target; as it is unless it is for regression.

    Parameters
    ----------
    dataset : Dataset
    split : Split
        Only its training part is looked at.
    given : Ranges, optional
        Those of a recipe; else those that the schema holds, else they are found.

    Raises
    ------
    UserError
        When a range that the user gave holds no training row.
    """
    schema = dataset.schema
    if schema.task != "regression" or (given is None and schema.ranges is not None):
        return dataset
    ranges = given or ranges_of(schema.label, dataset.take(split.train).targets, schema.cuts)
    if ranges.target != schema.label:
        raise UserError(
            f"The recipe's ranges are of '{ranges.target}'; the target of this dataset is '{schema.label}'.",
            "Use it with the data it was made for, or make a new recipe.",
        )
    return replace(dataset, schema=replace(schema, ranges=ranges))


def ranges_of(target: str, values: np.ndarray, cuts: Sequence[float] | None = None) -> Ranges:
    """Return the ranges of a target, by given cut points or by its box plot, else of equal widths.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Of the training part.
    """
    if cuts is not None:
        _check_filled(target, values, cuts)
        return _by_counts(target, values, tuple(cuts), "given")
    found = box_plot_ranges(target, values)
    if found is not None:
        return found
    inner = np.linspace(values.min(), values.max(), EQUAL_WIDTHS + 1)[1:-1]
    return _by_counts(target, values, _between_values(values, inner), "equal widths")


def box_plot_ranges(target: str, values: np.ndarray) -> Ranges | None:
    """Return the ranges that relevance by the box plot tells; None where no value lies beyond the whiskers.

    Examples
    --------
    >>> box_plot_ranges("y", np.array([*np.arange(1.0, 21), 60.0])).names
    ('y < 18', 'y >= 18 (rare)')
    """
    ordered = np.sort(values)
    low, median, high = whiskers(ordered)
    points, cuts, rare = [(median, 0.0)], [], [False]
    if ordered[0] < low:
        end = low if low < median else ordered[ordered < median].max()
        points.insert(0, (end, 1.0))
        last = ordered[: np.searchsorted(ordered, _level(median, end), side="right")].max()
        cuts.append(shortest_between(last, ordered[ordered > last][0]))
        rare.insert(0, True)
    if ordered[-1] > high:
        end = high if high > median else ordered[ordered > median].min()
        points.append((end, 1.0))
        first = ordered[np.searchsorted(ordered, _level(median, end), side="left")]
        cuts.append(shortest_between(ordered[ordered < first][-1], first))
        rare.append(True)
    if not cuts:
        return None
    control = tuple((float(at), height) for at, height in points)
    return Ranges(target, tuple(map(float, cuts)), tuple(rare), "box plot", control)


def whiskers(ordered: np.ndarray) -> tuple[float, float, float]:
    """Return the lower whisker's end, the median and the upper whisker's end of ascending values.

    Hinges are Tukey's, as in R's ``boxplot.stats``: medians of both halves, each with the median itself.

    Examples
    --------
    >>> whiskers(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 30.0]))
    (1.0, 4.0, 6.0)
    """
    n = len(ordered)
    half = (n + 1) // 2
    lower, upper = float(np.median(ordered[:half])), float(np.median(ordered[n - half :]))
    reach = WHISKER * (upper - lower)
    inside = ordered[(ordered >= lower - reach) & (ordered <= upper + reach)]
    return float(inside[0]), float(np.median(ordered)), float(inside[-1])


def _level(median: float, end: float) -> float:
    """Return where relevance, 0 at the median and 1 at the end of a whisker, reaches the threshold."""
    return median + _step_at(THRESHOLD) * (end - median)


def _step_at(height: float) -> float:
    """Return the root in [0, 1] of 3 t² − 2 t³ = height."""
    return 0.5 - math.sin(math.asin(1 - 2 * height) / 3)


def _by_counts(target: str, values: np.ndarray, cuts: tuple[float, ...], rule: RangesRule) -> Ranges:
    draft = Ranges(target, cuts, (False,) * (len(cuts) + 1), "given")
    counts = np.bincount(draft.codes(values), minlength=len(cuts) + 1)
    rare = tuple(bool(count < RARE_SHARE * counts.max()) for count in counts)
    return replace(draft, rare=rare, rule=rule)


def _between_values(values: np.ndarray, wanted: np.ndarray) -> tuple[float, ...]:
    """Return short numbers that part training values where the wanted cuts do; ranges without a row are joined."""
    ordered = np.unique(values)
    places = np.unique(np.searchsorted(ordered, wanted))
    return tuple(shortest_between(ordered[at - 1], ordered[at]) for at in places.tolist() if 0 < at < len(ordered))


def _check_filled(target: str, values: np.ndarray, cuts: Sequence[float]) -> None:
    ranges = Ranges(target, tuple(cuts), (False,) * (len(cuts) + 1), "given")
    counts = np.bincount(ranges.codes(values), minlength=len(cuts) + 1)
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        raise UserError(
            f"The range '{ranges.names[empty[0]]}' holds no training row; the {len(values):,} values of the training "
            f"part run from {values.min():g} to {values.max():g}.",
            "Give cut points between which there are rows.",
        )


def shortest_between(below: float, upto: float) -> float:
    """Return the number with the fewest decimals that is above `below` and at most `upto`.

    Examples
    --------
    >>> shortest_between(31.2718, 38.91), shortest_between(0.1234, 0.1239), shortest_between(-3.0, 4.0)
    (38.0, 0.1239, 0.0)
    """
    below, upto = float(below), float(upto)
    for decimals in range(-15, 16):
        scale = 10.0**decimals
        found = math.floor(upto * scale) / scale
        if below < found <= upto:
            return found + 0.0
    return upto
