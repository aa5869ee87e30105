"""Where a threshold lies and what it costs: one class against the rest, and decisions by a cost matrix.

References
----------
Elkan (2001), The foundations of cost-sensitive learning, IJCAI (decisions of least expected cost).
"""

from dataclasses import dataclass

import numpy as np

STEPS = 400


@dataclass(frozen=True)
class OperatingPoint:
    """What a threshold does to one class against the rest.

    Parameters
    ----------
    threshold : float
        Probabilities from here on are taken for the class.
    hits, misses, false_alarms, passes : float
        Samples; means where several models were asked.
    """

    threshold: float
    hits: float
    misses: float
    false_alarms: float
    passes: float

    @property
    def recall(self) -> float:
        """Share of the class that is found; NaN without one."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def precision(self) -> float:
        """Share of what is taken for the class that belongs to it; NaN where nothing is."""
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 where nothing is found."""
        return _share(2 * self.hits, 2 * self.hits + self.misses + self.false_alarms)

    def cost(self, miss: float, false_alarm: float) -> float:
        """Return the mean cost of a sample."""
        samples = self.hits + self.misses + self.false_alarms + self.passes
        return _share(self.misses * miss + self.false_alarms * false_alarm, samples)


def operating_point(is_class: np.ndarray, score: np.ndarray, threshold: float) -> OperatingPoint:
    """Return what a threshold does.

    Parameters
    ----------
    is_class : ndarray of bool, shape (n,)
    score : ndarray, shape (n,) or (models, n)
        Probability of the class; several models are averaged in what they decide.

    Examples
    --------
    >>> operating_point(np.array([True, True, False]), np.array([0.9, 0.2, 0.6]), 0.5)
    OperatingPoint(threshold=0.5, hits=1.0, misses=1.0, false_alarms=1.0, passes=0.0)
    """
    taken = (np.atleast_2d(score) >= threshold).mean(axis=0)
    hits, alarms = float(taken[is_class].sum()), float(taken[~is_class].sum())
    own = int(is_class.sum())
    return OperatingPoint(threshold, hits, own - hits, alarms, len(is_class) - own - alarms)


def thresholds(score: np.ndarray, most: int = STEPS) -> np.ndarray:
    """Return thresholds between the scores that occur, ascending, with one below and one above all of them."""
    levels = np.unique(score)
    middles = (levels[1:] + levels[:-1]) / 2
    if len(middles) > most:
        middles = middles[np.unique(np.linspace(0, len(middles) - 1, most).astype(int))]
    return np.r_[0.0, middles, 1.0 + 1e-6]


def swept(is_class: np.ndarray, score: np.ndarray, at: np.ndarray) -> list[OperatingPoint]:
    """Return what each of these thresholds does, all counted in one sorted pass."""
    own, others = np.sort(score[is_class]), np.sort(score[~is_class])
    misses, passes = np.searchsorted(own, at, side="left"), np.searchsorted(others, at, side="left")
    return [
        OperatingPoint(float(t), float(len(own) - m), float(m), float(len(others) - p), float(p))
        for t, m, p in zip(at, misses, passes, strict=True)
    ]


def best_f1(points: list[OperatingPoint]) -> OperatingPoint:
    """Return the point of the highest F1; among equals the threshold nearest to one half."""
    return max(points, key=lambda one: (round(one.f1, 12), -abs(one.threshold - 0.5)))


def least_cost(points: list[OperatingPoint], miss: float, false_alarm: float) -> OperatingPoint:
    """Return the cheapest point; among equals the threshold nearest to one half."""
    return min(points, key=lambda one: (round(one.cost(miss, false_alarm), 12), abs(one.threshold - 0.5)))


def expected_threshold(miss: float, false_alarm: float) -> float:
    """Return the threshold that costs least where probabilities can be believed.

    Examples
    --------
    >>> expected_threshold(9, 1)
    0.1
    """
    return false_alarm / (false_alarm + miss) if miss + false_alarm > 0 else 0.5


def cheapest_classes(proba: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Return the class of least expected cost for each sample, shape (n,).

    Parameters
    ----------
    proba : ndarray, shape (n, k)
    costs : ndarray, shape (k, k)
        Of deciding for the column's class when the row's is true.

    Examples
    --------
    >>> cheapest_classes(np.array([[0.8, 0.2]]), np.array([[0, 1], [9, 0]])).tolist()
    [1]
    """
    return (np.asarray(proba, np.float64) @ costs).argmin(axis=1)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
